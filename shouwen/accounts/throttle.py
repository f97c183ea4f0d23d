"""How many tries a password stands (登录限流): counting and refusing, by account and by address.

An attempt is written down before the password is looked at, so tries at the same time cannot slip
through together. Places from which the account has signed in before have a count of their own:
whoever attacks an account from elsewhere does not shut its owner out.
"""

from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shouwen.accounts.models import SignIn, SignInAttempt
from shouwen.core.errors import Refused

WINDOW = timedelta(hours=1)
KNOWN_FOR = timedelta(days=30)
# Failed tries within an hour; 12 + 7 on one account stay below the twenty that we promise.
FROM_ONE_ADDRESS_ON_ONE_ACCOUNT = 6
ON_ONE_ACCOUNT_FROM_ANYWHERE = 12
ON_ONE_ACCOUNT_FROM_KNOWN_ADDRESSES = 7
FROM_ONE_ADDRESS_ON_ANY_ACCOUNT = 30


class TooManyTries(Refused):
    """Further tries are not looked at for a while; the same words whether the account exists."""

    def __init__(self, wait: timedelta) -> None:
        self.wait = wait
        minutes = max(1, -(-int(wait.total_seconds()) // 60))
        super().__init__(
            ngettext(
                "Too many tries. Please wait %d minute and try again.",
                "Too many tries. Please wait %d minutes and try again.",
                minutes,
            )
            % minutes
        )


def account_key(purpose: str, account: str) -> str:
    """The account as the counts know it: people type passwords into the wrong field."""
    return salted_hmac(
        "accounts.attempt.account", f"{purpose}:{account.strip().lower()}"
    ).hexdigest()


def address_key(address: str) -> str:
    """The address as the counts know it; an IPv6 customer owns a whole /64."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return f"{IPv6Address(int(parsed) >> 64 << 64)}/64"
    return str(parsed)


@transaction.atomic
def reserve_attempt(
    purpose: SignInAttempt.Purpose, account: str, *, address: str, at: datetime
) -> SignInAttempt:
    """One try is counted and may be looked at. Refuses (TooManyTries) when there were too many."""
    attempt = SignInAttempt(
        purpose=purpose,
        account_key=account_key(purpose, account),
        address_key=address_key(address),
        at=at,
        is_known_address=_is_known(account, address, at=at),
    )
    _lock(attempt.account_key)
    _lock(attempt.address_key)
    _refuse_too_many(attempt)
    attempt.save()
    return attempt


def mark_success(attempt: SignInAttempt) -> None:
    """The try was right and counts no longer."""
    attempt.has_succeeded = True
    attempt.save(update_fields=["has_succeeded"])


def forget_old_attempts(*, at: datetime) -> int:
    """Attempts older than a day are gone; returns how many."""
    deleted, _by_model = SignInAttempt.objects.filter(at__lt=at - timedelta(days=1)).delete()
    return deleted


def _refuse_too_many(attempt: SignInAttempt) -> None:
    failed = SignInAttempt.objects.filter(at__gt=attempt.at - WINDOW, has_succeeded=False)
    on_account = failed.filter(account_key=attempt.account_key)
    from_address = failed.filter(address_key=attempt.address_key)
    limits: list[tuple[QuerySet[SignInAttempt], int]] = [
        (on_account.filter(address_key=attempt.address_key), FROM_ONE_ADDRESS_ON_ONE_ACCOUNT)
    ]
    if attempt.is_known_address:
        known = on_account.filter(is_known_address=True)
        limits.append((known, ON_ONE_ACCOUNT_FROM_KNOWN_ADDRESSES))
    else:
        unknown = on_account.filter(is_known_address=False)
        limits.append((unknown, ON_ONE_ACCOUNT_FROM_ANYWHERE))
        limits.append((from_address, FROM_ONE_ADDRESS_ON_ANY_ACCOUNT))
    waits = [_wait(tries, limit, attempt.at) for tries, limit in limits]
    longest = max(waits)
    if longest > timedelta(0):
        raise TooManyTries(longest)


def _wait(tries: QuerySet[SignInAttempt], limit: int, at: datetime) -> timedelta:
    """How long until fewer than `limit` tries lie within the window."""
    times = list(tries.order_by("-at").values_list("at", flat=True)[:limit])
    return times[-1] + WINDOW - at if len(times) >= limit else timedelta(0)


def _is_known(account: str, address: str, *, at: datetime) -> bool:
    """Whether this account signed in from this address within the last 30 days."""
    try:
        known = str(ip_address(address))
    except ValueError:
        return False
    return SignIn.objects.filter(
        staff__username=account.strip().lower(), address=known, at__gt=at - KNOWN_FOR
    ).exists()


def _lock(key: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


def wrong_pair() -> str:
    """The one answer to a wrong name and a wrong password."""
    return _("Sign-in name or password is not right.")
