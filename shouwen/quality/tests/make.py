"""Shared by the tests of quality: a document written and published, a standard."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from shouwen.accounts.models import Department, Staff
from shouwen.accounts.tests.factories import DepartmentFactory, StaffFactory
from shouwen.quality.models import RuleDocument, RuleVersion, Standard
from shouwen.quality.operations.rules import RuleDraft, publish_rule, write_rule
from shouwen.quality.operations.standards import StandardDraft, set_standard
from shouwen.quality.writing import read_text

TEXT = """第一章 总则

第一条 为提高服务质量，制定本制度。

第二章 仪容仪表

第二条 着装统一。
一律佩带工作卡。
"""


def a_writer(**options: Any) -> Staff:
    """Somebody who writes and publishes rules and sets standards."""
    writer: Staff = StaffFactory(role="service_manager", **options)
    return writer


def a_draft(text: str = TEXT, **options: Any) -> RuleDraft:
    """A document with two chapters."""
    values = {"code": "service_rules", "title": "文明服务制度", **options}
    return RuleDraft(body=read_text(text), **values)


def a_rule(by: Staff, *, on: date | None = None, **options: Any) -> RuleDocument:
    """A document, published and in force from today or from `on`."""
    document = write_rule(a_draft(**options), by=by)
    publish_rule(document.pk, effective_on=on or timezone.localdate(), at=timezone.now(), by=by)
    document.refresh_from_db()
    return document


def a_standard(by: Staff, department: Department | None = None, **options: Any) -> Standard:
    """At least 95 per cent of complaints handled the same day."""
    values: dict[str, Any] = {
        "name": "当日办结",
        "indicator": "当日办结的投诉占全部投诉的比例",
        "target": Decimal(95),
        "unit": "%",
        **options,
    }
    return set_standard(
        StandardDraft(department=department or DepartmentFactory(), **values), by=by
    )


def publish_today(document: RuleDocument, by: Staff) -> RuleVersion:
    """The draft holds from today."""
    day = timezone.localdate()
    return publish_rule(document.pk, effective_on=day, at=timezone.now(), by=by)


def the_rule() -> RuleDocument:
    """One public document that several tests of one world share."""
    known = RuleDocument.objects.filter(code="attack_rule").first()
    return known or a_rule(a_writer(), code="attack_rule", is_public=True)
