"""Who works at the desk, and whether the day has begun for him."""

from datetime import datetime

from shouwen.accounts.models import Staff
from shouwen.conversations.permissions import ConversationPermission
from shouwen.notices.queries import needs_start_of_day_check


def serves_only(staff: Staff) -> bool:
    """Whether this person serves customers and leads nobody."""
    may_lead = staff.may(ConversationPermission.SUPERVISE)
    return staff.may(ConversationPermission.SERVE) and not may_lead


def owes_start_of_day_check(staff: Staff, *, at: datetime) -> bool:
    """Whether this person has to look at system, phone and network before the next contact. (D153)"""
    return serves_only(staff) and needs_start_of_day_check(staff, at=at)
