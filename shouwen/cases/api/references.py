"""What rows of the API name by code or number: read once for all of them, as the key's person may see it."""

from collections.abc import Callable, Iterable, Sequence
from typing import Generic, TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from shouwen.accounts.models import Department, Staff
from shouwen.accounts.queries import visible_staff
from shouwen.cases.models import CaseCategory, CaseKind
from shouwen.cases.operations.opening import CaseDraft
from shouwen.cases.queries.kinds import active_kinds, categories_by_code
from shouwen.cases.schemas.given import CaseIn
from shouwen.conversations.models import Conversation
from shouwen.conversations.queries.conversations import visible_conversations
from shouwen.core.errors import NotThere
from shouwen.customers.models import Customer
from shouwen.customers.operations import Person
from shouwen.customers.queries import visible_customers

M = TypeVar("M", bound=Model)
# Taken over as they stand.
DRAFTED = (
    "matter", "way", "demand", "title", "values", "is_urgent", "is_major", "priority", "happened_at",
)  # fmt: skip


class Named(Generic[M]):
    """The rows of one kind that are named, by name; nothing is read when nothing is named."""

    def __init__(
        self, rows: Callable[[], QuerySet[M]], name: str, wanted: Iterable[object]
    ) -> None:
        names = {one for one in wanted if one}
        found = rows().filter(**{f"{name}__in": names}) if names else ()
        self._found = {getattr(row, name): row for row in found}

    def get(self, name: object, words: str) -> M | None:
        """The one with this name, None for no name; refuses one that is not there."""
        if not name:
            return None
        if name not in self._found:
            raise NotThere(words % name)
        return self._found[name]

    def all(self) -> list[M]:
        """All that were found."""
        return list(self._found.values())


class References:
    """Everything that these rows name; what is not there is missing only to the row that names it."""

    def __init__(self, rows: Sequence[CaseIn], by: Staff) -> None:
        self.kinds: Named[CaseKind] = Named(active_kinds, "code", (one.kind for one in rows))
        self.departments: Named[Department] = Named(
            Department.objects.all, "code", (one.department for one in rows)
        )
        self.customers: Named[Customer] = Named(
            lambda: visible_customers(by), "pk", (one.customer_id for one in rows)
        )
        self.conversations: Named[Conversation] = Named(
            lambda: visible_conversations(by).select_related("customer", "first_responder"),
            "pk",
            (one.conversation_id for one in rows),
        )
        self.accused: Named[Staff] = Named(
            lambda: visible_staff(by), "pk", (one.accused_id for one in rows)
        )
        codes = {one.category for one in rows if one.category}
        self.categories = categories_by_code(self.kinds.all(), codes) if codes else {}

    def draft(self, row: CaseIn) -> CaseDraft:
        """The row with everything it names; refuses what is not there, or not for this person."""
        kind = self.kinds.get(row.kind, _("There is no kind of case “%s”."))
        if kind is None:
            raise NotThere
        talk = self.conversations.get(row.conversation_id, _("There is no conversation %s."))
        known = self.customers.get(row.customer_id, _("There is no customer %s."))
        return CaseDraft(
            kind=kind,
            # Whoever is named by contact points has no file yet that could be named.
            customer=known or (talk.customer if talk else Customer()),
            category=self._category(row, kind),
            department=self.departments.get(row.department, _("There is no department “%s”.")),
            conversation=talk,
            accused=self.accused.get(row.accused_id, _("There is no colleague %s.")),
            **{name: getattr(row, name) for name in DRAFTED},
        )

    def _category(self, row: CaseIn, kind: CaseKind) -> CaseCategory | None:
        if not row.category:
            return None
        found = self.categories.get((kind.pk, row.category))
        if found is None:
            raise NotThere(_("This kind of case has no category “%s”.") % row.category)
        return found


def person_of(row: CaseIn) -> Person | None:
    """Who is named by contact points; None where a customer or conversation is named by number."""
    if row.customer is None or row.customer_id or row.conversation_id:
        return None
    pairs = (("phone", row.customer.phone), ("mail", row.customer.mail))
    return Person(contacts=[pair for pair in pairs if pair[1]], name=row.customer.name)
