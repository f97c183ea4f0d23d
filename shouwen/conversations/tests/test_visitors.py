"""Visitors: one conversation however they begin, known by a token, at the pace of people."""

import threading
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection

from shouwen.accounts.tests.factories import StaffFactory
from shouwen.conversations.models import CallBack, Conversation, Line, Visitor
from shouwen.conversations.operations.serving import close_conversation
from shouwen.conversations.operations.talk import (
    Said,
    files_of_tokens,
    new_staff_line,
    signal_typing,
    visitor_line,
)
from shouwen.conversations.operations.visitors import (
    Browser,
    conversation_of_visitor,
    greet_visitor,
    leave_contact,
    see_visitor,
)
from shouwen.conversations.queries.visitors import (
    active_site,
    latest_conversation,
    visitor_of_token,
)
from shouwen.conversations.refusals import LineRefused
from shouwen.conversations.tests.factories import (
    ConversationFactory,
    QueueFactory,
    VisitorFactory,
    WidgetSiteFactory,
)
from shouwen.conversations.tests.make import AT, an_agent, facts, say
from shouwen.core.errors import Refused
from shouwen.core.files import file_token, store_file
from shouwen.core.models import HistoryEntry
from shouwen.customers.models import Customer
from shouwen.customers.tests.factories import ContactPointFactory
from shouwen.deadlines.tests.factories import NEVER_OPEN, make_calendar


@pytest.fixture
def visitor(db):
    return VisitorFactory()


class TestToken:
    def test_knows_the_visitor_again_and_is_not_kept(self, db):
        site = WidgetSiteFactory()
        visitor, token = greet_visitor(site, Browser(device="x" * 900, address="::1"), at=AT)

        assert visitor_of_token(site, token) == visitor
        assert len(visitor.device) == 200
        assert token not in "".join(map(str, Visitor.objects.values_list()[0]))

    @pytest.mark.parametrize("token", ["", "x", "token-0 ", "' OR 1=1"])
    def test_another_is_nobody(self, visitor, token):
        assert visitor_of_token(visitor.site, token) is None

    def test_is_good_on_its_own_site_only(self, db):
        visitor = VisitorFactory(token="t")

        assert visitor_of_token(visitor.site, "t") == visitor
        assert visitor_of_token(WidgetSiteFactory(), "t") is None

    def test_a_blocked_visitor_is_nobody(self, db):
        visitor = VisitorFactory(token="t", is_blocked=True)

        assert visitor_of_token(visitor.site, "t") is None

    def test_a_widget_switched_off_is_none(self, db):
        site = WidgetSiteFactory(is_active=False)

        assert active_site(site.key) is None

    def test_a_visitor_is_seen_on_his_page(self, visitor):
        see_visitor(visitor, Browser(page_url="https://shop/a", page_title="甲"), at=AT)
        see_visitor(visitor, Browser(), at=AT)

        visitor.refresh_from_db()
        assert (visitor.page_url, visitor.page_title, visitor.seen_at) == (
            "https://shop/a",
            "甲",
            AT,
        )


class TestFirstLine:
    def test_opens_one_conversation_with_the_line_in_it(self, visitor):
        line = say(visitor.pk, "在吗")

        conversation = Conversation.objects.get()
        visitor.refresh_from_db()
        assert (conversation.visitor, conversation.queue) == (visitor, visitor.site.queue)
        assert conversation.customer == visitor.customer
        assert conversation.customer.display_name == visitor.display_name
        assert line.seq == 1
        assert latest_conversation(visitor) == conversation
        assert facts(conversation, "ConversationOpened")

    def test_the_next_goes_into_the_same_and_after_the_end_into_a_new_one(self, visitor):
        first = say(visitor.pk)
        assert say(visitor.pk).conversation_id == first.conversation_id
        close_conversation(first.conversation_id, by=StaffFactory(), at=AT, by_customer=True)

        again = say(visitor.pk)

        assert again.conversation_id != first.conversation_id
        assert again.conversation.customer_id == first.conversation.customer_id

    def test_an_empty_first_line_opens_nothing(self, visitor):
        with pytest.raises(LineRefused):
            say(visitor.pk, "  ")

        assert not Conversation.objects.exists()

    def test_an_id_sent_again_after_the_end_opens_nothing(self, visitor):
        client_id = uuid4()
        line = say(visitor.pk, client_id=client_id)
        close_conversation(line.conversation_id, by=StaffFactory(), at=AT, by_customer=True)

        assert say(visitor.pk, client_id=client_id) == line
        assert Conversation.objects.count() == 1

    def test_a_strangers_id_shows_nothing(self, visitor):
        client_id = uuid4()
        say(visitor.pk, "我的密码是1234", client_id=client_id)

        with pytest.raises(LineRefused):
            say(VisitorFactory().pk, client_id=client_id)

    def test_two_first_lines_at_once_open_one_conversation(self, committed):
        visitor = VisitorFactory()
        start, lines = threading.Barrier(4), []

        def send() -> None:
            try:
                start.wait()
                lines.append(say(visitor.pk, client_id=uuid4()))
            finally:
                connection.close()

        threads = [threading.Thread(target=send) for _one in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)

        assert Conversation.objects.count() == 1
        assert Customer.objects.count() == 1
        assert sorted(one.seq for one in lines) == [1, 2, 3, 4]

    def test_out_of_hours_it_is_a_message_with_an_owner(self, db):
        owner = an_agent()
        queue = QueueFactory(calendar=make_calendar(week=NEVER_OPEN), owner=owner)

        conversation = say(VisitorFactory(site__queue=queue).pk).conversation

        assert (conversation.state, conversation.handler) == ("message", owner)


class TestRefused:
    def test_blocked_visitors(self, visitor):
        Visitor.objects.update(is_blocked=True)

        with pytest.raises(LineRefused):
            say(visitor.pk)

    def test_more_than_people_can_type(self, visitor):
        for _line in range(settings.VISITOR_LINES_A_MINUTE):
            visitor_line(visitor.pk, Said(client_id=uuid4(), text="a"), AT)

        with pytest.raises(LineRefused):
            say(visitor.pk)
        say(VisitorFactory().pk)

    def test_repeats_are_free(self, visitor):
        line = say(visitor.pk, client_id=uuid4())
        for _time in range(settings.VISITOR_LINES_A_MINUTE + 5):
            assert say(visitor.pk, client_id=line.client_id) == line

    def test_forged_files(self, visitor):
        stored = store_file("a.txt", b"x")

        assert say(visitor.pk, "", file_tokens=(file_token(stored),)).has_files
        with pytest.raises(LineRefused):
            say(visitor.pk, file_tokens=("forged",))
        assert files_of_tokens(()) == ()


class TestStaffLine:
    def test_a_note_bears_the_name_and_an_answer_the_public_one(self, db):
        agent = an_agent(display_name="小美")
        said = {"client_id": str(uuid4()), "text": "好", "seen": 3, "mentions": [1, "x", 2]}

        answer = new_staff_line(agent, 7, said)
        note = new_staff_line(agent, 7, said | {"kind": "note", "files": []})

        assert (answer.kind, answer.author_name, answer.seen_seq, answer.meta) == (
            "agent",
            "小美",
            3,
            {},
        )
        assert (note.kind, note.author_name, note.meta) == (
            "note",
            agent.name,
            {"mentions": [1, 2]},
        )

    @pytest.mark.parametrize("client_id", ["", "x", None, 7, [1]])
    def test_refuses_what_is_no_id(self, db, client_id):
        with pytest.raises(LineRefused):
            new_staff_line(an_agent(), 7, {"client_id": client_id})

    @pytest.mark.parametrize("junk", [{"files": "x"}, {"seen": "1"}, {"mentions": {}}, {"kind": 3}])
    def test_takes_rubbish_as_nothing(self, db, junk):
        new = new_staff_line(an_agent(), 7, {"client_id": str(uuid4()), "text": None, **junk})

        assert (new.file_ids, new.seen_seq, new.meta) == ((), None, {})

    def test_typing_is_told_and_not_kept(self, db):
        signal_typing(ConversationFactory().pk, None)
        signal_typing(10**9, None)

        assert not HistoryEntry.objects.filter(name__endswith="Typing").exists()


class TestLeaveContact:
    def leave(self, visitor, **given):
        return leave_contact(visitor.pk, **{"name": "", "phone": "", "mail": "", "at": AT} | given)

    @pytest.mark.duty("D154")
    def test_of_a_message_a_call_is_owed(self, db):
        owner = an_agent()
        queue = QueueFactory(calendar=make_calendar(week=NEVER_OPEN), owner=owner)
        visitor = VisitorFactory(site__queue=queue)
        say(visitor.pk)

        conversation = self.leave(visitor, name="周玉兰", phone="138 0013 8000")
        self.leave(visitor, phone="13800138000")

        task = CallBack.objects.get()
        assert (task.reason, task.owner, task.customer) == ("message", owner, conversation.customer)
        conversation.customer.refresh_from_db()
        assert conversation.customer.name == "周玉兰"
        assert conversation.customer.contact_points.filter(kind="phone").count() == 1

    def test_in_a_queue_it_is_only_written_down(self, visitor):
        conversation = self.leave(visitor, mail="zhou@example.cn")

        assert conversation.customer.contact_points.filter(kind="mail").exists()
        assert not CallBack.objects.exists()

    def test_a_phone_on_another_file_becomes_a_note_and_merges_nobody(self, visitor):
        other = ContactPointFactory(value="13900001111").customer

        conversation = self.leave(visitor, phone="139 0000 1111")

        assert conversation.customer != other
        assert conversation.customer.contact_points.filter(kind="phone").count() == 0
        note = Line.objects.get(conversation=conversation, kind="note")
        assert "139 0000 1111" in note.text

    @pytest.mark.parametrize("given", [{}, {"name": "周"}, {"phone": "12"}, {"mail": "no mail"}])
    def test_refuses_nothing_and_what_cannot_be_one(self, visitor, given):
        with pytest.raises(Refused):
            self.leave(visitor, **given)

        assert not CallBack.objects.exists()

    def test_two_calls_give_the_live_conversation(self, visitor):
        assert conversation_of_visitor(visitor.pk, at=AT) == conversation_of_visitor(
            visitor.pk, at=AT
        )
