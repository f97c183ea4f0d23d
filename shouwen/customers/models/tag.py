"""Tags (标签): words on a customer that whoever serves next sees."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from shouwen.core.models import TimestampedModel
from shouwen.customers.models.customer import Customer


class Tag(TimestampedModel):
    """A word that can be put on customers (标签), with a tone of meaning."""

    class Tone(models.TextChoices):
        PLAIN = "plain", _("Plain")
        ACCENT = "accent", _("Highlighted")
        KEPT = "kept", _("Good")
        NEAR = "near", _("Careful")
        LATE = "late", _("Warning")

    name = models.CharField(_("name"), max_length=20, unique=True)
    tone = models.CharField(_("tone"), max_length=10, choices=Tone, default=Tone.PLAIN)

    class Meta:
        db_table = "customer_tag"

    def __str__(self) -> str:
        return self.name


class CustomerTag(models.Model):
    """A tag on a customer (客户标签), put there by somebody."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="tag_links")
    tag = models.ForeignKey(Tag, on_delete=models.PROTECT, related_name="customer_links")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "customer_tag_link"
        constraints = [
            models.UniqueConstraint(fields=["customer", "tag"], name="customer_tag_link_once")
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.tag_id}"
