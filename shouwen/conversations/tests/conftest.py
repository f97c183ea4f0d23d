"""Shared by the tests of conversations: commits that are real, and one event loop for all sockets."""

import asyncio

import pytest

from shouwen.conversations.tests.factories import VisitorFactory
from shouwen.conversations.tests.socket_driver import WebSocket
from shouwen.core.live import hub
from shouwen.core.tests.conftest import built_in_tables, committed

__all__ = ["built_in_tables", "committed"]


@pytest.fixture(scope="session")
def loop_runner(django_db_setup, django_db_blocker):
    """One event loop for all sockets, as in a process, with its listener running."""
    with asyncio.Runner() as runner:

        async def start() -> None:
            hub.ensure_listening()
            await asyncio.sleep(0.3)

        with django_db_blocker.unblock():
            runner.run(start())
        yield runner
        runner.run(hub.stop())


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
