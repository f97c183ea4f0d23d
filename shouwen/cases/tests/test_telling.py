"""What customers are told by mail: each news once, switched by kind."""

import pytest
from django.utils import timezone

from shouwen.accounts.tests.factories import DepartmentFactory, StaffFactory
from shouwen.cases.models import Case
from shouwen.cases.operations.accepting import accept_case
from shouwen.cases.operations.customer import send_request
from shouwen.cases.operations.handing import Task, hand_off
from shouwen.cases.operations.relating import IncidentDraft, declare_incident, tell_incident
from shouwen.cases.statuslinks import status_token
from shouwen.cases.tests.make import AT, a_case, a_kind, answered, archived, facts, taken
from shouwen.cases.tests.test_customer import a_request
from shouwen.core.files import read_raw
from shouwen.core.jobs import run_waiting_jobs
from shouwen.customers.tests.factories import ContactPointFactory
from shouwen.mailroom.carriers.email.message import read_mail
from shouwen.mailroom.models import Outbound
from shouwen.mailroom.tests.factories import MailboxFactory

pytestmark = pytest.mark.django_db
MAIL = "zhoulin@mail.example"


@pytest.fixture
def mailbox(receiver):
    return MailboxFactory()


def told() -> list[str]:
    """What kinds of news went out, in order."""
    run_waiting_jobs()
    keys = Outbound.objects.order_by("pk").values_list("idempotency_key", flat=True)
    return [key.split(":")[2] for key in keys]


def words_of(outbound: Outbound) -> str:
    return read_mail(read_raw(outbound.raw_key)).text


class TestProgress:
    @pytest.mark.duty("D688", "D665")
    def test_received_accepted_handed_over_answered_closed_once_each(self, mailbox, receiver):
        link = send_request(a_request(mail=MAIL), at=timezone.now())
        case = Case.objects.get(pk=link.case_id)
        assert told() == ["received"]

        accept_case(case.pk, by=receiver, at=timezone.now())
        task = Task(department=DepartmentFactory(name="工程部"), task="检查门机")
        handed = hand_off(case.pk, task, by=receiver, at=timezone.now())
        assert told() == ["received", "accepted", "handed_over"]
        assert told() == ["received", "accepted", "handed_over"]

        sent = Outbound.objects.order_by("pk")
        assert [one.recipients for one in sent] == [[MAIL]] * 3
        assert all(one.is_automatic for one in sent)
        assert status_token(link.ref) in words_of(sent[0])
        assert receiver.public_name in words_of(sent[1])
        assert "工程部" in words_of(sent[2])
        assert "检查门机" not in words_of(sent[2])
        assert handed.case_id == case.pk

    def test_the_answer_goes_out_in_writing_and_the_end_is_told(self, mailbox, receiver):
        link = send_request(a_request(mail=MAIL), at=AT)

        archived(Case.objects.get(pk=link.case_id), receiver)

        assert told() == ["received", "accepted", "answered", "closed"]
        answer = Outbound.objects.get(idempotency_key__contains=":answered:")
        assert "更换门机" in words_of(answer)

    def test_a_kind_tells_only_what_it_is_switched_to(self, mailbox, receiver):
        kind = a_kind(is_public=True, needs_approval="never", tells=["answered"])
        link = send_request(a_request(kind=kind, mail=MAIL), at=AT)

        archived(Case.objects.get(pk=link.case_id), receiver)

        assert told() == ["answered"]

    def test_who_left_no_mail_and_came_by_phone_is_told_nothing_by_machine(self, mailbox, receiver):
        case = a_case(receiver)
        ContactPointFactory(customer=case.customer, kind="mail", value=MAIL, normalised=MAIL)

        taken(case, receiver)

        assert told() == []

    def test_who_wrote_a_mail_is_told_by_mail(self, mailbox, receiver):
        case = a_case(receiver, way="mail", kind=a_kind(tells=["accepted"]))
        ContactPointFactory(customer=case.customer, kind="mail", value=MAIL, normalised=MAIL)

        taken(case, receiver)

        assert told() == ["accepted"]

    def test_without_a_mailbox_it_stands_on_record_that_he_was_not_told(self, receiver):
        link = send_request(a_request(mail=MAIL), at=AT)

        assert told() == []

        case = Case.objects.get(pk=link.case_id)
        assert "CustomerNotTold" in facts(case)
        answered(taken(case, receiver), receiver)  # and nothing stops

    def test_what_was_told_stands_in_history(self, mailbox, receiver):
        link = send_request(a_request(mail=MAIL), at=AT)
        run_waiting_jobs()

        assert "CustomerTold" in facts(Case.objects.get(pk=link.case_id))


class TestIncident:
    def test_one_message_reaches_each_who_left_a_mail(self, mailbox, receiver):
        kind = a_kind(is_public=True, needs_approval="never", tells=[])
        links = [
            send_request(
                a_request(kind=kind, mail=f"a{n}@mail.example", phone=f"1380013770{n}"), at=AT
            )
            for n in range(3)
        ]
        boss = StaffFactory(role="supervisor", department=receiver.department)
        incident = declare_incident(
            IncidentDraft(title="3栋停电", found_at=AT),
            case_ids=[one.case_id for one in links],
            by=boss,
            at=AT,
        )

        tell_incident(incident.pk, text="预计五点恢复", by=boss, at=AT)
        tell_incident(incident.pk, text="已恢复", by=boss, at=AT)

        assert told() == ["incident"] * 6
        assert "预计五点恢复" in words_of(Outbound.objects.earliest("pk"))
