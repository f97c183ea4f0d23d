"""What conversations put on the page of settings."""

from django.urls import reverse
from django.utils.translation import gettext as _

from shouwen.accounts.decorators import StaffRequest
from shouwen.conversations.permissions import ConversationPermission
from shouwen.core.slots import panel
from shouwen.ui.cards import SettingsCard


@panel("settings.cards", order=10)
def queues_card(request: StaffRequest) -> SettingsCard | None:
    """The way to the queues."""
    if not request.user.may(ConversationPermission.CONFIGURE):
        return None
    return SettingsCard(
        label=_("Queues"),
        text=_("Who serves what, how long somebody may wait, when to call people in."),
        url=reverse("conversations:queues"),
        icon="users-group",
    )


@panel("settings.cards", order=13)
def kinds_card(request: StaffRequest) -> SettingsCard | None:
    """The way to the kinds of contacts."""
    if not request.user.may(ConversationPermission.CONFIGURE):
        return None
    return SettingsCard(
        label=_("Contact kinds"),
        text=_("What contacts are about: what must be asked, when the customer must be told."),
        url=reverse("conversations:kinds"),
        icon="clipboard-text",
    )


@panel("settings.cards", order=12)
def replies_card(request: StaffRequest) -> SettingsCard | None:
    """The way to the answering times and letters."""
    if not request.user.may(ConversationPermission.CONFIGURE):
        return None
    return SettingsCard(
        label=_("Answering times"),
        text=_(
            "How soon mail, messages and letters are answered, and how answers by mail are framed."
        ),
        url=reverse("conversations:reply_times"),
        icon="clock",
    )


@panel("settings.cards", order=11)
def widgets_card(request: StaffRequest) -> SettingsCard | None:
    """The way to the chat widgets."""
    if not request.user.may(ConversationPermission.CONFIGURE):
        return None
    return SettingsCard(
        label=_("Web chat"),
        text=_("The chat on your websites: its words, its queue, the embed code, a QR code."),
        url=reverse("conversations:widgets"),
        icon="message-circle",
    )
