"""Taboo phrases: written, changed, taken away, installed; words checked before they go out."""

from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from shouwen.accounts.models import Staff
from shouwen.accounts.permissions import require
from shouwen.core.bus import publish
from shouwen.core.errors import NotThere, Refused
from shouwen.knowledge.events import TabooChanged, TaboosInstalled, WordsGuarded
from shouwen.knowledge.guard import plain
from shouwen.knowledge.models import Taboo
from shouwen.knowledge.permissions import KnowledgePermission
from shouwen.knowledge.queries.guard import STAMP, may_be_reasoned, stopping, taboo_hits
from shouwen.knowledge.refusals import TabooPhrase
from shouwen.knowledge.taboos import standard_taboos

REASON_LIMIT = 200


@transaction.atomic
def save_taboo(taboo: Taboo, *, by: Staff) -> Taboo:
    """The phrase is guarded so from now on. Refuses one without letters, and one that is there."""
    require(by, KnowledgePermission.MANAGE_GUARD)
    if not plain(taboo.text):
        raise Refused(_("Please enter the phrase."))
    try:
        with transaction.atomic():
            taboo.save()
    except IntegrityError:
        raise Refused(_("This phrase is on the list already.")) from None
    _changed(taboo, by)
    return taboo


@transaction.atomic
def delete_taboo(taboo_id: int, *, by: Staff) -> None:
    """The phrase is not guarded any more."""
    require(by, KnowledgePermission.MANAGE_GUARD)
    taboo = Taboo.objects.select_for_update().filter(pk=taboo_id).first()
    if taboo is None:
        raise NotThere
    fact = TabooChanged(taboo_id=taboo.pk, text=taboo.text, is_removed=True, by_id=by.pk)
    taboo.delete()
    cache.delete(STAMP)
    publish(fact)


@transaction.atomic
def install_taboos(*, by: Staff) -> int:
    """The taboo phrases of the rule book are there; how many were added. Only where none is yet."""
    if Taboo.objects.exists():
        return 0
    rows = [
        Taboo(
            text=one.text,
            severity=one.severity,
            replacement=one.replacement,
            is_whole=one.is_whole,
            source=source,
        )
        for one, source in standard_taboos()
    ]
    Taboo.objects.bulk_create(rows)
    cache.delete(STAMP)
    publish(TaboosInstalled(count=len(rows), by_id=by.pk))
    return len(rows)


def _changed(taboo: Taboo, by: Staff) -> None:
    cache.delete(STAMP)
    publish(TabooChanged(taboo_id=taboo.pk, text=taboo.text, by_id=by.pk))


def guard_words(
    text: str, *, conversation_id: int, department_id: int | None, reason: str, by: Staff
) -> None:
    """Words to a customer hold no taboo phrase, or a reason is given where one is enough. (D632)

    Both, the refusal and the sending with a reason, are on record. Call it inside a transaction
    that is kept when it refuses. Raises `TabooPhrase`.
    """
    hits = stopping(taboo_hits(text, department_id=department_id))
    if not hits:
        return
    is_reasoned = may_be_reasoned(hits) and bool(reason.strip())
    publish(
        WordsGuarded(
            conversation_id=conversation_id,
            phrases=[one.text for one in hits],
            was_sent=is_reasoned,
            reason=reason.strip()[:REASON_LIMIT] if is_reasoned else "",
            by_id=by.pk,
        )
    )
    if not is_reasoned:
        raise TabooPhrase(hits, may_give_reason=may_be_reasoned(hits))


def guard_template(text: str, *, department_id: int | None = None) -> None:
    """Words that are kept to be sent later hold no taboo phrase at all. Raises `TabooPhrase`."""
    if hits := stopping(taboo_hits(text, department_id=department_id)):
        raise TabooPhrase(hits)
