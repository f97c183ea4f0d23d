"""Giving out keys, taking them back, counting their use."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils.translation import gettext as _

from shouwen.accounts.models import Staff
from shouwen.accounts.permissions import require
from shouwen.api.events import ApiKeyMade, ApiKeyRevoked
from shouwen.api.models import AnsweredRequest, ApiKey, ApiKeyUse
from shouwen.api.permissions import ApiPermission
from shouwen.api.queries import digest_of
from shouwen.api.scopes import all_scopes
from shouwen.core.bus import publish
from shouwen.core.errors import NotThere, Refused

BEGINNING = "sw_"
KEPT_FOR = timedelta(hours=48)


class ScopesUnclear(Refused):
    """A key needs at least one scope, and known ones only."""


@dataclass(frozen=True)
class NewKey:
    """A key just made; `secret` is never seen again."""

    key: ApiKey
    secret: str


@transaction.atomic
def make_api_key(
    name: str,
    *,
    staff: Staff,
    scopes: Iterable[str],
    expires_at: datetime | None = None,
    at: datetime,
    by: Staff,
) -> NewKey:
    """A program that has the secret acts as `staff` within the scopes, until it is revoked or expires.

    Refuses unknown scopes and none at all.
    """
    require(by, ApiPermission.MANAGE_KEYS)
    wanted = sorted(set(scopes))
    if not wanted or set(wanted) - {code for code, _label in all_scopes()}:
        raise ScopesUnclear(_("Choose what the key may reach."))
    secret = BEGINNING + secrets.token_urlsafe(32)
    key = ApiKey.objects.create(
        name=name.strip(),
        staff=staff,
        beginning=secret[:9],
        digest=digest_of(secret),
        scopes=wanted,
        created_by=by,
        created_at=at,
        expires_at=expires_at,
    )
    publish(ApiKeyMade(key_id=key.pk, staff_id=staff.pk, scopes=wanted, by_id=by.pk))
    return NewKey(key, secret)


@transaction.atomic
def revoke_api_key(key_id: int, *, at: datetime, by: Staff) -> ApiKey:
    """The key opens nothing any more, at once. Revoked already is fine."""
    require(by, ApiPermission.MANAGE_KEYS)
    key = ApiKey.objects.select_for_update().filter(pk=key_id).first()
    if key is None:
        raise NotThere
    if key.revoked_at is None:
        key.revoked_at = at
        key.save(update_fields=["revoked_at"])
        publish(ApiKeyRevoked(key_id=key.pk, by_id=by.pk))
    return key


def count_use(key: ApiKey, *, at: datetime) -> int:
    """One more request of the key in the minute of `at`; returns how many those are, in all processes."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO api_key_use (key_id, minute, count) VALUES (%s, %s, 1)"
            " ON CONFLICT (key_id, minute) DO UPDATE SET count = api_key_use.count + 1"
            " RETURNING count",
            [key.pk, at.replace(second=0, microsecond=0)],
        )
        count: int = cursor.fetchone()[0]
    return count


def forget_old_requests(*, at: datetime) -> None:
    """Answers older than two days and counts older than that are gone."""
    AnsweredRequest.objects.filter(created_at__lt=at - KEPT_FOR).delete()
    newest = ApiKeyUse.objects.filter(minute__lt=at - KEPT_FOR)
    newest.delete()
