"""Standards are measurable and assessed; people outside may say what they think."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from shouwen.accounts.queries import system_staff
from shouwen.accounts.tests.factories import DepartmentFactory, StaffFactory
from shouwen.core.errors import NotPermitted, NotThere
from shouwen.core.history import history_of
from shouwen.quality.models import Standard
from shouwen.quality.operations.rules import write_rule
from shouwen.quality.operations.standards import (
    Finding,
    Opinion,
    StandardDraft,
    evaluate_rule,
    record_measurement,
    set_standard,
)
from shouwen.quality.queries.standards import compliance_by_flow, opinion_of, standards
from shouwen.quality.refusals import EvaluationUnclear, StandardUnclear
from shouwen.quality.tests.make import a_draft, a_rule, a_standard, a_writer

pytestmark = pytest.mark.django_db


@pytest.fixture
def writer():
    return a_writer()


def found(standard: Standard, value: str, by, **options):
    finding = Finding(day=date(2026, 11, 1), value=Decimal(value), **options)
    return record_measurement(standard.pk, finding, at=timezone.now(), by=by)


class TestStandards:
    @pytest.mark.duty("D252")
    @pytest.mark.parametrize(
        ("direction", "value", "is_met"),
        [
            ("at_least", "95", True),
            ("at_least", "94.99", False),
            ("at_most", "95", True),
            ("at_most", "95.01", False),
        ],
    )
    def test_a_finding_is_held_against_the_target(self, writer, direction, value, is_met):
        assert found(a_standard(writer, direction=direction), value, writer).is_met == is_met

    @pytest.mark.duty("D250")
    def test_service_sets_them_for_every_department_and_a_third_party_may_assess(self, writer):
        engineering = DepartmentFactory(name="工程部")
        own = a_standard(writer, name="接待")
        other = a_standard(
            writer, engineering, name="维修", assessor="third_party", assessor_name="质监所"
        )

        row = found(other, "96", writer, note="抽查 50 单")

        assert (row.assessor_name, row.by) == ("质监所", writer)
        assert {one.pk: (one.met, one.measured) for one in standards()} == {
            own.pk: (0, 0),
            other.pk: (1, 1),
        }
        with pytest.raises(NotPermitted):
            a_standard(StaffFactory(role="technician"), engineering)
        with pytest.raises(NotPermitted):
            found(other, "96", StaffFactory(role="technician"))

    @pytest.mark.parametrize(
        "missing",
        [{"indicator": " "}, {"unit": ""}, {"assessor": "third_party", "assessor_name": ""}],
    )
    def test_refuses_what_cannot_be_measured_or_assessed(self, writer, missing):
        with pytest.raises(StandardUnclear):
            a_standard(writer, **missing)

    def test_a_changed_target_leaves_old_findings_alone(self, writer):
        standard = a_standard(writer)
        row = found(standard, "95", writer)
        draft = StandardDraft(
            department=standard.department,
            name=standard.name,
            indicator=standard.indicator,
            target=Decimal(99),
            unit="%",
        )

        set_standard(draft, standard_id=standard.pk, by=writer)

        row.refresh_from_db()
        assert (row.target, row.is_met) == (Decimal(95), True)
        names = [one.name for one in history_of("standard", standard.pk)]
        assert sorted(names) == ["quality.StandardMeasured", *["quality.StandardSet"] * 2]

    def test_refuses_a_name_twice_and_an_unknown_one(self, writer):
        standard = a_standard(writer)

        with pytest.raises(StandardUnclear):
            a_standard(writer, standard.department)
        with pytest.raises(NotThere):
            record_measurement(
                0, Finding(day=date(2026, 1, 1), value=Decimal(1)), at=timezone.now(), by=writer
            )

    def test_the_database_wants_a_name_for_a_third_party(self, writer):
        standard = a_standard(writer)

        with pytest.raises(IntegrityError), transaction.atomic():
            Standard.objects.filter(pk=standard.pk).update(assessor="third_party")

    @pytest.mark.duty("D265")
    def test_compliance_is_counted_by_flow(self, writer):
        early = a_standard(writer, name="受理", flow="投诉")
        late = a_standard(writer, name="答复", flow="投诉")
        found(early, "96", writer)
        found(early, "90", writer)
        found(late, "96", writer)
        found(a_standard(writer, name="无流程"), "96", writer)

        assert [(one.flow, one.met, one.measured) for one in compliance_by_flow()] == [
            ("投诉", 2, 3)
        ]


class TestEvaluation:
    def test_counts_scores_and_standards(self, writer):
        document = a_rule(writer, is_public=True)
        standard = a_standard(writer, is_public=True)
        hidden = a_standard(writer, name="内部")
        for score, is_kept in ((5, True), (2, False)):
            marks = {standard.pk: is_kept, hidden.pk: True}
            opinion = Opinion(score=score, words="电梯慢", marks=marks)
            evaluate_rule(document.pk, opinion, at=timezone.now(), by=system_staff())

        seen = opinion_of(document)

        assert (seen.count, seen.average, seen.marks) == (2, 3.5, [("当日办结", 1, 2)])
        assert "quality.RuleEvaluated" in [
            one.name for one in history_of("rule_document", document.pk)
        ]

    @pytest.mark.parametrize("score", [0, 6])
    def test_refuses_a_score_that_is_none(self, writer, score):
        document = a_rule(writer, is_public=True)

        with pytest.raises(EvaluationUnclear):
            evaluate_rule(document.pk, Opinion(score=score), at=timezone.now(), by=system_staff())

    def test_refuses_what_is_not_public_or_not_in_force(self, writer):
        inside = a_rule(writer, code="inside")
        draft = write_rule(a_draft(code="draft", is_public=True), by=writer)

        for document in (inside, draft):
            with pytest.raises(NotThere):
                evaluate_rule(document.pk, Opinion(score=5), at=timezone.now(), by=system_staff())
