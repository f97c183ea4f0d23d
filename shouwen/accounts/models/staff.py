"""Staff (员工): who works here, and the system itself."""

from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.models.department import Department, DepartmentQuerySet
from shouwen.accounts.models.role import Role
from shouwen.core.models import TimestampedModel

T = TypeVar("T")


class StaffQuerySet(models.QuerySet["Staff"]):
    """Filters that read as words."""

    def active(self) -> "StaffQuerySet":
        """Those who may sign in."""
        return self.filter(is_active=True)

    def people(self) -> "StaffQuerySet":
        """Without the system member of staff."""
        return self.filter(is_system=False)

    def named(self, words: str) -> "StaffQuerySet":
        """Whose name, 花名, sound (pinyin or initials), number or sign-in name has `words`."""
        plain = words.strip().lower()
        sound = plain.replace(" ", "")
        return self.filter(
            Q(name__icontains=plain)
            | Q(display_name__icontains=plain)
            | Q(sound__contains=sound)
            | Q(staff_number__istartswith=plain)
            | Q(username__istartswith=plain)
        )


class SignInManager(BaseUserManager["Staff"]):
    """The manager that Django's sign-in asks for."""

    def get_by_natural_key(self, username: str | None) -> "Staff":
        """By sign-in name, whatever its case."""
        return self.get(username=(username or "").strip().lower())


StaffManager = SignInManager.from_queryset(StaffQuerySet)


class Staff(AbstractBaseUser, TimestampedModel):
    """A member of staff (员工), or the system itself (is_system), who acts where nobody does."""

    username = models.CharField(_("sign-in name"), max_length=60, unique=True)
    staff_number = models.CharField(_("staff number"), max_length=20, unique=True)
    name = models.CharField(_("full name"), max_length=60)
    display_name = models.CharField(_("display name"), max_length=60, blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    mail = models.EmailField(_("mail address"), blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    is_regular = models.BooleanField(_("regular staff"), default=True)
    skills = ArrayField(
        models.CharField(max_length=40), verbose_name=_("skills"), default=list, blank=True
    )
    languages = ArrayField(
        models.CharField(max_length=40), verbose_name=_("languages"), default=list, blank=True
    )
    reception_limit = models.PositiveSmallIntegerField(_("reception limit"), default=5)
    department = models.ForeignKey(
        Department,
        verbose_name=_("department"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="staff",
    )
    roles = models.ManyToManyField(Role, verbose_name=_("roles"), blank=True, related_name="staff")
    is_active = models.BooleanField(_("may sign in"), default=True)
    is_system = models.BooleanField(default=False, editable=False)
    sound = models.CharField(max_length=800, blank=True, editable=False)
    sort_key = models.CharField(max_length=200, blank=True, editable=False)
    password_changed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = StaffManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "mail"
    REQUIRED_FIELDS = ["staff_number", "name"]

    class Meta:
        db_table = "staff"
        constraints = [
            models.UniqueConstraint(
                fields=["is_system"], condition=Q(is_system=True), name="one_system_staff"
            ),
            models.UniqueConstraint(
                fields=["mail"], condition=~Q(mail=""), name="staff_mail_is_one_persons"
            ),
        ]
        indexes = [
            models.Index(fields=["sort_key", "id"], name="staff_by_name"),
            GinIndex(fields=["skills"], name="staff_skills"),
        ]

    def __str__(self) -> str:
        return self.name

    # What a page that only reads has learnt of this person so far; see accounts/decorators.py.
    read_so_far: dict[str, Any] | None = None

    def read_once(self, name: str, read: Callable[[], T]) -> T:
        """What `read` answers; asked once on a page that only reads, else every time."""
        if self.read_so_far is None:
            return read()
        if name not in self.read_so_far:
            self.read_so_far[name] = read()
        known: T = self.read_so_far[name]
        return known

    def get_short_name(self) -> str:
        return self.public_name

    @property
    def public_name(self) -> str:
        """What customers see: the 花名 if there is one."""
        return self.display_name or self.name

    @cached_property
    def role_list(self) -> list[Role]:
        """The roles, read once a request."""
        return sorted(self.roles.all(), key=lambda role: (role.position, role.code))

    @property
    def reach(self) -> str:
        """The widest reach of the roles."""
        held = {role.reach for role in self.role_list}
        for reach in (Role.Reach.ALL, Role.Reach.DEPARTMENT):
            if reach in held or self.is_system:
                return reach.value
        return Role.Reach.OWN.value

    def may(self, permission: str) -> bool:
        """Whether a role holds the permission; the system may do everything, a leaver nothing."""
        if self.is_system:
            return True
        return self.is_active and any(role.holds(permission) for role in self.role_list)

    def reach_departments(self) -> DepartmentQuerySet:
        """The departments whose matters this person may see: all, own and below, or none."""
        if self.reach == Role.Reach.ALL:
            return Department.objects.all()
        if self.reach == Role.Reach.DEPARTMENT and self.department is not None:
            return Department.objects.under(self.department)
        return Department.objects.none()

    def order_stages(self) -> set[str]:
        """The order stages (presale, aftersale) the roles are made for; empty means any."""
        stages = {role.order_stage for role in self.role_list}
        return set() if "" in stages else stages
