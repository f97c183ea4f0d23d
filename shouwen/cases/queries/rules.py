"""Which clock rule holds for a case, and along which calendar it counts."""

from shouwen.accounts.models import Department
from shouwen.cases.definitions import ClockRule, KindDefinition
from shouwen.cases.models import Case
from shouwen.deadlines.models import WorkCalendar
from shouwen.deadlines.queries import calendar_by_code, calendar_of_department


def rule_for(defined: KindDefinition, stage: str, case: Case) -> ClockRule | None:
    """The first rule of this stage whose conditions the case meets."""
    return next((one for one in defined.clocks if one.stage == stage and _holds(one, case)), None)


def _holds(rule: ClockRule, case: Case) -> bool:
    conditions = (
        (rule.is_urgent, case.is_urgent),
        (rule.is_major, case.is_major),
        (rule.is_handed_over, case.is_handed_over),
        (rule.priority, case.priority),
        (rule.way, case.way),
    )
    return all(wanted is None or wanted == actual for wanted, actual in conditions)


def calendar_for(code: str | None, department: Department) -> WorkCalendar | None:
    """The calendar with this code, else the department's, else the company's."""
    named = calendar_by_code(code) if code else None
    return named or calendar_of_department(department)
