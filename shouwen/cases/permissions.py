"""What people may do with cases, and who may by default."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from shouwen.accounts.permissions import register_permissions
from shouwen.accounts.roles import RoleGroup


class CasePermission(StrEnum):
    """Names of permissions."""

    OPEN = "cases.open"
    HANDLE = "cases.handle"
    RECEIVE = "cases.receive"
    APPROVE = "cases.approve"
    DIRECT = "cases.direct"
    REPORT_MISCONDUCT = "cases.report_misconduct"
    GRADE_MISCONDUCT = "cases.grade_misconduct"
    CONFIGURE = "cases.configure"


_P = CasePermission
_WORK = {_P.OPEN, _P.HANDLE, _P.RECEIVE, _P.REPORT_MISCONDUCT}

register_permissions(
    "cases",
    CasePermission,
    {
        _P.OPEN: _("open cases"),
        _P.HANDLE: _("work on cases: hand off, answer, follow up, close"),
        _P.RECEIVE: _("receive what is handed to the department"),
        _P.APPROVE: _("approve proposals and remedies"),
        _P.DIRECT: _("direct cases of others: assign, merge, reopen"),
        _P.REPORT_MISCONDUCT: _("report misconduct"),
        _P.GRADE_MISCONDUCT: _("grade misconduct"),
        _P.CONFIGURE: _("change kinds of cases"),
    },
    {
        RoleGroup.AGENTS: _WORK,
        RoleGroup.COLLEAGUES: {_P.RECEIVE, _P.REPORT_MISCONDUCT},
        RoleGroup.CHECKERS: {_P.REPORT_MISCONDUCT},
        RoleGroup.LEADERS: _WORK | {_P.APPROVE, _P.DIRECT},
        RoleGroup.MANAGERS: _WORK | {_P.APPROVE, _P.DIRECT, _P.GRADE_MISCONDUCT, _P.CONFIGURE},
    },
    title=_("Cases"),
)
