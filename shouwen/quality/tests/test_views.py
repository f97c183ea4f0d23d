"""Who may see and do what on the pages of rules and standards."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from shouwen.accounts.tests.factories import DepartmentFactory, StaffFactory
from shouwen.quality.models import Evaluation, Principle, RuleDocument, Standard
from shouwen.quality.queries.rules import draft_of, newest_published
from shouwen.quality.tests.make import TEXT, a_rule, a_standard, a_writer

pytestmark = pytest.mark.django_db


@pytest.fixture
def writer():
    return a_writer()


@pytest.fixture
def office(client, writer):
    client.force_login(writer)
    return client


@pytest.fixture
def desk(client):
    client.force_login(StaffFactory(role="agent"))
    return client


def address(name: str, *arguments: object) -> str:
    return reverse(f"quality:{name}", args=arguments)


def form(**changes: object) -> dict[str, object]:
    return {"title": "规定", "code": "rules", "sort": "rule", "text": TEXT, **changes}


class TestRules:
    def test_says_so_when_nothing_is_published(self, desk):
        assert "还没有发布的规章制度" in desk.get(address("rules")).content.decode()

    def test_writes_publishes_and_shows_a_document(self, office):
        answer = office.post(address("rule_new"), form())
        document = RuleDocument.objects.get()
        assert answer.status_code == 302
        day = timezone.localdate().isoformat()
        office.post(address("rule_publish", document.pk), {"effective_on": day})

        shown = office.get(address("rule", document.pk)).content.decode()

        assert "第二章 仪容仪表" in shown
        assert "一律佩带工作卡" in shown
        assert newest_published(document).number == 1

    def test_refuses_a_day_beyond_every_calendar(self, office):
        office.post(address("rule_new"), form(review_months="12"))
        page = address("rule_publish", RuleDocument.objects.get().pk)

        assert office.post(page, {"effective_on": "9999-12-31"}).status_code == 422

    def test_says_where_a_text_is_unclear(self, office):
        answer = office.post(address("rule_new"), form(text="随便写写"))

        assert answer.status_code == 422
        assert "随便写写" in answer.content.decode()
        assert not RuleDocument.objects.exists()

    def test_a_revision_starts_from_what_holds(self, office, writer):
        document = a_rule(writer)

        assert (
            "第一条 为提高服务质量"
            in office.get(address("rule_edit", document.pk)).content.decode()
        )
        office.post(address("rule_edit", document.pk), form(code=document.code, text="第一条 改"))

        assert draft_of(document).text.articles[0].text == "改"
        assert newest_published(document).text.articles[0].text != "改"

    def test_a_reader_confirms_and_sees_no_list_of_readers(self, desk, writer):
        document = a_rule(writer)
        before = desk.get(address("rule", document.pk)).content.decode()
        assert "我已阅读" in before
        assert "阅读回执" not in before

        after = desk.post(address("rule_read", document.pk), follow=True).content.decode()

        assert "我已阅读" not in after

    def test_a_writer_sees_who_has_not_read_it_and_reminds(self, office, writer):
        late = StaffFactory(role="agent", name="迟小明")
        document = a_rule(writer, posts=["agent"])

        assert late.name in office.get(address("rule", document.pk)).content.decode()
        answer = office.post(address("rule_remind", document.pk), follow=True)
        assert "已提醒 1 人" in answer.content.decode()

    def test_a_draft_is_not_shown_to_readers(self, desk, writer):
        document = a_rule(writer)
        desk.force_login(writer)
        desk.post(address("rule_edit", document.pk), form(code=document.code, text="第一条 秘"))
        desk.force_login(StaffFactory(role="agent"))

        assert desk.get(address("rule", document.pk), {"version": 2}).status_code == 404
        assert desk.get(address("rule_edit", document.pk)).status_code == 403

    def test_the_day_of_revision_is_shown_and_answered(self, office, writer):
        start = timezone.localdate() - timedelta(days=400)
        document = a_rule(writer, on=start, review_months=12)
        assert "到了修订日期" in office.get(address("rule", document.pk)).content.decode()

        office.post(address("rule_reviewed", document.pk), {"note": "无需修改"})

        document.refresh_from_db()
        assert document.review_on > timezone.localdate()

    def test_departments_and_their_gaps(self, desk):
        DepartmentFactory(name="工程部")

        assert "信息传递" in desk.get(address("shelves")).content.decode()


class TestStandards:
    def test_sets_and_measures_one(self, office):
        department = DepartmentFactory(name="客服部")
        given = {
            "department": department.pk,
            "name": "当日办结",
            "indicator": "比例",
            "target": "95",
            "unit": "%",
            "direction": "at_least",
            "assessor": "own",
        }
        office.post(address("standard_new"), given)
        standard = Standard.objects.get()

        day = timezone.localdate().isoformat()
        office.post(address("standard", standard.pk), {"day": day, "value": "96"})

        assert "1 / 1" in office.get(address("standards")).content.decode()
        assert "达标" in office.get(address("standard", standard.pk)).content.decode()
        assert office.get(address("standard_edit", standard.pk)).status_code == 200

    def test_a_reader_cannot_measure(self, desk, writer):
        standard = a_standard(writer)

        day = timezone.localdate().isoformat()
        answer = desk.post(address("standard", standard.pk), {"day": day, "value": "96"})

        assert answer.status_code in {403, 422}
        assert not standard.measurements.exists()

    def test_principles_are_lines(self, office):
        office.post(address("principles"), {"lines": "多走一步\n\n多走一步\n少转一次"})

        assert list(Principle.objects.values_list("text", flat=True)) == ["多走一步", "少转一次"]
        assert "少转一次" in office.get(address("rules")).content.decode()
        assert "少转一次" in office.get(reverse("web:home")).content.decode()


class TestOutside:
    @pytest.mark.duty("D650")
    def test_owners_read_published_rules_and_standards_only(self, client, writer):
        a_rule(writer, is_public=True, title="业主可读", review_months=12)
        a_rule(writer, code="inside", title="内部规定")
        a_standard(writer, name="公开标准", is_public=True)
        a_standard(writer, name="内部标准")

        shown = client.get(address("public_rules")).content.decode()

        assert "业主可读" in shown
        assert "公开标准" in shown
        assert "内部" not in shown
        assert client.get(address("public_rule", "service_rules")).status_code == 200
        assert client.get(address("public_rule", "inside")).status_code == 404

    @pytest.mark.duty("D651")
    def test_owners_evaluate_by_the_standards_without_a_name(self, client, writer):
        document = a_rule(writer, is_public=True)
        standard = a_standard(writer, is_public=True)
        page = address("public_rule", document.code)

        answer = client.post(page, {"score": "4", f"mark_{standard.pk}": "no", "words": "慢"})

        assert answer.status_code == 200
        row = Evaluation.objects.get()
        assert (row.score, row.words, row.marks.get().is_kept) == (4, "慢", False)

    def test_a_robot_and_a_flood_leave_nothing(self, client, writer):
        page = address("public_rule", a_rule(writer, is_public=True).code)
        client.post(page, {"score": "1", "website": "http://spam.example"})
        assert not Evaluation.objects.exists()

        statuses = [client.post(page, {"score": "5"}).status_code for _time in range(6)]

        assert (statuses[0], statuses[-1]) == (200, 429)
        assert Evaluation.objects.count() == 4

    def test_wants_a_score(self, client, writer):
        page = address("public_rule", a_rule(writer, is_public=True).code)

        assert client.post(page, {}).status_code == 422
