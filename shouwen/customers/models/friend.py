"""IM friends (好友): customers whose IM id was added as a friend, in groups."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from shouwen.core.models import TimestampedModel
from shouwen.customers.models.contact import ContactPoint


class FriendGroup(TimestampedModel):
    """A group of IM friends (好友分组): by product, activity entry, age or sex [D511]."""

    class Basis(models.TextChoices):
        PRODUCT = "product", _("Product")
        ACTIVITY = "activity", _("Activity entry")
        AGE = "age", _("Age")
        SEX = "sex", _("Sex")
        OTHER = "other", _("Other")

    name = models.CharField(_("name"), max_length=40, unique=True)
    basis = models.CharField(_("grouped by"), max_length=10, choices=Basis, default=Basis.PRODUCT)

    class Meta:
        db_table = "friend_group"

    def __str__(self) -> str:
        return self.name


class Friend(TimestampedModel):
    """A customer's IM id added as a friend (好友), with what it is grouped by [D511]."""

    class Sex(models.TextChoices):
        UNKNOWN = "", _("Not known")
        MALE = "male", _("Male")
        FEMALE = "female", _("Female")

    contact_point = models.OneToOneField(
        ContactPoint, on_delete=models.CASCADE, related_name="friend"
    )
    groups = models.ManyToManyField(FriendGroup, related_name="friends", blank=True)
    activity = models.CharField(_("activity entry"), max_length=60, blank=True)
    age = models.PositiveSmallIntegerField(_("age"), null=True, blank=True)
    sex = models.CharField(_("sex"), max_length=10, choices=Sex, default=Sex.UNKNOWN, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        db_table = "im_friend"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(age__isnull=True) | models.Q(age__lte=150),
                name="im_friend_age_is_human",
            )
        ]

    def __str__(self) -> str:
        return str(self.contact_point)
