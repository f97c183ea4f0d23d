"""Writes about departments and the company's settings."""

from collections.abc import Iterable
from typing import NamedTuple

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext as _

from shouwen.accounts.events import CompanyChanged, DepartmentChanged
from shouwen.accounts.models import Company, Department, Staff
from shouwen.accounts.permissions import AccountsPermission, require
from shouwen.accounts.queries import company
from shouwen.core.bus import publish
from shouwen.core.errors import Refused


class ServiceUnderAdministration(Refused):
    """The service department is a unit of its own (D248)."""


class DepartmentCodeTaken(Refused):
    """Another department has the code."""


class DepartmentInItself(Refused):
    """A department cannot be moved below itself."""


class DepartmentNotEmpty(Refused):
    """People or open departments still belong to it."""


class Founding(NamedTuple):
    """A department most companies have."""

    code: str
    name: str
    function: Department.Function


FOUNDED = [
    Founding("service", "客户服务部", Department.Function.SERVICE),
    Founding("marketing", "市场营销部", Department.Function.MARKETING),
    Founding("operations", "运营部", Department.Function.OPERATIONS),
    Founding("product", "产品技术部", Department.Function.PRODUCT),
    Founding("engineering", "工程部", Department.Function.ENGINEERING),
    Founding("finance", "财务部", Department.Function.FINANCE),
    Founding("warehouse", "仓储物流部", Department.Function.WAREHOUSE),
    Founding("administration", "行政人事部", Department.Function.ADMINISTRATION),
]
PROPERTY_SERVICE = Founding("property-service", "物业客服部", Department.Function.SERVICE)


@transaction.atomic
def found_departments(*, trade: str = "", by: Staff) -> list[Department]:
    """A company without departments has the usual ones, service a unit of its own (D248).

    In the trade "property" there is also 物业客服部, which answers for property complaints (D695).
    Service owns hotline and complaints until somebody says otherwise (D254, D568). Running it again changes nothing.
    """
    require(by, AccountsPermission.MANAGE_DEPARTMENTS)
    wanted = [*FOUNDED, PROPERTY_SERVICE] if trade == "property" else FOUNDED
    present = set(Department.objects.values_list("code", flat=True))
    made = [
        create_department(code=one.code, name=one.name, function=one.function, by=by)
        for one in wanted
        if one.code not in present
    ]
    _appoint_at_first(Department.objects.filter(code__in=["service", PROPERTY_SERVICE.code]))
    return made


def _appoint_at_first(departments: Iterable[Department]) -> None:
    by_code = {one.code: one for one in departments}
    firm = company()
    service = by_code.get("service")
    firm.hotline_department = firm.hotline_department or service
    firm.complaint_department = firm.complaint_department or service
    firm.property_complaint_department = firm.property_complaint_department or by_code.get(
        PROPERTY_SERVICE.code
    )
    firm.save()


def _refuse_service_under_administration() -> None:
    """Looked at after a change, over the whole tree: moving a parent moves its children too."""
    administration = Department.objects.filter(function=Department.Function.ADMINISTRATION)
    for above in administration:
        below = Department.objects.under(above).exclude(pk=above.pk)
        if below.filter(function=Department.Function.SERVICE).exists():
            raise ServiceUnderAdministration(
                _("The service department is its own unit; it cannot be under administration.")
            )


@transaction.atomic
def create_department(
    *, code: str, name: str, function: str, parent: Department | None = None, by: Staff
) -> Department:
    """The department stands in the tree. Refuses a taken code, and service under administration."""
    require(by, AccountsPermission.MANAGE_DEPARTMENTS)
    if Department.objects.filter(code=code).exists():
        raise DepartmentCodeTaken(_("There is a department with the code %s already.") % code)
    department = Department.objects.create(code=code, name=name, function=function, parent=parent)
    department.path = _path(department)
    department.save(update_fields=["path"])
    _refuse_service_under_administration()
    publish(DepartmentChanged(department_id=department.pk, change="created", by_id=by.pk))
    return department


def _path(department: Department) -> str:
    above = department.parent.path if department.parent else "/"
    return f"{above}{department.pk:08d}/"


@transaction.atomic
def change_department(
    department_id: int, *, name: str, function: str, parent: Department | None, by: Staff
) -> Department:
    """The department has this name, function and place; everything below moved with it.

    Refuses a place below itself and service under administration.
    """
    require(by, AccountsPermission.MANAGE_DEPARTMENTS)
    department = Department.objects.select_for_update().get(pk=department_id)
    if parent is not None and parent.path.startswith(department.path):
        raise DepartmentInItself(_("A department cannot be moved below itself."))
    old_path = department.path
    department.name, department.function, department.parent = name, function, parent
    department.path = _path(department)
    department.save(update_fields=["name", "function", "parent", "path", "updated_at"])
    if department.path != old_path:
        Department.objects.filter(path__startswith=old_path).exclude(pk=department.pk).update(
            path=Concat(Value(department.path), Substr(F("path"), len(old_path) + 1))
        )
    _refuse_service_under_administration()
    publish(DepartmentChanged(department_id=department.pk, change="changed", by_id=by.pk))
    return department


@transaction.atomic
def close_department(department_id: int, *, by: Staff) -> Department:
    """The department takes nobody new. Refuses while people or open departments belong to it."""
    require(by, AccountsPermission.MANAGE_DEPARTMENTS)
    department = Department.objects.select_for_update().get(pk=department_id)
    has_people = department.staff.active().exists()
    if has_people or department.children.active().exists():
        raise DepartmentNotEmpty(_("People or departments still belong to %s.") % department.name)
    department.is_active = False
    department.save(update_fields=["is_active", "updated_at"])
    publish(DepartmentChanged(department_id=department.pk, change="closed", by_id=by.pk))
    return department


COMPANY_FIELDS = (
    "name",
    "time_zone",
    "language",
    "is_set_up",
    "hotline_department",
    "complaint_department",
    "property_complaint_department",
    "stiff_words",
)


@transaction.atomic
def change_company(*, by: Staff, **fields: object) -> Company:
    """The company's settings (COMPANY_FIELDS) are as given; the others stay.

    Which department owns the hotline (D254), complaints (D568) and property complaints (D695) is
    set here.
    """
    require(by, AccountsPermission.MANAGE_COMPANY)
    company()
    firm = Company.objects.select_for_update().get(pk=1)
    changed = [name for name in COMPANY_FIELDS if name in fields]
    for name in changed:
        setattr(firm, name, fields[name])
    firm.save(update_fields=[*changed, "updated_at"])
    publish(CompanyChanged(company_id=firm.pk, fields=changed, by_id=by.pk))
    return firm
