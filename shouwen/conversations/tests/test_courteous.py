"""No outgoing word passes without the phrase guard; approved answers stand on the line."""

import pytest

from shouwen.accounts.queries import system_staff
from shouwen.conversations.models import Conversation, MailDesk
from shouwen.conversations.operations.contacts import Contact, record_contact
from shouwen.conversations.operations.desks import save_mail_desk
from shouwen.conversations.operations.lines import post_line
from shouwen.conversations.operations.talk import new_staff_line
from shouwen.conversations.tests.factories import ConversationFactory, QueueFactory
from shouwen.conversations.tests.make import (
    AT,
    a_note,
    agent_line,
    an_agent,
    customer_line,
    post,
    sign_in,
)
from shouwen.core.history import history_of
from shouwen.core.jobs import run_waiting_jobs
from shouwen.knowledge.courtesy import CURT_OPENINGS
from shouwen.knowledge.models import Answer
from shouwen.knowledge.operations import install_taboos
from shouwen.knowledge.refusals import TabooPhrase
from shouwen.mailroom.models import Outbound

pytestmark = pytest.mark.django_db
RUDE, CURT = "有本事你去告", "不知道"


@pytest.fixture
def queue(db):
    install_taboos(by=system_staff())
    return QueueFactory()


@pytest.fixture
def talk(queue, agent):
    return ConversationFactory(queue=queue, handler=agent, opened_at=AT)


def guarded(talk) -> list[dict]:
    facts = history_of("conversation", talk.pk).filter(name="knowledge.WordsGuarded")
    return [one.payload for one in facts]


@pytest.mark.duty("D632", "D687")
def test_a_rude_line_is_never_sent_and_the_polite_one_is_named(talk, agent):
    with pytest.raises(TabooPhrase) as refused:
        post_line(agent_line(talk, agent, RUDE, guard_reason="客户先骂人"), at=AT)
    assert RUDE in str(refused.value)
    assert "马上向主管反映" in str(refused.value)
    assert not talk.lines.exists()
    assert guarded(talk)[0]["was_sent"] is False


@pytest.mark.duty("D629")
@pytest.mark.parametrize("word", CURT_OPENINGS)
@pytest.mark.parametrize("around", ["{}？", "{}，您说的是几栋？", " “{}”！请说"])
def test_no_answer_opens_with_one_of_the_four_curt_words(talk, agent, word, around):
    with pytest.raises(TabooPhrase):
        post_line(agent_line(talk, agent, around.format(word), guard_reason="客户急"), at=AT)
    assert not talk.lines.exists()


@pytest.mark.parametrize(
    "text", ["哪里的话，应该的", "喂养问题已转兽医", "请问您找谁？", "讲话稿已发您"]
)
def test_words_that_only_hold_one_of_them_are_sent(talk, agent, text):
    assert post_line(agent_line(talk, agent, text), at=AT).text == text


@pytest.mark.duty("D632")
def test_one_that_is_warned_of_goes_out_with_a_reason_on_record(talk, agent):
    with pytest.raises(TabooPhrase):
        post_line(agent_line(talk, agent, CURT), at=AT)
    line = post_line(agent_line(talk, agent, CURT, guard_reason="引用客户原话"), at=AT)
    assert line.text == CURT
    newest = guarded(talk)[0]
    assert (newest["was_sent"], newest["reason"]) == (True, "引用客户原话")


def test_the_others_of_a_group_are_written_all_the_same(talk, agent):
    results = post(agent_line(talk, agent, RUDE), agent_line(talk, agent, "您好"))
    assert [one.line is not None for one in results] == [False, True]


def test_customers_and_notes_say_what_they_like(talk, agent):
    assert all(one.line for one in post(customer_line(talk, RUDE), a_note(talk, agent, RUDE)))


def test_what_is_written_down_of_a_call_is_no_word_to_a_customer(queue, agent):
    contact = Contact(
        channel="phone", words="问价格", answer=CURT, outcome="answered", name="周玉兰"
    )
    assert record_contact(contact, by=agent, at=AT, queue=queue)


@pytest.mark.duty("D632")
def test_no_mail_leaves_with_one(queue, agent, mailbox):
    talk = ConversationFactory(queue=queue, channel="mail", mailbox=mailbox, handler=agent)
    with pytest.raises(TabooPhrase):
        post_line(agent_line(talk, agent, f"您好，{RUDE}"), at=AT)
    run_waiting_jobs()
    assert not Outbound.objects.exists()


def test_no_letter_is_worded_with_one(queue, mailbox):
    boss = an_agent(queue, role="service_manager", state=None)
    with pytest.raises(TabooPhrase):
        save_mail_desk(MailDesk(mailbox=mailbox, opening="您好", closing="你怎么这么麻烦"), by=boss)


def test_over_http_the_refusal_names_the_phrase(client, talk, agent):
    sign_in(client, agent)
    url = f"/workspace/conversations/{talk.pk}/lines"
    said = {"client_id": "0b0b5d4c-7e59-4a39-9c1f-3f6f4f6f4f6f", "text": CURT}
    refused = client.post(url, said, content_type="application/json")
    assert refused.status_code == 409
    assert CURT in refused.json()["error"]
    sent = client.post(url, said | {"guard_reason": "引用"}, content_type="application/json")
    assert sent.status_code == 200


@pytest.mark.duty("D578")
def test_an_approved_answer_stands_on_the_line_and_is_counted(talk, agent):
    answer = Answer.objects.create(
        title="怎么服用",
        text="开水冲服。",
        by=agent,
        state="approved",
        approved_by=agent,
        approved_at=AT,
    )
    said = {
        "client_id": "0b0b5d4c-7e59-4a39-9c1f-3f6f4f6f4f60",
        "text": "开水冲服。",
        "answers": [answer.pk, "x"],
    }
    line = post_line(new_staff_line(agent, talk.pk, said), at=AT)
    assert line.meta["answers"] == [answer.pk]
    run_waiting_jobs()
    answer.refresh_from_db()
    assert answer.use_count == 1


@pytest.mark.duty("D578")
def test_in_a_queue_that_demands_it_the_page_says_so(client, agent):
    queue = QueueFactory(answers_only_approved=True, members=[agent])
    talk = ConversationFactory(queue=queue, handler=agent)
    sign_in(client, agent)
    assert 'data-approved="1"' in client.get(f"/workspace/{talk.pk}").content.decode()


def test_in_the_note_of_a_call_too(queue, agent):
    answer = Answer.objects.create(
        title="怎么服用",
        text="开水冲服。",
        by=agent,
        state="approved",
        approved_by=agent,
        approved_at=AT,
    )
    contact = Contact(
        channel="phone",
        words="问服法",
        answer="开水冲服。",
        outcome="answered",
        name="周玉兰",
        answer_ids=(answer.pk,),
    )
    call = record_contact(contact, by=agent, at=AT, queue=queue)
    assert call.lines.get(kind="agent").meta["answers"] == [answer.pk]
    assert Conversation.objects.get().channel == "phone"
