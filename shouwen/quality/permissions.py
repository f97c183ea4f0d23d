"""What people may do with rule documents and standards, and who may by default."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from shouwen.accounts.permissions import register_permissions
from shouwen.accounts.roles import RoleGroup


class QualityPermission(StrEnum):
    """Names of permissions."""

    WRITE_RULES = "quality.write_rules"
    PUBLISH_RULES = "quality.publish_rules"
    SET_STANDARDS = "quality.set_standards"
    MEASURE = "quality.measure"


_P = QualityPermission

register_permissions(
    "quality",
    QualityPermission,
    {
        _P.WRITE_RULES: _("write rule documents and see who has read them"),
        _P.PUBLISH_RULES: _("publish rule documents"),
        _P.SET_STANDARDS: _("set the standards of every department and the principles"),
        _P.MEASURE: _("record how a standard was kept"),
    },
    {
        RoleGroup.CHECKERS: {_P.MEASURE},
        RoleGroup.LEADERS: {_P.WRITE_RULES, _P.MEASURE},
        RoleGroup.MANAGERS: {_P.WRITE_RULES, _P.PUBLISH_RULES, _P.SET_STANDARDS, _P.MEASURE},
    },
    title=_("Rules and standards"),
)
