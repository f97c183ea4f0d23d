"""Finding keys."""

import hashlib
from datetime import datetime

from django.db.models import Max, QuerySet

from shouwen.api.models import ApiKey


def digest_of(secret: str) -> str:
    """What is stored of a key. It has 256 random bits, so a plain hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def key_of(secret: str, *, at: datetime) -> ApiKey | None:
    """The usable key with this secret."""
    usable = ApiKey.objects.usable(at).select_related("staff__department")
    return usable.filter(digest=digest_of(secret)).first()


def keys() -> QuerySet[ApiKey]:
    """All keys, usable ones first, with the minute of their last use."""
    found = ApiKey.objects.select_related("staff", "created_by")
    return found.annotate(last_used_at=Max("uses__minute")).order_by("revoked_at", "-pk")
