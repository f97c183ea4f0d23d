"""Reads about staff, departments, roles and presence."""

from shouwen.accounts.models import Company, Staff

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


def company() -> Company:
    """The company's settings: the one row, made when missing."""
    found, _made = Company.objects.get_or_create(pk=1)
    return found
