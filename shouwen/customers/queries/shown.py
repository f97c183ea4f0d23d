"""What one person may see of a customer: the only place that decides between clear and masked. [D423]"""

from shouwen.accounts.models import Staff
from shouwen.customers.models import ContactPoint, Customer
from shouwen.customers.permissions import CustomerPermission


def may_see_names(staff: Staff) -> bool:
    """Whether full names are shown."""
    return staff.may(CustomerPermission.SEE_NAMES) or staff.may(CustomerPermission.SEE_CLEAR)


def shown_name(customer: Customer, staff: Staff) -> str:
    """The name as this person may see it: 周玉兰 or 周*兰. For pages, the API, search and exports."""
    return customer.display_name if may_see_names(staff) else customer.masked_name


def shown_contact(point: ContactPoint, staff: Staff) -> str:
    """The contact point as this person may see it: in clear only with customers.see_clear."""
    return point.clear if staff.may(CustomerPermission.SEE_CLEAR) else point.masked


def contact_field(contact_point_id: int) -> str:
    """The name of a contact point as a field to reveal."""
    return f"contact-{contact_point_id}"
