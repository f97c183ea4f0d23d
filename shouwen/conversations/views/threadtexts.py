"""What the workspace's scripts need from the page, every text included."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from shouwen.accounts.models import Staff
from shouwen.mailroom.permissions import MailPermission


def thread_config(staff: Staff) -> dict[str, object]:
    """Goes into the page as the JSON block `workspace-config`."""
    urls = {
        "upload": reverse("conversations:upload"),
        "colleagues": reverse("accounts:staff_choices"),
        "phrases": reverse("knowledge:phrase_find"),
        "phraseUsed": reverse("knowledge:phrase_used", args=[0]),
        "guard": reverse("knowledge:guard_check"),
    }
    if staff.may(MailPermission.HANDLE):
        urls["resendMail"] = reverse("mailroom:outbound_resend", args=[0])
    return {
        "staff": {"id": staff.pk, "name": staff.name, "publicName": staff.public_name},
        "urls": urls,
        "lineLimit": settings.LINE_LENGTH_LIMIT,
        "fileLimit": settings.FILE_SIZE_LIMIT,
        "texts": _line_texts() | _delivery_texts() | _composer_texts(),
    }


def _line_texts() -> dict[str, str]:
    return {
        "read": _("Read"),
        "unread": _("Not read yet"),
        "sending": _("Sending…"),
        "failed": _("Not sent."),
        "resend": _("Send again"),
        "discard": _("Discard"),
        "recall": _("Recall"),
        "recalled": _("A message was recalled."),
        "recalled_own": _("You recalled a message."),
        "copy": _("Copy"),
        "note": _("Internal note"),
        "open_picture": _("Show the picture"),
        "close": _("Close"),
        "voice": _("Voice message"),
        "play_voice": _("Play the voice message"),
        "pause_voice": _("Pause the voice message"),
        "typing": _("{name} is typing"),
        "typing_customer": _("The customer is typing"),
        "typing_colleague": _("A colleague is typing here"),
        "newest": _("New messages"),
        "empty": _("Nothing has been said yet."),
        "loading": _("Loading…"),
        "failed_load": _("The messages could not be loaded. Trying again…"),
        "show_quote": _("Show the quoted mail"),
        "hide_quote": _("Hide the quoted mail"),
        "automatic": _("automatic mail"),
        "edit_again": _("Edit again"),
    }


def _delivery_texts() -> dict[str, str]:
    """How an answer by mail fares; the keys are the states of the mailroom's ledger."""
    return {
        "delivery_queued": _("Queued to be sent"),
        "delivery_sending": _("Being sent"),
        "delivery_handed_over": _("Handed to the mail server"),
        "delivery_failed": _("Not delivered"),
        "delivery_given_up": _("Not delivered, given up"),
        "delivery_returned": _("Came back"),
    }


def _composer_texts() -> dict[str, str]:
    return {
        "write": _("Write to the customer…"),
        "write_note": _("Write a note only colleagues see…"),
        "only_notes": _("Only the handler answers. You can write a note."),
        "closed": _("This conversation has ended. You can still write a note."),
        "newer": _("{name} has just answered. Please look before you send."),
        "send_anyway": _("Send anyway"),
        "uploading": _("Uploading…"),
        "too_large": _("A file may have at most {size}. Please send a smaller one."),
        "unreachable": _("No connection. It will be sent when there is one."),
        "taboo_block": _("“{text}” is never said to customers."),
        "taboo_warn": _("“{text}” should not be said to customers."),
        "taboo_suggest": _("Better than “{text}”:"),
        "taboo_take": _("Take: {text}"),
        "taboo_reason": _("Reason to send it after all"),
        "approved": _("approved"),
        "over": _("{n} characters too many; {limit} at most"),
        "no_phrases": _("No phrase found."),
        "colleagues": _("Colleagues"),
        "no_colleagues": _("No colleague found."),
        "done": _("Done"),
        "alarm": _("{n} customers wait too long, the longest for {time}"),
        "seconds": _("{n} seconds"),
        "minutes": _("{n} minutes"),
        "voice_short": _("Too short. Please speak, then press Send."),
        "no_microphone": _("The microphone cannot be used. Please allow it in the browser."),
    }
