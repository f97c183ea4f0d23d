"""Kinds of cases and what they sort by."""

from __future__ import annotations

from functools import cached_property

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shouwen.cases.definitions import KindDefinition
from shouwen.core.models import TimestampedModel


class CaseKind(TimestampedModel):
    """A kind of case (工单种类): its form, steps, clocks and ladder are data, from a pack or from here."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    is_complaint = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    definition = models.JSONField()
    pack = models.CharField(max_length=40, blank=True)
    # As the pack brought it: what a site edited since is kept when the pack is upgraded.
    pack_definition = models.JSONField(null=True)
    # The pack brought something newer that gave way to what the site had edited.
    is_behind_pack = models.BooleanField(default=False, db_default=False)

    class Meta:
        db_table = "case_kind"
        indexes = [
            models.Index(fields=["name"], name="case_kind_name", condition=Q(is_active=True))
        ]

    def __str__(self) -> str:
        return self.name

    @cached_property
    def defined(self) -> KindDefinition:
        """The definition, read."""
        return KindDefinition.model_validate(self.definition)

    @property
    def is_edited(self) -> bool:
        """Whether the site changed what the pack brought."""
        return self.pack_definition is not None and self.pack_definition != self.definition


class CaseKindVersion(models.Model):
    """What a kind was from one moment to the next (工单种类版本); never changed, the newest one holds."""

    class How(models.TextChoices):
        INSTALLED = "installed", _("Installed")
        UPGRADED = "upgraded", _("Upgraded by the pack")
        EDITED = "edited", _("Edited here")

    kind = models.ForeignKey(CaseKind, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    definition = models.JSONField()
    how = models.CharField(max_length=10, choices=How)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "case_kind_version"
        constraints = [
            models.UniqueConstraint(fields=["kind", "number"], name="case_kind_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind_id} v{self.number}"

    @property
    def defined(self) -> KindDefinition:
        """The definition, read."""
        return KindDefinition.model_validate(self.definition)


class CaseCategory(models.Model):
    """A category or a cause of a kind (分类, 原因), in a tree; one no longer defined stays readable."""

    class Axis(models.TextChoices):
        CATEGORY = "category", _("Category")
        CAUSE = "cause", _("Cause")

    kind = models.ForeignKey(CaseKind, on_delete=models.CASCADE, related_name="nodes")
    axis = models.CharField(max_length=10, choices=Axis)
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=80)
    help = models.CharField(max_length=2000, blank=True)
    needs_evidence = models.BooleanField(default=False)
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="children")
    position = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        db_table = "case_category"
        constraints = [
            models.UniqueConstraint(fields=["kind", "axis", "code"], name="case_category_once")
        ]

    def __str__(self) -> str:
        return self.name
