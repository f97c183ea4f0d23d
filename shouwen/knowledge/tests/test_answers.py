"""Approved answers: written, proposed, approved by another, offered within their time, withdrawn."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from shouwen.accounts.tests.factories import StaffFactory
from shouwen.core.errors import NotPermitted
from shouwen.core.history import history_of
from shouwen.knowledge.models import Answer
from shouwen.knowledge.operations import (
    AnswerDraft,
    approve_answer,
    note_answers_used,
    propose_answer,
    withdraw_answer,
    write_answer,
)
from shouwen.knowledge.queries import find_answers
from shouwen.knowledge.refusals import AnswerNotReady
from shouwen.knowledge.tests.factories import PhraseFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)


@pytest.fixture
def agent():
    return StaffFactory(role="agent")


@pytest.fixture
def pharmacist():
    return StaffFactory(role="team_leader")


def draft(**fields) -> AnswerDraft:
    values = {
        "title": "复方柴胡安神颗粒怎么服用",
        "text": "开水冲服，一次一袋，一日三次。",
        "topic": "用法用量",
        "source": "说明书",
    }
    return AnswerDraft(**values | fields)


@pytest.fixture
def approved(agent, pharmacist):
    answer = write_answer(None, draft=draft(valid_until=date(2026, 12, 31)), by=agent)
    propose_answer(answer.pk, by=agent)
    return approve_answer(answer.pk, by=pharmacist, at=AT)


@pytest.mark.duty("D578")
def test_only_what_another_approved_is_offered_and_only_within_its_time(agent, pharmacist):
    answer = write_answer(None, draft=draft(valid_until=date(2026, 12, 31)), by=agent)
    assert find_answers(agent, "ch", day=TODAY) == []
    propose_answer(answer.pk, by=agent)
    assert find_answers(agent, "", day=TODAY) == []
    answer = approve_answer(answer.pk, by=pharmacist, at=AT)
    assert (answer.approved_by, answer.approved_at) == (pharmacist, AT)
    assert find_answers(agent, "柴胡", day=TODAY) == [answer]
    assert find_answers(agent, "ffch", day=TODAY) == [answer]
    assert find_answers(agent, "", day=date(2027, 1, 1)) == []
    withdraw_answer(answer.pk, reason="说明书已修订", by=pharmacist)
    assert find_answers(agent, "", day=TODAY) == []
    names = [one.name for one in history_of("answer", answer.pk)]
    assert names == [
        "knowledge.AnswerWithdrawn",
        "knowledge.AnswerApproved",
        "knowledge.AnswerProposed",
        "knowledge.AnswerWritten",
    ]


def test_nobody_approves_his_own_and_agents_approve_nothing(pharmacist, agent):
    own = write_answer(None, draft=draft(), by=pharmacist)
    propose_answer(own.pk, by=pharmacist)
    with pytest.raises(AnswerNotReady):
        approve_answer(own.pk, by=pharmacist, at=AT)
    with pytest.raises(NotPermitted):
        approve_answer(own.pk, by=agent, at=AT)
    with pytest.raises(NotPermitted):
        write_answer(own.pk, draft=draft(text="别的"), by=agent)


def test_needs_a_source_words_and_a_day_to_come(agent, pharmacist):
    bare = write_answer(None, draft=draft(source=""), by=agent)
    with pytest.raises(AnswerNotReady):
        propose_answer(bare.pk, by=agent)
    with pytest.raises(AnswerNotReady):
        write_answer(None, draft=draft(text=" "), by=agent)
    past = write_answer(None, draft=draft(valid_until=date(2026, 1, 1)), by=agent)
    propose_answer(past.pk, by=agent)
    with pytest.raises(AnswerNotReady):
        approve_answer(past.pk, by=pharmacist, at=AT)
    with pytest.raises(AnswerNotReady):
        propose_answer(past.pk, by=agent)
    with pytest.raises(AnswerNotReady):
        withdraw_answer(past.pk, reason=" ", by=pharmacist)


def test_rewritten_it_must_be_approved_anew(approved, agent):
    write_answer(approved.pk, draft=draft(text="一次两袋。"), by=agent)
    approved.refresh_from_db()
    assert (approved.state, approved.approved_by) == (Answer.State.DRAFT, None)


def test_use_is_counted_and_on_record(approved, agent):
    note_answers_used([approved.pk], conversation_id=7, by=agent, at=AT)
    approved.refresh_from_db()
    assert (approved.use_count, approved.last_used_at) == (1, AT)
    assert history_of("conversation", 7).get().name == "knowledge.AnswersUsed"


@pytest.mark.duty("D578")
def test_where_it_is_demanded_the_picker_offers_nothing_else(client, approved, agent):
    PhraseFactory(title="柴胡随便吃")
    client.force_login(agent)
    Answer.objects.filter(pk=approved.pk).update(valid_until=None)
    url = reverse("knowledge:phrase_find")
    titles = [one["title"] for one in client.get(url, {"q": "柴胡"}).json()]
    assert titles == ["柴胡随便吃", approved.title]
    only = client.get(url, {"q": "柴胡", "approved": "1"}).json()
    assert [one["answer"] for one in only] == [approved.pk]


def test_its_pages(client, agent, pharmacist):
    client.force_login(agent)
    data = {"title": "怎么服用", "text": "开水冲服。", "topic": "用法", "source": "说明书"}
    assert client.post(reverse("knowledge:answer_new"), data).status_code == 200
    made = Answer.objects.get()
    assert client.get(reverse("knowledge:answer_edit", args=[made.pk])).status_code == 200
    assert client.post(reverse("knowledge:answer_propose", args=[made.pk])).status_code == 200
    client.force_login(pharmacist)
    assert client.post(reverse("knowledge:answer_approve", args=[made.pk])).status_code == 200
    assert client.post(reverse("knowledge:answer_approve", args=[made.pk])).status_code == 422
    assert "怎么服用" in client.get(reverse("knowledge:answers")).content.decode()
    offered = client.get(reverse("knowledge:answers_offered"), {"q_answer": "服用"})
    assert "data-offer" in offered.content.decode()
    url = reverse("knowledge:answer_withdraw", args=[made.pk])
    assert client.post(url, {"reason": "过期"}).status_code == 200
    made.refresh_from_db()
    assert made.state == "withdrawn"
