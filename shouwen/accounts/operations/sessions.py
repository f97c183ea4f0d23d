"""Writes about signing in and out."""

import logging
from datetime import datetime, timedelta
from ipaddress import ip_address

from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet

from shouwen.accounts.events import SignedIn, SignedOut, SignInRefused
from shouwen.accounts.models import PresenceState, SignIn, SignInAttempt, Staff
from shouwen.accounts.operations.presence import move_presence
from shouwen.accounts.permissions import AccountsPermission, require
from shouwen.accounts.throttle import TooManyTries, mark_success, reserve_attempt, wrong_pair
from shouwen.core.bus import publish
from shouwen.core.errors import NotThere, Refused

logger = logging.getLogger(__name__)

SEEN_EVERY = timedelta(minutes=1)


class WrongPassword(Refused):
    """Name or password is wrong; which of them, nobody is told."""


def check_password(username: str, password: str, *, address: str, at: datetime) -> Staff:
    """The person whose name and password these are.

    Refuses a wrong pair (WrongPassword) and too many tries (TooManyTries) with the same words and
    after the same time whether or not there is such a person. Fewer than 20 tries an hour on one
    account reach the password; tries from elsewhere do not shut out a place that is known.
    """
    try:
        attempt = reserve_attempt(SignInAttempt.Purpose.PASSWORD, username, address=address, at=at)
    except TooManyTries:
        logger.warning("sign-in refused address=%s why=too_many_tries", address)
        raise
    staff = Staff.objects.people().filter(username=username.strip().lower()).first()
    if staff is None or not staff.is_active:
        make_password(password)  # the same work as for a real account
        _refuse(staff, address=address, why="unknown_or_inactive")
    elif not staff.check_password(password):
        _refuse(staff, address=address, why="wrong_password")
    else:
        mark_success(attempt)
        return staff
    raise WrongPassword(wrong_pair())


@transaction.atomic
def _refuse(staff: Staff | None, *, address: str, why: str) -> None:
    staff_id = staff.pk if staff else None
    logger.warning("sign-in refused staff=%s address=%s why=%s", staff_id, address, why)
    publish(SignInRefused(staff_id=staff_id, address=address, why=why))


@transaction.atomic
def record_sign_in(
    staff: Staff, *, session_key: str, address: str, device: str, at: datetime
) -> SignIn:
    """The session is one of this person's sign-ins, shown to them with device and address."""
    sign_in = SignIn.objects.create(
        staff=staff,
        session_key=session_key,
        address=_written(address),
        device=" ".join(device.split())[:200],
        at=at,
        last_seen_at=at,
    )
    publish(SignedIn(staff_id=staff.pk, sign_in_id=sign_in.pk, address=address, by_id=staff.pk))
    logger.info("signed in staff=%s address=%s", staff.pk, address)
    return sign_in


def _written(address: str) -> str | None:
    """The address if it can be stored; local sockets and zones of IPv6 cannot."""
    try:
        return str(ip_address(address.partition("%")[0]))
    except ValueError:
        return None


def record_seen(staff: Staff, *, session_key: str, at: datetime) -> None:
    """The session was in use now; written at most once a minute."""
    SignIn.objects.filter(
        staff=staff, session_key=session_key, last_seen_at__lt=at - SEEN_EVERY
    ).update(last_seen_at=at)


@transaction.atomic
def sign_out(*, session_key: str, at: datetime, by: Staff) -> None:
    """This session is over; after the last one the person is offline."""
    here = SignIn.objects.filter(staff=by, session_key=session_key)
    _end(by, here, at=at, why="signed_out", by=by)
    if not by.sign_ins.filter(ended_at__isnull=True).exists():
        move_presence(by, PresenceState.OFFLINE, at=at, by=by)


@transaction.atomic
def end_sign_in(sign_in_id: int, *, at: datetime, by: Staff) -> None:
    """One session is over, on whatever device. Others' sessions are ended only by who may."""
    sign_in = SignIn.objects.select_related("staff").filter(pk=sign_in_id).first()
    if sign_in is None:
        raise NotThere
    if sign_in.staff_id != by.pk:
        require(by, AccountsPermission.END_SESSIONS)
    _end(sign_in.staff, SignIn.objects.filter(pk=sign_in_id), at=at, why="ended", by=by)


@transaction.atomic
def end_other_sign_ins(
    *, keep_session_key: str, at: datetime, by: Staff, why: str = "ended"
) -> None:
    """All own sessions but this one are over."""
    others = SignIn.objects.filter(staff=by).exclude(session_key=keep_session_key)
    _end(by, others, at=at, why=why, by=by)


@transaction.atomic
def end_all_sessions(staff: Staff, *, at: datetime, why: str, by: Staff) -> None:
    """The person is signed out everywhere. Others are signed out only by who may."""
    if staff.pk != by.pk and not by.may(AccountsPermission.MANAGE_STAFF):
        require(by, AccountsPermission.END_SESSIONS)
    _end(staff, SignIn.objects.filter(staff=staff), at=at, why=why, by=by)


def _end(staff: Staff, sign_ins: QuerySet[SignIn], *, at: datetime, why: str, by: Staff) -> None:
    """Sessions are removed from the database at once; sockets are closed by the handler."""
    still_open = list(sign_ins.select_for_update().filter(ended_at__isnull=True))
    if not still_open:
        return
    Session.objects.filter(session_key__in=[one.session_key for one in still_open]).delete()
    ids = [one.pk for one in still_open]
    SignIn.objects.filter(pk__in=ids).update(ended_at=at, session_key="")
    publish(SignedOut(staff_id=staff.pk, sign_in_ids=ids, why=why, by_id=by.pk))
    logger.info("signed out staff=%s sessions=%d why=%s by=%s", staff.pk, len(ids), why, by.pk)


def follow_session_key(old_key: str, new_key: str, *, by: Staff) -> None:
    """The sign-in goes on under the new id that its session was given."""
    SignIn.objects.filter(staff=by, session_key=old_key).update(session_key=new_key)
