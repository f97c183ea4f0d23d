"""Reads about people."""

from dataclasses import dataclass

from django.db.models import Q

from shouwen.accounts.models import Role, Staff, StaffQuerySet
from shouwen.accounts.permissions import AccountsPermission

SYSTEM_USERNAME = "system"


def system_staff() -> Staff:
    """The member of staff that acts where nobody does: timers, robots, rules. Made when missing."""
    found, _made = Staff.objects.get_or_create(
        is_system=True,
        defaults={
            "username": SYSTEM_USERNAME,
            "staff_number": SYSTEM_USERNAME,
            "name": "系统",
            "password": "!",
            "reception_limit": 0,
        },
    )
    return found


def visible_staff(staff: Staff) -> StaffQuerySet:
    """The people this person may know of: all with the right to see colleagues, else themselves."""
    people: StaffQuerySet = Staff.objects.people().select_related("department")
    if staff.may(AccountsPermission.SEE_STAFF) or staff.may(AccountsPermission.MANAGE_STAFF):
        return people
    return people.filter(pk=staff.pk)


def managed_staff(staff: Staff) -> StaffQuerySet:
    """The people within this person's reach: everyone, own department and below, or themselves."""
    people: StaffQuerySet = Staff.objects.people().select_related("department")
    if staff.reach == Role.Reach.ALL:
        return people
    return people.filter(Q(department__in=staff.reach_departments()) | Q(pk=staff.pk))


@dataclass(frozen=True)
class DirectoryEntry:
    """A person as the directory shows them; phone and address are empty when hidden."""

    staff: Staff
    phone: str
    address: str
    is_hidden: bool
    misses_phone: bool
    misses_address: bool

    @property
    def has_gap(self) -> bool:
        """Whether something mandatory is missing (regular staff only)."""
        return self.misses_phone or self.misses_address


def directory_entry(one: Staff, reader: Staff) -> DirectoryEntry:
    """The person as `reader` may see them: private details with the right, or one's own."""
    is_hidden = one.pk != reader.pk and not reader.may(AccountsPermission.SEE_PRIVATE_DETAILS)
    return DirectoryEntry(
        staff=one,
        phone="" if is_hidden else one.phone,
        address="" if is_hidden else one.address,
        is_hidden=is_hidden,
        misses_phone=one.is_regular and not one.phone,
        misses_address=one.is_regular and not one.address,
    )


def staff_directory(reader: Staff, *, words: str = "") -> StaffQuerySet:
    """Active colleagues that `reader` may know of, found by name, sound or number."""
    people = visible_staff(reader).active()
    return people.named(words) if words.strip() else people


def directory_gaps(reader: Staff) -> StaffQuerySet:
    """Active regular staff without phone or address: both are mandatory for them (D302)."""
    gaps = visible_staff(reader).active().filter(is_regular=True)
    return gaps.filter(Q(phone="") | Q(address="")).order_by("sort_key", "pk")


def group_card(staff: Staff) -> str:
    """One line for a work group's name card: department, number, name, phone, address (D303)."""
    department = staff.department.name if staff.department else ""
    name = f"{staff.name}({staff.display_name})" if staff.display_name else staff.name
    parts = (department, staff.staff_number, name, staff.phone, staff.address)
    return "-".join(part for part in parts if part)
