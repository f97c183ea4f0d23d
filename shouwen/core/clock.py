"""Time as people read it, and the bounds of a local day."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

_acting_at: ContextVar[datetime | None] = ContextVar("acting_at", default=None)


def now() -> datetime:
    """The present moment, or the one that is being told of (see `acting_at`)."""
    return _acting_at.get() or timezone.now()


@contextmanager
def acting_at(moment: datetime) -> Iterator[None]:
    """What is done inside stands in history at `moment`: for imports and demo data of the past."""
    token = _acting_at.set(moment)
    try:
        yield
    finally:
        _acting_at.reset(token)


def local_day(at: datetime) -> date:
    """The day of `at` where the company is."""
    return timezone.localdate(at)


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """The first moment of a local day and the first moment of the next."""
    zone = timezone.get_current_timezone()
    start = datetime.combine(day, time.min, tzinfo=zone)
    return start, datetime.combine(day + timedelta(days=1), time.min, tzinfo=zone)


def moment_text(moment: datetime, *, at: datetime) -> str:
    """Relative near by (within an hour), the time today, day and time beyond."""
    seconds = (at - moment).total_seconds()
    if 0 <= seconds < 60:
        return _("just now")
    if 0 <= seconds < 3600:
        minutes = int(seconds // 60)
        return ngettext("%d minute ago", "%d minutes ago", minutes) % minutes
    local, here = timezone.localtime(moment), timezone.localtime(at)
    if local.date() == here.date():
        return f"{local:%H:%M}"
    if local.date() == here.date() - timedelta(days=1):
        return _("yesterday %s") % f"{local:%H:%M}"
    if local.year == here.year:
        return f"{local:%m-%d %H:%M}"
    return f"{local:%Y-%m-%d %H:%M}"


def span_text(seconds: float) -> str:
    """A length of time in the largest units that matter: 18 seconds, 3 minutes, 2 hours 5 minutes."""
    total = max(0, int(seconds))
    if total < 120:
        return ngettext("%d second", "%d seconds", total) % total
    minutes = total // 60
    if minutes < 60:
        return ngettext("%d minute", "%d minutes", minutes) % minutes
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes}
    return ngettext("%d day", "%d days", hours // 24) % (hours // 24)


def due_text(moment: datetime, *, at: datetime) -> str:
    """How long is left until `moment`, or by how much it has passed."""
    seconds = (moment - at).total_seconds()
    words = _("%s left") if seconds >= 0 else _("%s overdue")
    return words % span_text(abs(seconds))


def full_time(moment: datetime) -> str:
    """Date and time to the second, for titles and papers."""
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M:%S}"
