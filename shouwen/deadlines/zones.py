"""Time zones that people choose from."""

from zoneinfo import ZoneInfo, available_timezones

from django.utils.translation import gettext_lazy as _

# The zones where Chinese-speaking teams and their customers are, the likely ones first.
_NAMED = {
    "Asia/Shanghai": _("China"),
    "Asia/Urumqi": _("Urumqi"),
    "Asia/Hong_Kong": _("Hong Kong"),
    "Asia/Macau": _("Macau"),
    "Asia/Taipei": _("Taipei"),
    "Asia/Singapore": _("Singapore"),
    "Asia/Kuala_Lumpur": _("Kuala Lumpur"),
    "Asia/Bangkok": _("Bangkok"),
    "Asia/Jakarta": _("Jakarta"),
    "Asia/Manila": _("Manila"),
    "Asia/Ho_Chi_Minh": _("Ho Chi Minh City"),
    "Asia/Tokyo": _("Tokyo"),
    "Asia/Seoul": _("Seoul"),
    "Asia/Dubai": _("Dubai"),
    "Europe/London": _("London"),
    "Europe/Berlin": _("Berlin"),
    "Europe/Moscow": _("Moscow"),
    "Australia/Sydney": _("Sydney"),
    "America/New_York": _("New York"),
    "America/Chicago": _("Chicago"),
    "America/Los_Angeles": _("Los Angeles"),
    "America/Sao_Paulo": _("São Paulo"),
    "UTC": _("Universal time"),
}


def zone_choices(current: str = "") -> list[tuple[str, str]]:
    """Time zones with their names; `current` is among them when it is a zone at all."""
    choices = [(code, f"{label} ({code})") for code, label in _NAMED.items()]
    if current and current not in _NAMED and current in available_timezones():
        choices.append((current, ZoneInfo(current).key))
    return choices
