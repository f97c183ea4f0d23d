"""How channels and states look: icons and tones."""

from django import template

from shouwen.conversations.models import Conversation

register = template.Library()

Channel = Conversation.Channel
ICONS = {
    Channel.CHAT: "message-circle",
    Channel.MAIL: "mail",
    Channel.PHONE: "phone",
    Channel.WALK_IN: "user",
    Channel.LETTER: "file-text",
    Channel.SMS: "device-mobile",
    Channel.PLATFORM: "building-store",
    Channel.WEB_POST: "world",
}
TONES = {"answered": "kept", "call_back": "near", "missed": "late"}


@register.filter
def channel_icon(channel: str) -> str:
    """The icon of a channel."""
    return ICONS.get(Channel(channel), "message") if channel in Channel.values else "message"


@register.filter
def outcome_tone(outcome: str) -> str:
    """The colour of an outcome."""
    return TONES.get(outcome, "plain")
