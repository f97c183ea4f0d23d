"""Departments (部门): the tree of the organisation."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from shouwen.core.models import TimestampedModel


class DepartmentQuerySet(models.QuerySet["Department"]):
    """Filters that read as words."""

    def under(self, department: "Department") -> "DepartmentQuerySet":
        """The department itself and everything below it."""
        return self.filter(path__startswith=department.path)

    def active(self) -> "DepartmentQuerySet":
        """Those not closed."""
        return self.filter(is_active=True)

    def in_tree_order(self) -> "DepartmentQuerySet":
        """Parents before children."""
        return self.order_by("path")


class Department(TimestampedModel):
    """A unit of the organisation (部门). Service is its own unit, not under administration."""

    class Function(models.TextChoices):
        SERVICE = "service", _("Customer service")
        MARKETING = "marketing", _("Marketing and sales")
        OPERATIONS = "operations", _("Operations")
        PRODUCT = "product", _("Product")
        ENGINEERING = "engineering", _("Engineering")
        FINANCE = "finance", _("Finance")
        WAREHOUSE = "warehouse", _("Warehouse and dispatch")
        QUALITY = "quality", _("Quality")
        PROPERTY = "property", _("Property management")
        PERSONNEL = "personnel", _("Human resources")
        ADMINISTRATION = "administration", _("Administration")
        MANAGEMENT = "management", _("Management")
        OTHER = "other", _("Other")

    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    name = models.CharField(_("name"), max_length=60)
    code = models.SlugField(_("code"), max_length=40, unique=True)
    function = models.CharField(
        _("function"), max_length=20, choices=Function, default=Function.OTHER
    )
    path = models.CharField(max_length=200, editable=False)  # "/00000001/00000007/"
    is_active = models.BooleanField(default=True)

    objects = DepartmentQuerySet.as_manager()

    class Meta:
        db_table = "department"
        indexes = [
            models.Index(fields=["path"], name="department_path", opclasses=["varchar_pattern_ops"])
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def depth(self) -> int:
        """0 for a department at the top."""
        return self.path.count("/") - 2
