"""Assets (资产): what a customer has that we look after."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from shouwen.core.models import TimestampedModel
from shouwen.customers.models.customer import Customer


class Asset(TimestampedModel):
    """A flat, vehicle, device, shop or game account of a customer (资产).

    `attributes` are named texts, such as {"面积": "89 m²", "自住": "是"}.
    """

    class Kind(models.TextChoices):
        FLAT = "flat", _("Property")
        VEHICLE = "vehicle", _("Vehicle")
        DEVICE = "device", _("Device")
        ACCOUNT = "account", _("Account")
        CONTRACT = "contract", _("Contract")
        OTHER = "other", _("Other")

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="assets")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    label = models.CharField(_("label"), max_length=100)
    attributes = models.JSONField(default=dict, blank=True)

    class Meta:
        db_table = "customer_asset"
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "kind", "label"], name="customer_asset_once"
            )
        ]

    def __str__(self) -> str:
        return self.label
