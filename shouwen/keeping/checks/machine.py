"""The machine: clock, version against the database, certificate."""

import socket
import ssl
import time
from datetime import UTC, datetime, timedelta
from functools import cache as kept_for_good
from functools import partial
from urllib.parse import urlsplit

from cryptography import x509
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shouwen.core.clock import span_text
from shouwen.core.scanner import ScannerAwayError, is_set_up, scanner_version
from shouwen.keeping.backup.taking import product_version
from shouwen.ui.cards import HealthRow, HealthState

CLOCK_NEAR_SECONDS, CLOCK_ILL_SECONDS = 2.0, 30.0
CERTIFICATE_NEAR, CERTIFICATE_ILL = timedelta(days=21), timedelta(days=5)
CERTIFICATE_CACHE_SECONDS = 6 * 3600
CONNECT_SECONDS = 2.0
Row = partial(HealthRow, group="machine")
# The wall clock and the clock that only counts, as this process began.
_BEGAN = (time.time(), time.monotonic())


def clock(at: datetime) -> list[HealthRow]:
    """How far the clock is from the database server's, and whether it was moved under us."""
    del at
    apart, moved = _apart_from_server(), _moved()
    worst = max(abs(apart), abs(moved))
    state: HealthState = "well"
    if worst > CLOCK_NEAR_SECONDS:
        state = "ill" if worst > CLOCK_ILL_SECONDS else "near"
    if state == "well":
        return [Row(label=_("Clock"), state=state, text=_("It agrees with the database server's."))]
    if abs(moved) >= abs(apart):
        text = _("This machine's clock was moved by %s while the system ran.")
    else:
        text = _(
            "It differs from the database server's by %s: waiting times and deadlines are wrong."
        )
    advice = _("Switch on time synchronisation (such as chrony) on every machine.")
    words = text % span_text(worst)
    return [Row(label=_("Clock"), state=state, text=words, advice=advice, is_banner=state == "ill")]


def scanner(at: datetime) -> list[HealthRow]:
    """Whether the virus scanner answers; no row without one."""
    del at
    if not is_set_up():
        return []
    label = _("Virus scanner")
    try:
        return [Row(label=label, state="well", text=scanner_version())]
    except ScannerAwayError as error:
        text = _("It does not answer (%s).") % error
        if settings.TAKES_UNSCANNED:
            advice = _("Files are taken unchecked meanwhile. Start clamd or mend VIRUS_SCANNER.")
        else:
            advice = _("Files are refused meanwhile. Start clamd or mend VIRUS_SCANNER.")
        return [Row(label=label, state="ill", text=text, advice=advice, is_banner=True)]


def _apart_from_server() -> float:
    """Seconds by which this machine is ahead of the database server."""
    before = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        there: datetime = cursor.fetchone()[0]
    after = timezone.now()
    return (before + (after - before) / 2 - there).total_seconds()


def _moved() -> float:
    """Seconds by which the wall clock was moved since this process began."""
    wall, counted = _BEGAN
    return (time.time() - wall) - (time.monotonic() - counted)


def version(at: datetime) -> list[HealthRow]:
    """Whether the database is that of this version."""
    del at
    applied = _applied()
    waiting, unknown = _pending(applied), _unknown(applied)
    label = _("Version")
    if waiting:
        words = ngettext(
            "The database lacks %d change of this version.",
            "The database lacks %d changes of this version.",
            len(waiting),
        )
        return [
            Row(
                label=label,
                state="ill",
                text=words % len(waiting),
                advice=_("Run “shouwen upgrade”."),
                is_banner=True,
            )
        ]
    if unknown:
        text = _("The database was changed by a newer version: %s.") % ", ".join(unknown[:3])
        advice = _("Install the newer version, or restore the backup from before the upgrade.")
        return [Row(label=label, state="near", text=text, advice=advice)]
    text = _("%s; the database fits it.") % product_version()
    return [Row(label=label, state="well", text=text)]


@kept_for_good
def _known_migrations() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)


def _applied() -> set[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        return set(cursor.fetchall())


def pending_migrations() -> list[str]:
    """What this version would change in the database, as `part.name`."""
    return _pending(_applied())


def _pending(applied: set[tuple[str, str]]) -> list[str]:
    return sorted(f"{app}.{name}" for app, name in _known_migrations() - applied)


def unknown_migrations() -> list[str]:
    """What a newer version has changed in the database, as `part.name`."""
    return _unknown(_applied())


def _unknown(applied: set[tuple[str, str]]) -> list[str]:
    ours = {app for app, _name in _known_migrations()}
    return sorted(f"{app}.{name}" for app, name in applied - _known_migrations() if app in ours)


def certificate(at: datetime) -> list[HealthRow]:
    """When the certificate of PUBLIC_URL ends; looked up a few times a day."""
    if not settings.IS_HTTPS:
        return []
    host = urlsplit(settings.PUBLIC_URL)
    ends = cache.get_or_set(
        f"keeping.certificate:{host.netloc}",
        lambda: _certificate_ends(host.hostname or "", host.port or 443),
        CERTIFICATE_CACHE_SECONDS,
    )
    label = _("Certificate of %s") % host.hostname
    if not ends:
        text = _("It cannot be seen from here: the address does not answer this machine.")
        return [Row(label=label, state="unknown", text=text)]
    left = ends - at
    if left < timedelta(0):
        text = _("It has ended: browsers refuse the site.")
    else:
        text = _("It ends in %s.") % span_text(left.total_seconds())
    if left > CERTIFICATE_NEAR:
        return [Row(label=label, state="well", text=text)]
    is_ill = left < CERTIFICATE_ILL
    advice = _("Renew it at the proxy, and see why it is not renewed by itself.")
    return [
        Row(
            label=label,
            state="ill" if is_ill else "near",
            text=text,
            advice=advice,
            is_banner=is_ill,
        )
    ]


def _certificate_ends(host: str, port: int) -> datetime | str:
    """The end of the certificate that is shown there; empty if none is. Trust is not judged here."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        with (
            socket.create_connection((host, port), CONNECT_SECONDS) as plain,
            context.wrap_socket(plain, server_hostname=host) as secure,
        ):
            found = x509.load_der_x509_certificate(secure.getpeercert(binary_form=True) or b"")
    except (OSError, ValueError):
        return ""
    return found.not_valid_after_utc.astimezone(UTC)
