"""What people may do with conversations, and who may by default."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from shouwen.accounts.permissions import register_permissions
from shouwen.accounts.roles import RoleGroup


class ConversationPermission(StrEnum):
    """Names of permissions."""

    SERVE = "conversations.serve"
    RECORD = "conversations.record"
    SUPERVISE = "conversations.supervise"
    MARK_HARASSING = "conversations.mark_harassing"
    CONFIGURE = "conversations.configure"


_P = ConversationPermission
_WORK = {_P.SERVE, _P.RECORD, _P.MARK_HARASSING}

register_permissions(
    "conversations",
    ConversationPermission,
    {
        _P.SERVE: _("serve customers: claim, answer, transfer, close"),
        _P.RECORD: _("write down calls, visits, letters and messages"),
        _P.SUPERVISE: _("look into, join and take over conversations of others"),
        _P.MARK_HARASSING: _("warn the team of callers who harass"),
        _P.CONFIGURE: _("set up queues and chat widgets"),
    },
    {
        RoleGroup.AGENTS: _WORK,
        RoleGroup.LEADERS: _WORK | {_P.SUPERVISE},
        RoleGroup.MANAGERS: _WORK | {_P.SUPERVISE, _P.CONFIGURE},
    },
    title=_("Conversations"),
)
