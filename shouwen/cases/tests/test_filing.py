"""The archive and its volumes, the sheet, the reply letter."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, InternalError, transaction
from django.urls import reverse
from django.utils import timezone

from shouwen.accounts.tests.factories import DepartmentFactory, StaffFactory
from shouwen.cases.models import Case, CaseLetter, CasePaper, CaseVolume
from shouwen.cases.operations.answering import AnswerGiven, answer_customer, record_result
from shouwen.cases.operations.closing import archive_case, reopen_case
from shouwen.cases.operations.letters import keep_letter
from shouwen.cases.operations.papers import add_paper
from shouwen.cases.queries.letters import letter_draft, letter_to_edit
from shouwen.cases.queries.pages import case_page
from shouwen.cases.refusals import AnswerMissing
from shouwen.cases.tests.make import (
    AT,
    VALUES,
    a_case,
    a_kind,
    a_receiver,
    answered,
    archived,
    closing_words,
    facts,
    followed_up,
    taken,
)
from shouwen.core.errors import NotPermitted, Refused
from shouwen.core.files import read_raw, store_file
from shouwen.customers.tests.factories import ContactPointFactory, CustomerFactory
from shouwen.knowledge.models import Taboo
from shouwen.knowledge.operations.guard import save_taboo
from shouwen.knowledge.refusals import TabooPhrase

pytestmark = pytest.mark.django_db


@pytest.fixture
def written(receiver):
    """A complaint by letter, answered by letter."""
    kind = a_kind()
    case = a_case(receiver, kind=kind, way=Case.Way.LETTER, customer=CustomerFactory(name="周玉兰"))
    taken(case, receiver)
    record_result(case.pk, result="门机故障已排除。", by=receiver, at=AT)
    given = AnswerGiven(
        way=Case.Way.LETTER,
        text="电梯已修好。",
        method="更换门机",
        works_from=AT + timedelta(hours=1),
    )
    answer_customer(case.pk, given, by=receiver, at=AT)
    case.refresh_from_db()
    return case


def draft_of(case, staff):
    return letter_draft(case_page(case, staff, at=AT), staff, at=AT)


class TestReplyLetter:
    @pytest.mark.duty("D680")
    @pytest.mark.duty("D686")
    def test_drafts_what_was_complained_found_done_with_time_and_method(self, written, receiver):
        draft = draft_of(written, receiver)

        assert "周玉兰" in draft.salutation
        for words in (
            written.number,
            written.matter,
            written.demand,
            "合同范围内",
            "门机故障已排除",
            "2026年11月23日 11:00",
            "更换门机",
            receiver.public_name,
        ):
            assert words in draft.text
        assert written.department.name in draft.signature

    def test_greets_by_the_name_this_person_may_see(self, written):
        outsider = StaffFactory(permissions=["cases.handle"])

        assert "周玉兰" not in draft_of(written, outsider).salutation

    def test_says_plainly_that_a_matter_is_not_ours(self, receiver):
        case = taken(a_case(receiver), receiver)
        record_result(case.pk, result="属供电公司。", by=receiver, at=AT)
        given = AnswerGiven(way=Case.Way.CALL, text="请联系供电公司。", is_not_ours=True)
        answer_customer(case.pk, given, by=receiver, at=AT)

        assert "不属于本公司职责" in draft_of(case, receiver).text

    @pytest.mark.duty("D680")
    def test_is_kept_as_a_version_among_the_papers(self, written, receiver):
        first = keep_letter(written.pk, draft_of(written, receiver), by=receiver, at=AT)
        changed = {**vars(draft_of(written, receiver)), "text": "改过的内容。"}
        page = case_page(written, receiver, at=AT)
        words = type(draft_of(written, receiver))(**changed)

        second = keep_letter(written.pk, words, by=receiver, at=AT)
        again = keep_letter(written.pk, words, by=receiver, at=AT)

        assert [first.version, second.version, again.pk] == [1, 2, second.pk]
        papers = CasePaper.objects.filter(case=written).order_by("pk")
        assert [one.letter for one in papers] == [first, second]
        assert "改过的内容。" in read_raw(papers[1].file.key).decode()
        assert letter_to_edit(page, receiver, at=AT).text == "改过的内容。"
        assert facts(written)[-1] == "LetterKept"

    @pytest.mark.parametrize("table", ["case_letter", "case_volume", "case_paper"])
    def test_the_database_refuses_to_change_what_is_filed(self, receiver, written, table):
        keep_letter(written.pk, draft_of(written, receiver), by=receiver, at=AT)
        followed_up(written, receiver)
        archive_case(written.pk, closing_words(written), by=receiver, at=AT)
        model = {"case_letter": CaseLetter, "case_volume": CaseVolume, "case_paper": CasePaper}[
            table
        ]

        with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
            model.objects.update(at=AT + timedelta(days=1))
        with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
            model.objects.filter(case=written)._raw_delete("default")

    def test_refuses_without_an_answer_or_words_and_what_the_guard_stops(self, written, receiver):
        words = draft_of(written, receiver)
        open_case = a_case(receiver)
        save_taboo(Taboo(text="不关我的事"), by=StaffFactory(role="team_leader"))
        rude = type(words)(**{**vars(words), "text": "这不关我的事"})

        with pytest.raises(AnswerMissing):
            keep_letter(open_case.pk, words, by=receiver, at=AT)
        with pytest.raises(Refused):
            keep_letter(written.pk, type(words)(**{**vars(words), "text": " "}), by=receiver, at=AT)
        with pytest.raises(TabooPhrase):
            keep_letter(written.pk, rude, by=receiver, at=AT)
        with pytest.raises(NotPermitted):
            keep_letter(written.pk, words, by=a_receiver(), at=AT)

    def test_is_edited_kept_and_printed_on_its_pages(self, client, written, receiver):
        client.force_login(receiver)
        address = reverse("cases:letter", args=[written.pk])
        shown = client.get(address)
        typed = {**shown.context["form"].initial, "text": "尊敬的业主，电梯已修好。"}

        kept = client.post(address, typed, follow=True)

        assert "尊敬的业主，电梯已修好。" in kept.content.decode()
        assert f"{written.number}-1" in kept.content.decode()
        assert "第 1 版" in client.get(reverse("cases:detail", args=[written.pk])).content.decode()
        assert client.post(address, {**typed, "text": ""}).status_code == 422

    def test_its_page_says_that_there_is_no_answer_yet(self, client, receiver):
        client.force_login(receiver)
        case = a_case(receiver, at=timezone.now())

        shown = client.get(reverse("cases:letter", args=[case.pk])).content.decode()

        assert "还没有答复" in shown


class TestVolume:
    @pytest.mark.duty("D064")
    @pytest.mark.duty("D702")
    def test_holds_the_sheet_and_all_papers_as_they_were(self, receiver):
        case = a_case(receiver)
        stored = store_file("现场.txt", b"door")
        add_paper(case.pk, file=stored, title="现场照片", by=receiver, at=AT)
        archived(case, receiver)

        volume = CaseVolume.objects.get(case=case)

        assert [one["title"] for one in volume.contents] == ["现场照片"]
        assert volume.contents[0]["sha256"] == stored.key.rpartition("/")[2]
        for words in (case.number, case.matter, "门机故障已排除", "设备老化", "每月检查门机"):
            assert words in str(volume.sheet)

    @pytest.mark.duty("D064")
    def test_reopening_keeps_the_old_volume_as_it_was(self, client, receiver):
        case = archived(a_case(receiver), receiver)
        before = CaseVolume.objects.get(case=case).sheet
        reopen_case(case.pk, reason="又停了", by=receiver, at=AT + timedelta(days=1))
        record_result(case.pk, result="换了整台门机。", by=receiver, at=AT + timedelta(days=1))
        client.force_login(receiver)
        first = case.volumes.get()

        shown = client.get(reverse("cases:volume", args=[case.pk, first.pk])).content.decode()
        found = client.get(reverse("cases:archive")).content.decode()

        assert case.volumes.get().sheet == before
        assert "门机故障已排除" in shown
        assert "换了整台门机" not in shown
        assert case.number in found
        assert "重新打开" in found

    def test_masks_what_this_person_may_not_see(self, client, receiver):
        case = archived(a_case(receiver, customer=CustomerFactory(name="周玉兰")), receiver)
        client.force_login(StaffFactory(permissions=["cases.handle"]))

        shown = client.get(
            reverse("cases:volume", args=[case.pk, case.volumes.get().pk])
        ).content.decode()

        assert VALUES["phone"] not in shown
        assert "周玉兰" not in shown


class TestArchivePage:
    @pytest.fixture
    def shelf(self, receiver):
        kind = a_kind()
        customer = CustomerFactory(name="周玉兰", department=receiver.department)
        ContactPointFactory(
            customer=customer, kind="phone", value="13911112222", normalised="+8613911112222"
        )
        case = archived(a_case(receiver, kind=kind, customer=customer), receiver)
        a_case(receiver, kind=kind, matter="还开着的事")
        return case

    @pytest.mark.duty("D064")
    @pytest.mark.duty("D702")
    @pytest.mark.parametrize(
        ("asked", "is_found"),
        [
            ({}, True),
            ({"q": "轮椅"}, True),
            ({"q": "噪音"}, False),
            ({"customer": "周玉兰"}, True),
            ({"customer": "李四"}, False),
            ({"place": "1102"}, True),
            ({"place": "9999"}, False),
            ({"kind": "complaint"}, True),
            ({"kind": "suggestion"}, False),
            ({"since": "2026-11-23", "until": "2026-11-23"}, True),
            ({"until": "2026-11-22"}, False),
        ],
    )
    def test_finds_by_number_customer_place_words_dates_and_kind(
        self, client, receiver, shelf, asked, is_found
    ):
        client.force_login(receiver)

        shown = client.get(reverse("cases:archive"), asked).content.decode()

        assert (shelf.number in shown) == is_found
        assert "还开着的事" not in shown

    @pytest.mark.duty("D064")
    def test_finds_by_number_and_cause(self, client, receiver, shelf):
        client.force_login(receiver)
        address = reverse("cases:archive")

        assert shelf.number in client.get(address, {"q": shelf.number}).content.decode()
        assert shelf.number in client.get(address, {"cause": shelf.cause_id}).content.decode()
        assert "没有符合" in client.get(address, {"cause": shelf.cause_id + 1}).content.decode()

    def test_shows_only_what_is_in_reach_and_says_when_it_is_empty(self, client, shelf):
        client.force_login(a_receiver(department=DepartmentFactory()))

        shown = client.get(reverse("cases:archive")).content.decode()

        assert shelf.number not in shown
        assert "档案为空" in shown


class TestSheet:
    @pytest.mark.duty("D631")
    @pytest.mark.duty("D684")
    def test_prints_every_field_of_the_form_in_one_paper(self, client, receiver):
        case = archived(a_case(receiver, customer=CustomerFactory(name="周玉兰")), receiver)
        client.force_login(receiver)

        shown = client.get(reverse("cases:print", args=[case.pk])).content.decode()

        for words in (
            "投诉单", case.number, "投诉人", "周玉兰", "3栋", "1102", "来电", case.matter, case.demand,
            receiver.name, "有效", "合同范围内", "派电梯公司检修", case.result, "更换门机", "满意",
            "设备老化", "客户签字", "主管签字",
        ):  # fmt: skip
            assert words in shown

    @pytest.mark.duty("D631")
    def test_a_blank_sheet_is_there_for_the_customer_to_fill_in(self, client, receiver):
        a_kind()
        client.force_login(receiver)

        shown = client.get(reverse("cases:blank", args=["complaint"])).content.decode()

        for words in ("投诉单", "投诉人", "区域", "房号", "联系电话", "事由", "客户签字"):
            assert words in shown
        assert client.get(reverse("cases:blank", args=["nothing"])).status_code == 404

    def test_every_answered_stage_leaves_no_empty_block(self, receiver):
        case = answered(taken(a_case(receiver), receiver), receiver)
        page = case_page(case, receiver, at=AT)

        assert page.answers
        assert page.volumes == []
