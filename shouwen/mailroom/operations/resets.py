"""The mail with which somebody sets a new password."""

from django.utils.translation import gettext as _

from shouwen.accounts.models import Staff
from shouwen.mailroom.models import Outbound
from shouwen.mailroom.operations.outgoing import MailDraft, queue_mail

_PRIORITY = 10  # somebody waits in front of the screen


def queue_password_reset(reset_id: int, *, mail: str, link: str, by: Staff) -> Outbound:
    """The link is on its way through the default mailbox, once. Refuses with NoMailbox."""
    text = _(
        "Hello,\n\n"
        "a new password was asked for this address. With this link you can set it within an hour:\n\n"
        "%s\n\n"
        "If you did not ask for it, there is nothing to do; your password stays as it is.\n"
    )
    draft = MailDraft(
        key=f"password-reset:{reset_id}",
        to=[mail],
        subject=_("Set a new password"),
        text=text % link,
        headers={"Auto-Submitted": "auto-generated"},
        priority=_PRIORITY,
    )
    return queue_mail(draft, mailbox=None, by=by)
