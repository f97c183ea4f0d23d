"""Contact points (联系方式): where a customer can be reached, each belonging to one customer only."""

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Reverse
from django.utils.translation import gettext_lazy as _

from shouwen.core.models import TimestampedModel
from shouwen.customers.contactkinds import ContactKind, platform_label
from shouwen.customers.masking import mask_contact
from shouwen.customers.models.customer import Customer
from shouwen.customers.normalising import phone_in_clear


class ContactPoint(TimestampedModel):
    """A phone number, mail address or IM id of a customer (联系方式).

    `value` is as it was entered, `normalised` its one form (E.164, lower-case mail, IM id), which
    no two customers share. `platform` names the IM service and is empty for phone and mail.
    """

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="contact_points")
    kind = models.CharField(max_length=10, choices=ContactKind)
    platform = models.CharField(max_length=30, blank=True)
    value = models.CharField(max_length=254)
    normalised = models.CharField(max_length=254)
    is_primary = models.BooleanField(default=False)
    is_verified = models.BooleanField(_("verified"), default=False)

    class Meta:
        db_table = "contact_point"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "platform", "normalised"], name="contact_point_once"
            ),
            models.UniqueConstraint(
                fields=["customer", "kind", "platform"],
                condition=Q(is_primary=True),
                name="contact_point_one_primary",
            ),
            models.CheckConstraint(
                condition=Q(kind="im") & ~Q(platform="") | ~Q(kind="im") & Q(platform=""),
                name="contact_point_im_has_platform",
            ),
        ]
        indexes = [
            models.Index(
                OpClass(Reverse("normalised"), "text_pattern_ops"),
                name="contact_point_tail",
                condition=Q(kind="phone"),
            )
        ]

    def __str__(self) -> str:
        return self.masked

    @property
    def masked(self) -> str:
        """As anyone may see it: 138****7719, z***@x.com."""
        return mask_contact(self.kind, self.normalised)

    @property
    def clear(self) -> str:
        """As one dials or types it."""
        return phone_in_clear(self.normalised) if self.kind == ContactKind.PHONE else self.value

    @property
    def label(self) -> str:
        """Phone, Mail, or the IM service: 微信, 旺旺."""
        return platform_label(self.platform) if self.platform else str(self.get_kind_display())
