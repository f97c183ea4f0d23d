"""Parts of a definition in words."""

from django import template
from django.utils.translation import gettext as _

from shouwen.cases.definitions import ClockRule, FieldType
from shouwen.cases.models import Case
from shouwen.deadlines.queries import calendar_by_code
from shouwen.packs.forms.kinds import APPROVALS
from shouwen.packs.forms.rows import NATURES, TYPES

register = template.Library()


@register.filter
def stage_name(stage: str | None) -> str:
    """A stage by its name; nothing for none."""
    return str(Case.Stage(stage).label) if stage else ""


@register.filter
def field_type(name: str) -> str:
    """What a field holds."""
    return str(TYPES[FieldType(name)])


@register.filter
def nature_name(code: str) -> str:
    """For which cases a step is."""
    return str(NATURES[code])


@register.filter
def approval_name(code: str) -> str:
    """When a proposal needs an approval."""
    return str(APPROVALS[code])


@register.filter
def rule_amount(rule: ClockRule) -> str:
    """How long: "30 minutes", "today", "3 days"; with the calendar it names."""
    if rule.minutes is not None:
        words = _("%d working minutes") % rule.minutes
    elif rule.days:
        words = _("%d working days") % rule.days
    else:
        words = _("today")
    return f"{words} · {_calendar(rule.calendar)}" if rule.calendar else words


def _calendar(code: str) -> str:
    calendar = calendar_by_code(code)
    return calendar.name if calendar else code


@register.filter
def rule_conditions(rule: ClockRule) -> str:
    """For which cases a rule holds."""
    flags = (
        (rule.is_urgent, _("special or urgent"), _("ordinary nature")),
        (rule.is_major, _("major"), _("not major")),
        (rule.is_handed_over, _("handed over"), _("not handed over")),
    )
    words = [yes if wanted else no for wanted, yes, no in flags if wanted is not None]
    if rule.priority:
        words.append(str(Case.Priority(rule.priority).label))
    if rule.way:
        words.append(str(Case.Way(rule.way).label))
    return _("、").join(words) or _("all others")
