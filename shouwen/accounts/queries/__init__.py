"""Reads of accounts, one module a noun."""

from shouwen.accounts.queries.organisation import (
    company,
    department_tree,
    hotline_department,
    permission_matrix,
    responsible_department,
    roles_with_holders,
    visible_departments,
)
from shouwen.accounts.queries.people import (
    DirectoryEntry,
    directory_gaps,
    group_card,
    managed_staff,
    staff_directory,
    system_staff,
    visible_staff,
)
from shouwen.accounts.queries.posts import (
    omitted_parts,
    post_inbox,
    stiff_words_in,
    visible_posts,
)
from shouwen.accounts.queries.presence import (
    PresenceTotal,
    available_staff,
    has_stayed_since,
    presence_of,
    presence_state,
    presence_switch,
    presence_totals,
)
from shouwen.accounts.queries.signin import (
    has_second_factor,
    own_sign_ins,
    password_reset_token,
    totp_of,
    totp_uri,
    usable_reset,
)

__all__ = [
    "DirectoryEntry",
    "PresenceTotal",
    "available_staff",
    "company",
    "department_tree",
    "directory_gaps",
    "group_card",
    "has_second_factor",
    "has_stayed_since",
    "hotline_department",
    "managed_staff",
    "omitted_parts",
    "own_sign_ins",
    "password_reset_token",
    "permission_matrix",
    "post_inbox",
    "presence_of",
    "presence_state",
    "presence_switch",
    "presence_totals",
    "responsible_department",
    "roles_with_holders",
    "staff_directory",
    "stiff_words_in",
    "system_staff",
    "totp_of",
    "totp_uri",
    "usable_reset",
    "visible_departments",
    "visible_posts",
    "visible_staff",
]
