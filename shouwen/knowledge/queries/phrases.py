"""Reads about phrases: whose one may use, and what somebody means by a few keys."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Value, When

from shouwen.accounts.models import Staff
from shouwen.accounts.queries import company
from shouwen.knowledge.courtesy import fill, surname_of, time_greeting
from shouwen.knowledge.models import Phrase, PhraseQuerySet
from shouwen.knowledge.permissions import KnowledgePermission
from shouwen.knowledge.sounds import letters

FOUND_MOST = 8
NO_MATCH = 99


@dataclass(frozen=True, kw_only=True)
class Setting:
    """Who says a phrase to whom, and when: what its placeholders become.

    `customer` and `title` (先生, 女士) are as the speaker may see and say them.
    """

    staff: Staff
    at: datetime
    customer: str = ""
    title: str = ""

    def words(self) -> dict[str, str]:
        """What each placeholder becomes here."""
        return {
            "customer": self.customer,
            "title": self.title,
            "me": self.staff.public_name,
            "surname": surname_of(self.staff.name),
            "company": company().name,
            "greeting": time_greeting(self.at),
        }


def phrases_for(staff: Staff) -> PhraseQuerySet:
    """What this person may put into an answer: own phrases, the team's, those of their departments."""
    if not staff.may(KnowledgePermission.USE_PHRASES):
        return Phrase.objects.none()
    usable = Q(owner=staff) | Q(owner__isnull=True, department__isnull=True)
    if staff.department is None:
        return Phrase.objects.filter(usable)
    mine = Value(staff.department.path)
    above = Q(owner__isnull=True, own_path__startswith=F("department__path"))
    return Phrase.objects.alias(own_path=mine).filter(usable | above)


def manageable_phrases(staff: Staff) -> PhraseQuerySet:
    """What this person sees on the phrases page: besides, those of departments they manage."""
    if not staff.may(KnowledgePermission.SHARE_PHRASES):
        return phrases_for(staff)
    reached = Phrase.objects.filter(
        owner__isnull=True, department__in=staff.reach_departments()
    ).values("pk")
    return Phrase.objects.filter(Q(pk__in=phrases_for(staff).values("pk")) | Q(pk__in=reached))


def find_phrases(staff: Staff, typed: str, *, limit: int = FOUND_MOST) -> list[Phrase]:
    """What somebody means by what they typed, likeliest first; nothing typed: the most used.

    Ranked by shortcut, initials of the title (qsd 请稍等), its pinyin, initials of the text, words
    in title and text; then by use. One query, and one for the files. [part of D630]
    """
    found = phrases_for(staff).prefetch_related("files")
    keys = typed.replace("\0", "").strip().lstrip("/").casefold()
    if not keys:
        return list(found.order_by("-use_count", F("owner").asc(nulls_last=True), "pk")[:limit])
    ranked = found.annotate(rank=_rank(keys)).exclude(rank=NO_MATCH)
    return list(ranked.order_by("rank", "-use_count", "pk")[:limit])


def _rank(keys: str) -> Case:
    sound = letters(keys)
    conditions = [Q(shortcut=keys), Q(shortcut__startswith=keys)]
    if sound:
        conditions += [
            Q(title_initials__startswith=sound),
            Q(pinyin__startswith=sound),
            Q(text_initials__startswith=sound),
        ]
    conditions += [Q(title__icontains=keys), Q(text__icontains=keys)]
    if len(sound) > 1:
        conditions.append(Q(title_initials__contains=sound) | Q(text_initials__contains=sound))
    cases = [When(condition, then=Value(place)) for place, condition in enumerate(conditions)]
    return Case(*cases, default=Value(NO_MATCH), output_field=IntegerField())


def spoken(phrase: Phrase, words: dict[str, str]) -> str:
    """The phrase as it goes into an answer, its placeholders filled in."""
    return fill(phrase.text, words)


def folders(phrases: PhraseQuerySet) -> QuerySet[Phrase, dict[str, object]]:
    """The folders of these phrases, each with its `count`, by name."""
    return phrases.order_by().values("folder").annotate(count=Count("pk")).order_by("folder")


def polite_phrases() -> PhraseQuerySet:
    """The 20 polite phrases in the order of the rule book."""
    return Phrase.objects.polite()


def narrowed_phrases(
    staff: Staff, *, words: str = "", folder: str = "", whose: str = ""
) -> PhraseQuerySet:
    """The phrases page narrowed by words or initials, folder, and `whose`: personal or team."""
    found = manageable_phrases(staff)
    if keys := words.strip().lstrip("/").casefold():
        found = found.filter(pk__in=_matching(keys).values("pk"))
    if folder:
        found = found.filter(folder=folder)
    if whose == "personal":
        return found.of(staff.pk)
    return found.of_team() if whose == "team" else found


def _matching(keys: str) -> QuerySet[Phrase]:
    return Phrase.objects.alias(rank=_rank(keys)).exclude(rank=NO_MATCH)
