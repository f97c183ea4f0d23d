"""Roles (角色): what people may do and how far they see."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.roles import ALL_POWERFUL, POSTS
from shouwen.core.models import TimestampedModel


class Role(TimestampedModel):
    """A post with its permissions and reach (角色).

    A built-in role is named in the reader's language until a site gives it a name of its own.
    """

    class Reach(models.TextChoices):
        OWN = "own", _("own matters")
        DEPARTMENT = "department", _("own department and those below")
        ALL = "all", _("everything")

    class OrderStage(models.TextChoices):
        NONE = "", _("any stage")
        PRESALE = "presale", _("presale (before payment)")
        AFTERSALE = "aftersale", _("after-sale (after dispatch)")

    code = models.SlugField(_("code"), max_length=40, unique=True)
    given_name = models.CharField(_("name"), max_length=60, blank=True)
    given_description = models.TextField(_("description"), blank=True)
    permissions = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    offered = ArrayField(models.CharField(max_length=80), default=list, blank=True, editable=False)
    reach = models.CharField(_("reach"), max_length=12, choices=Reach, default=Reach.OWN)
    order_stage = models.CharField(
        _("order stage"), max_length=12, choices=OrderStage, blank=True, default=OrderStage.NONE
    )
    position = models.PositiveIntegerField(default=1000)

    class Meta:
        db_table = "role"

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name a site gave, else the built-in one."""
        if self.given_name or self.code not in POSTS:
            return self.given_name or self.code
        return str(POSTS[self.code].name)

    @property
    def description(self) -> str:
        """The description a site gave, else the built-in one."""
        if self.given_description or self.code not in POSTS:
            return self.given_description
        return str(POSTS[self.code].description)

    @property
    def is_all_powerful(self) -> bool:
        """Whether it holds every permission there is, now and later."""
        return self.code in ALL_POWERFUL

    def holds(self, permission: str) -> bool:
        """Whether this role has the permission."""
        return self.is_all_powerful or permission in self.permissions
