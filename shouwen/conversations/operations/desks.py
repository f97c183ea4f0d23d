"""How mail of a mailbox is received and answered."""

from django.db import transaction
from django.utils.translation import gettext as _

from shouwen.accounts.models import Staff
from shouwen.accounts.permissions import require
from shouwen.conversations.events import MailDeskChanged
from shouwen.conversations.models import MailDesk
from shouwen.conversations.permissions import ConversationPermission
from shouwen.core.bus import publish
from shouwen.core.errors import Refused
from shouwen.knowledge.operations import guard_template


class FrameTooLong(Refused):
    """A letter frame must leave room for the letter."""


@transaction.atomic
def save_mail_desk(desk: MailDesk, *, by: Staff) -> MailDesk:
    """Mail of this mailbox goes to that queue and its answers have this frame from now on. (D109, D613)"""
    require(by, ConversationPermission.CONFIGURE)
    if len(desk.opening) > 500 or len(desk.closing) > 1000:
        raise FrameTooLong(_("Opening and closing are too long."))
    department_id = desk.queue.department_id if desk.queue else None
    guard_template(f"{desk.opening}\n{desk.closing}", department_id=department_id)
    desk.save()
    publish(MailDeskChanged(mailbox_id=desk.mailbox_id, by_id=by.pk))
    return desk
