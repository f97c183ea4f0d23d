"""Writes of accounts, one module a noun."""

from shouwen.accounts.operations.departments import (
    change_company,
    change_department,
    close_department,
    create_department,
    found_departments,
)
from shouwen.accounts.operations.passwords import (
    ask_password_reset,
    change_password,
    invite_staff,
    reset_password,
    set_password_of,
)
from shouwen.accounts.operations.presence import set_presence
from shouwen.accounts.operations.reads import Subject, log_read
from shouwen.accounts.operations.roles import change_role, create_role, install_roles
from shouwen.accounts.operations.sessions import check_password, record_seen, record_sign_in
from shouwen.accounts.operations.staff import (
    change_own_profile,
    change_staff,
    create_staff,
    deactivate_staff,
    reactivate_staff,
)

__all__ = [
    "Subject",
    "ask_password_reset",
    "change_company",
    "change_department",
    "change_own_profile",
    "change_password",
    "change_role",
    "change_staff",
    "check_password",
    "close_department",
    "create_department",
    "create_role",
    "create_staff",
    "deactivate_staff",
    "found_departments",
    "install_roles",
    "invite_staff",
    "log_read",
    "reactivate_staff",
    "record_seen",
    "record_sign_in",
    "reset_password",
    "set_password_of",
    "set_presence",
]
