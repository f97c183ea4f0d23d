"""The kinds of contact points and the IM services known by name."""

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class ContactKind(models.TextChoices):
    """How somebody can be reached."""

    PHONE = "phone", _("Phone")
    MAIL = "mail", _("Mail")
    IM = "im", _("IM")


# Visitors of the chat widget, known again by their token; the id itself says nothing to people.
VISITOR = "web"

PLATFORMS: dict[str, str | Promise] = {
    "wechat": _("WeChat"),
    "qq": _("QQ"),
    "wangwang": _("Wangwang"),
    "wecom": _("WeCom"),
    "douyin": _("Douyin"),
    "jd": _("JD"),
    "pinduoduo": _("Pinduoduo"),
    "ebay": _("eBay"),
    "facebook": _("Facebook"),
    "whatsapp": _("WhatsApp"),
    "game": _("Game account"),
    VISITOR: _("Web visitor"),
}


def platform_label(platform: str) -> str:
    """The service in words; one that is not known by name is shown as it is written."""
    return str(PLATFORMS.get(platform, platform))
