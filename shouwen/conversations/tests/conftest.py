"""Shared by the tests of conversations: commits that are real, sockets, and mail that arrives."""

import asyncio
from datetime import timedelta

import pytest
from django.utils import timezone

from shouwen.accounts.queries import system_staff
from shouwen.conversations.operations.lines import post_line
from shouwen.conversations.operations.serving import claim_conversation
from shouwen.conversations.tests.factories import ConversationFactory, QueueFactory, VisitorFactory
from shouwen.conversations.tests.mailing import the_conversation
from shouwen.conversations.tests.make import AT, agent_line, an_agent
from shouwen.conversations.tests.socket_driver import WebSocket
from shouwen.core.jobs import run_waiting_jobs
from shouwen.core.tests.conftest import built_in_tables, committed
from shouwen.deadlines.models import WorkCalendar
from shouwen.deadlines.operations import install_calendars
from shouwen.mailroom.models import Inbound
from shouwen.mailroom.operations import Origin, take_in_mail
from shouwen.mailroom.tests.factories import MailboxFactory, a_mail

__all__ = ["built_in_tables", "committed"]


@pytest.fixture
def queue(db):
    return QueueFactory()


@pytest.fixture
def agent(queue):
    return an_agent(queue)


@pytest.fixture
def talk(queue, agent):
    """A chat that the agent serves."""
    return ConversationFactory(queue=queue, handler=agent)


@pytest.fixture
def waiting(queue):
    """A chat that has waited in the queue for forty seconds."""
    return ConversationFactory(queue=queue, opened_at=AT - timedelta(seconds=40))


@pytest.fixture
def calendar(db):
    """The working hours of a new office."""
    install_calendars(by=system_staff())
    return WorkCalendar.objects.get(code="office")


@pytest.fixture
def go(committed, loop_runner):
    """Runs a scenario; every socket it opened is closed afterwards."""

    def run(scenario) -> None:
        async def whole() -> None:
            opened: list[WebSocket] = []

            async def connect(path, **more) -> WebSocket:
                socket = WebSocket(path, **more)
                await socket.open()
                opened.append(socket)
                return socket

            try:
                await asyncio.wait_for(scenario(connect), 25)
            finally:
                for one in opened:
                    await one.leave()

        loop_runner.run(whole())

    return run


@pytest.fixture
def visitor(committed):
    return VisitorFactory(token="the-token")


@pytest.fixture
def mailbox(db):
    return MailboxFactory(address="service@shop.example")


@pytest.fixture
def arrive(queue, mailbox):
    """A mail comes through the door and the worker does what it sets off; its row on the ledger."""

    def take(raw: bytes | None = None, **more) -> Inbound:
        raw = raw or a_mail(**more)
        inbound = take_in_mail(raw, origin=Origin(mailbox), by=system_staff()).inbound
        run_waiting_jobs()
        inbound.refresh_from_db()
        return inbound

    return take


@pytest.fixture
def answered(arrive, agent):
    """A mail, taken by an agent and answered; the answer is on the outbound ledger."""
    arrive()
    conversation = the_conversation()
    claim_conversation(conversation.pk, by=agent, at=AT)
    post_line(agent_line(conversation, agent, "师傅已经出发"), at=timezone.now())
    run_waiting_jobs()
    conversation.refresh_from_db()
    return conversation
