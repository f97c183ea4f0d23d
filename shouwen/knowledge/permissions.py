"""What may be done with phrases, and who may from the start."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from shouwen.accounts.permissions import register_permissions
from shouwen.accounts.roles import RoleGroup


class KnowledgePermission(StrEnum):
    """Using and writing phrases (快捷短语)."""

    USE_PHRASES = "knowledge.use_phrases"
    SHARE_PHRASES = "knowledge.share_phrases"
    MANAGE_GUARD = "knowledge.manage_guard"
    APPROVE_ANSWERS = "knowledge.approve_answers"


_P = KnowledgePermission

register_permissions(
    "knowledge",
    KnowledgePermission,
    {
        _P.USE_PHRASES: _("use quick phrases and keep personal ones"),
        _P.SHARE_PHRASES: _("write and change the team's phrases"),
        _P.MANAGE_GUARD: _("keep the list of taboo phrases"),
        _P.APPROVE_ANSWERS: _("approve and withdraw answers"),
    },
    {
        RoleGroup.AGENTS: {_P.USE_PHRASES},
        RoleGroup.LEADERS: {_P.USE_PHRASES, _P.SHARE_PHRASES, _P.MANAGE_GUARD, _P.APPROVE_ANSWERS},
        RoleGroup.MANAGERS: {_P.USE_PHRASES, _P.SHARE_PHRASES, _P.MANAGE_GUARD, _P.APPROVE_ANSWERS},
        RoleGroup.CHECKERS: {_P.USE_PHRASES, _P.MANAGE_GUARD, _P.APPROVE_ANSWERS},
    },
    title=_("Knowledge"),
)
