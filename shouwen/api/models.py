"""Keys of the API, how often they are used, and the answers given to requests with a key of their own."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    """Filters that read as words."""

    def usable(self, at: datetime) -> ApiKeyQuerySet:
        """Neither revoked nor expired, of somebody who still works here."""
        alive = Q(expires_at__isnull=True) | Q(expires_at__gt=at)
        return self.filter(alive, revoked_at__isnull=True, staff__is_active=True)


class ApiKey(models.Model):
    """A key by which a program acts as a member of staff (接口密钥), within its scopes.

    Only a digest is stored; the key itself is shown once.
    """

    name = models.CharField(max_length=80)
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="api_keys"
    )
    beginning = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=60), default=list)
    requests_per_minute = models.PositiveIntegerField(default=600)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="made_api_keys"
    )
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        db_table = "api_key"

    def __str__(self) -> str:
        return f"{self.name} ({self.beginning}…)"


class ApiKeyUse(models.Model):
    """How many requests a key made in one minute (调用次数)."""

    key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, related_name="uses")
    minute = models.DateTimeField()
    count = models.PositiveIntegerField()

    class Meta:
        db_table = "api_key_use"
        constraints = [
            models.UniqueConstraint(fields=["key", "minute"], name="api_key_use_once_a_minute")
        ]

    def __str__(self) -> str:
        return f"{self.key_id} {self.minute:%Y-%m-%d %H:%M}"


class AnsweredRequest(models.Model):
    """The answer to a request that carried an idempotency key (幂等记录).

    Written in the transaction of what the request did, so both are there or neither is.
    """

    key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, related_name="answered")
    name = models.CharField(max_length=255)
    request_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    content_type = models.CharField(max_length=100)
    body = models.BinaryField()
    created_at = models.DateTimeField()

    class Meta:
        db_table = "api_answered_request"
        constraints = [
            models.UniqueConstraint(fields=["key", "name"], name="api_request_answered_once")
        ]
        indexes = [models.Index(fields=["created_at"], name="api_request_age")]

    def __str__(self) -> str:
        return f"{self.key_id} {self.name}"
