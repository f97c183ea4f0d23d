"""The posts a site begins with (角色): codes, names, groups. What each may do is in permissions.py."""

from enum import StrEnum
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class RoleGroup(StrEnum):
    """Roles alike in what they may do; used to give default permissions to many at once."""

    AGENTS = "agents"  # who talk with customers
    LEADERS = "leaders"  # who lead a shift or a group
    MANAGERS = "managers"  # who answer for the service or the company
    COLLEAGUES = "colleagues"  # whom work is handed to
    CHECKERS = "checkers"  # who inspect and count


class Post(NamedTuple):
    """A post named in the source documents."""

    name: str | Promise
    group: RoleGroup
    description: str | Promise
    reach: str = "own"
    order_stage: str = ""


_AGENT, _LEADER, _MANAGER = RoleGroup.AGENTS, RoleGroup.LEADERS, RoleGroup.MANAGERS
_COLLEAGUE, _CHECKER = RoleGroup.COLLEAGUES, RoleGroup.CHECKERS
_TALKS = _("Answers customers, keeps their matters to the end and writes them down.")
_RECEIVES = _("Receives what service hands over, does it, and answers in writing.")
_DIRECTS = _("Sees everything, decides what nobody below may decide.")

POSTS: dict[str, Post] = {
    "agent": Post(_("Service specialist"), _AGENT, _TALKS, "department"),
    "supervisor": Post(
        _("Service supervisor"),
        _LEADER,
        _("Leads the agents, takes over, gets what is escalated first."),
        "department",
    ),
    "service_manager": Post(
        _("Service department manager"), _MANAGER, _("Answers for the whole of service."), "all"
    ),
    "representative": Post(_("Service representative"), _AGENT, _TALKS, "department"),
    "assistant": Post(_("Service assistant"), _AGENT, _TALKS, "department"),
    "front_desk": Post(_("Front desk agent"), _AGENT, _TALKS, "department"),
    "phone_agent": Post(
        _("Phone agent"),
        _AGENT,
        _("Takes inbound calls: enquiries, complaints, opinions, feedback."),
        "department",
    ),
    "onsite_agent": Post(
        _("On-site agent"), _AGENT, _("Serves at the customer's place."), "department"
    ),
    "online_agent": Post(_("Online agent"), _AGENT, _TALKS, "department"),
    "presale_agent": Post(
        _("Presale agent"), _AGENT, _("Advises until payment."), "department", "presale"
    ),
    "aftersale_agent": Post(
        _("After-sale agent"), _AGENT, _("Helps from dispatch on."), "department", "aftersale"
    ),
    "operator": Post(_("Call operator"), _AGENT, _TALKS, "department"),
    "shift_leader": Post(
        _("Shift leader"), _LEADER, _("Answers for one shift and its handover."), "department"
    ),
    "team_leader": Post(_("Team leader"), _LEADER, _("Leads a group of agents."), "department"),
    "back_office": Post(
        _("Back office"), _AGENT, _("Does what needs no caller on the line."), "department"
    ),
    "quality_inspector": Post(
        _("Quality inspector"),
        _CHECKER,
        _("Reads and listens to finished contacts and judges them."),
        "all",
    ),
    "duty_manager": Post(
        _("Manager on duty"), _LEADER, _("Decides for the company while on duty."), "all"
    ),
    "chief_property_manager": Post(_("Chief property manager"), _MANAGER, _DIRECTS, "all"),
    "property_centre_director": Post(
        _("Property service centre director"),
        _MANAGER,
        _("Answers for one property's service centre."),
        "department",
    ),
    "complaint_receiver": Post(
        _("Complaint receiver"), _AGENT, _("Takes complaints and follows them."), "department"
    ),
    "receptionist": Post(
        _("Receptionist"), _AGENT, _("Receives visitors and their concerns."), "department"
    ),
    "complaint_lead": Post(
        _("Complaint lead"), _LEADER, _("Answers for all complaints and their count."), "all"
    ),
    "deputy_general_manager": Post(
        _("Deputy general manager in charge"), _MANAGER, _DIRECTS, "all"
    ),
    "managing_director": Post(_("General manager in charge"), _MANAGER, _DIRECTS, "all"),
    "general_manager": Post(_("General manager"), _MANAGER, _DIRECTS, "all"),
    "operations_director": Post(_("Operations director"), _MANAGER, _DIRECTS, "all"),
    "operations_manager": Post(
        _("Operations manager"),
        _COLLEAGUE,
        _("Shop strategy, marketing plan, traffic and sales; receives service feedback."),
        "department",
    ),
    "product_manager": Post(
        _("Product manager"),
        _COLLEAGUE,
        _("Product strategy; receives service feedback."),
        "department",
    ),
    "data_analyst": Post(_("Data analyst"), _CHECKER, _("Reads the figures of service."), "all"),
    "software_engineer": Post(
        _("Software engineer"), _COLLEAGUE, _("Receives bugs handed over."), "department"
    ),
    "planning_supervisor": Post(
        _("Planning supervisor"), _COLLEAGUE, _("Plans promotions and events."), "department"
    ),
    "section_head": Post(
        _("Section head"), _LEADER, _("Heads a section and its duty times."), "department"
    ),
    "station_head": Post(
        _("Station head"), _MANAGER, _("Heads the whole station and its staff."), "all"
    ),
    "station_appointee": Post(
        _("Station appointee"), _LEADER, _("Appointed by the station for a task."), "department"
    ),
    "chat_companion": Post(_("Chat companion"), _AGENT, _("Keeps guests company in talk."), "own"),
    "technician": Post(_("Technician"), _COLLEAGUE, _RECEIVES, "department"),
    "salesperson": Post(_("Salesperson"), _COLLEAGUE, _RECEIVES, "department"),
    "sales_consultant": Post(_("Sales consultant"), _COLLEAGUE, _RECEIVES, "department"),
    "floor_supervisor": Post(_("Floor supervisor"), _COLLEAGUE, _RECEIVES, "department"),
    "receiving": Post(_("Goods receiving"), _COLLEAGUE, _RECEIVES, "department"),
    "finance": Post(_("Finance"), _COLLEAGUE, _RECEIVES, "department"),
    "warehouse": Post(_("Warehouse"), _COLLEAGUE, _RECEIVES, "department"),
    "dispatch": Post(_("Dispatch department"), _COLLEAGUE, _RECEIVES, "department"),
    "courier_finance": Post(_("Courier finance"), _COLLEAGUE, _RECEIVES, "department"),
    "institution_head": Post(
        _("Institution head"), _MANAGER, _("Answers for one institution."), "department"
    ),
    "audit_head": Post(
        _("Audit head"), _MANAGER, _("Approves what was checked and filed."), "department"
    ),
    "claims_dispatcher": Post(
        _("Dispatcher"), _AGENT, _("Sends the right people to the right place."), "all"
    ),
    "administrator": Post(
        _("Administrator"), _MANAGER, _("Sets the system up; may do everything."), "all"
    ),
    "system": Post(
        _("The system"), _MANAGER, _("Acts where nobody acts: timers, rules, robots."), "all"
    ),
}

# These hold every permission there is, also those of later versions.
ALL_POWERFUL = frozenset({"administrator", "system"})


def codes_of(group: str) -> list[str]:
    """The role codes of a group; of a role code, itself. Unknown names are a mistake."""
    if group in POSTS:
        return [group]
    return [code for code, post in POSTS.items() if post.group == RoleGroup(group)]
