"""The tables of accounts, one module a noun."""

from shouwen.accounts.models.company import Company
from shouwen.accounts.models.department import Department, DepartmentQuerySet
from shouwen.accounts.models.post import PostMessage, PostProfile, PostReview, PostSkill
from shouwen.accounts.models.presence import Presence, PresenceSpan, PresenceState
from shouwen.accounts.models.readlog import ReadLog
from shouwen.accounts.models.role import Role
from shouwen.accounts.models.signin import PasswordReset, SecondFactor, SignIn, SignInAttempt
from shouwen.accounts.models.staff import Staff, StaffQuerySet

__all__ = [
    "Company",
    "Department",
    "DepartmentQuerySet",
    "PasswordReset",
    "PostMessage",
    "PostProfile",
    "PostReview",
    "PostSkill",
    "Presence",
    "PresenceSpan",
    "PresenceState",
    "ReadLog",
    "Role",
    "SecondFactor",
    "SignIn",
    "SignInAttempt",
    "Staff",
    "StaffQuerySet",
]
