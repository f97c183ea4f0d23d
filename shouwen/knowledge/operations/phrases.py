"""Writing, sharing, using and importing phrases."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from shouwen.accounts.models import Department, Staff
from shouwen.accounts.permissions import require
from shouwen.core.bus import publish
from shouwen.core.errors import NotThere
from shouwen.core.files import store_file
from shouwen.knowledge.courtesy import POLITE_PHRASES
from shouwen.knowledge.events import (
    CourtesyInstalled,
    PhraseChanged,
    PhraseCreated,
    PhraseDeleted,
    PhraseShared,
    PhrasesImported,
    PhraseUsed,
)
from shouwen.knowledge.models import TEXT_LIMIT, Phrase
from shouwen.knowledge.operations.guard import guard_template
from shouwen.knowledge.permissions import KnowledgePermission
from shouwen.knowledge.refusals import (
    NothingToImport,
    NotOwnPhrase,
    PhraseTextMissing,
    PhraseTooLong,
    PolitePhraseFixed,
    ShortcutTaken,
    TabooPhrase,
    TooManyFiles,
)
from shouwen.knowledge.sounds import fill_sounds

TITLE_LIMIT = 60
TITLE_FROM_TEXT = 20
FOLDER_LIMIT = 40
SHORTCUT_LIMIT = 20
FILES_MOST = 9
IMPORT_MOST = 2000
COURTESY_FOLDER = "文明用语"


@dataclass(frozen=True, kw_only=True)
class PhraseDraft:
    """What somebody writes: `uploads` are new files as name and bytes, `kept_files` ids that stay."""

    text: str
    title: str = ""
    shortcut: str = ""
    folder: str = ""
    department: Department | None = None
    uploads: Sequence[tuple[str, bytes]] = field(default_factory=tuple)
    kept_files: Sequence[int] = field(default_factory=tuple)


@dataclass(frozen=True)
class Imported:
    """What became of pasted lines."""

    added: int
    already_there: int
    refused: int


@transaction.atomic
def create_phrase(draft: PhraseDraft, *, is_team: bool, by: Staff) -> Phrase:
    """There is a phrase, the writer's own or the team's.

    Without a title the first 20 characters are one. Refuses one with neither words nor files,
    words over 2,000 characters, a shortcut that is taken, and team phrases of who may not share.
    """
    require(by, KnowledgePermission.USE_PHRASES)
    if is_team:
        require(by, KnowledgePermission.SHARE_PHRASES)
    phrase = Phrase(owner=None if is_team else by)
    _write(phrase, draft)
    _save(phrase)
    _attach(phrase, draft)
    publish(
        PhraseCreated(phrase_id=phrase.pk, title=phrase.title, is_personal=not is_team, by_id=by.pk)
    )
    return phrase


@transaction.atomic
def update_phrase(phrase_id: int, *, draft: PhraseDraft, by: Staff) -> Phrase:
    """The phrase reads so and has exactly the files kept and those added. Refuses as `create_phrase`."""
    phrase = _changeable(phrase_id, by)
    fact = PhraseChanged(
        phrase_id=phrase.pk, old_title=phrase.title, old_text=phrase.text, by_id=by.pk
    )
    _write(phrase, draft)
    _save(phrase)
    phrase.files.remove(*phrase.files.exclude(pk__in=draft.kept_files))
    _attach(phrase, draft)
    publish(fact)
    return phrase


@transaction.atomic
def delete_phrase(phrase_id: int, *, by: Staff) -> None:
    """The phrase is gone; its words stay in history. Refuses the polite phrases."""
    phrase = _changeable(phrase_id, by)
    fact = PhraseDeleted(phrase_id=phrase.pk, title=phrase.title, text=phrase.text, by_id=by.pk)
    phrase.delete()
    publish(fact)


@transaction.atomic
def share_phrase(phrase_id: int, *, by: Staff, department: Department | None = None) -> Phrase:
    """A personal phrase is the team's from now on, or that of one department.

    Refuses who may not share, and a shortcut that the team uses already.
    """
    phrase = _changeable(phrase_id, by)
    require(by, KnowledgePermission.SHARE_PHRASES)
    phrase.owner, phrase.department = None, department
    _save(phrase)
    publish(PhraseShared(phrase_id=phrase.pk, from_id=by.pk, by_id=by.pk))
    return phrase


@transaction.atomic
def use_phrase(phrase_id: int, *, by: Staff, at: datetime) -> None:
    """One more use is counted: what is used more comes first. Refuses what is not there."""
    require(by, KnowledgePermission.USE_PHRASES)
    changed = Phrase.objects.filter(pk=phrase_id).update(
        use_count=F("use_count") + 1, last_used_at=at
    )
    if not changed:
        raise NotThere
    publish(PhraseUsed(phrase_id=phrase_id, by_id=by.pk))


@transaction.atomic
def import_phrases(lines: str, *, folder: str, is_team: bool, by: Staff) -> Imported:
    """Every pasted line that can be one is a phrase: text, or title⇥text, or shortcut⇥title⇥text.

    Lines that are there already are left out, as are those too long or with a shortcut that is
    taken. Pasting twice changes nothing. Refuses when no line can be taken over.
    """
    require(by, KnowledgePermission.USE_PHRASES)
    if is_team:
        require(by, KnowledgePermission.SHARE_PHRASES)
    owned = Phrase.objects.filter(owner=None if is_team else by)
    texts = set(owned.values_list("text", flat=True))
    shortcuts = set(owned.exclude(shortcut="").values_list("shortcut", flat=True))
    fresh, known, refused = [], 0, 0
    for line in [one for one in lines.splitlines() if one.strip()][:IMPORT_MOST]:
        phrase = Phrase(owner=None if is_team else by)
        try:
            _write(phrase, _draft_of(line, folder))
            _refuse_second_shortcut(phrase, shortcuts)
        except (PhraseTextMissing, PhraseTooLong, ShortcutTaken, TabooPhrase):
            refused += 1
            continue
        if phrase.text in texts:
            known += 1
            continue
        texts.add(phrase.text)
        shortcuts.add(phrase.shortcut)
        fresh.append(phrase)
    if not fresh and not known:
        raise NothingToImport(_("No line could be taken over."))
    Phrase.objects.bulk_create(fresh, batch_size=500)
    publish(PhrasesImported(count=len(fresh), is_personal=not is_team, by_id=by.pk))
    return Imported(len(fresh), known, refused)


@transaction.atomic
def install_courtesy(*, by: Staff) -> int:
    """The 20 polite phrases are there, as the rule book words them. How many were added.

    Done again it changes nothing. [part of D630]
    """
    there = set(Phrase.objects.polite().values_list("courtesy_number", flat=True))
    missing = []
    for number, text in enumerate(POLITE_PHRASES, start=1):
        if number not in there:
            phrase = Phrase(courtesy_number=number)
            title = text.replace("{greeting}", "上午好/下午好/晚上好").partition("{")[0]
            draft = PhraseDraft(text=text, title=title.rstrip("，！"), folder=COURTESY_FOLDER)
            _write(phrase, draft)
            missing.append(phrase)
    if missing:
        Phrase.objects.bulk_create(missing)
        publish(CourtesyInstalled(count=len(missing), by_id=by.pk))
    return len(missing)


def _changeable(phrase_id: int, by: Staff) -> Phrase:
    """The phrase, locked, if this person may change it."""
    require(by, KnowledgePermission.USE_PHRASES)
    phrase = Phrase.objects.select_for_update().filter(pk=phrase_id).first()
    if phrase is None:
        raise NotThere
    if phrase.is_personal and phrase.owner_id != by.pk:
        raise NotOwnPhrase(_("This is a personal phrase of a colleague."))
    if phrase.is_polite:
        raise PolitePhraseFixed(_("The polite phrases stay as the rule book words them."))
    if not phrase.is_personal:
        require(by, KnowledgePermission.SHARE_PHRASES)
    return phrase


def _write(phrase: Phrase, draft: PhraseDraft) -> None:
    text = draft.text.replace("\r\n", "\n").strip()
    if not text and not draft.uploads and not draft.kept_files:
        raise PhraseTextMissing(_("Please enter the text, or add a picture."))
    guard_template(text, department_id=draft.department.pk if draft.department else None)
    phrase.text = _fitting(text, TEXT_LIMIT)
    title = draft.title.strip() or " ".join(text.split())[:TITLE_FROM_TEXT] or _("Picture")
    phrase.title = _fitting(title, TITLE_LIMIT)
    shortcut = "".join(draft.shortcut.split()).lstrip("/").casefold()
    phrase.shortcut = _fitting(shortcut, SHORTCUT_LIMIT)
    phrase.folder = _fitting(draft.folder.strip(), FOLDER_LIMIT)
    phrase.department = None if phrase.owner_id else draft.department
    fill_sounds(phrase)


def _fitting(text: str, limit: int) -> str:
    if len(text) > limit:
        raise PhraseTooLong(_("At most %d characters fit here.") % limit)
    return text


def _save(phrase: Phrase) -> None:
    try:
        with transaction.atomic():
            phrase.save()
    except IntegrityError:
        raise _taken(phrase) from None


def _refuse_second_shortcut(phrase: Phrase, shortcuts: set[str]) -> None:
    if phrase.shortcut and phrase.shortcut in shortcuts:
        raise _taken(phrase)


def _taken(phrase: Phrase) -> ShortcutTaken:
    return ShortcutTaken(_("Another phrase has the shortcut “%s”.") % phrase.shortcut)


def _attach(phrase: Phrase, draft: PhraseDraft) -> None:
    if phrase.files.count() + len(draft.uploads) > FILES_MOST:
        raise TooManyFiles(_("At most %d files fit into one phrase.") % FILES_MOST)
    phrase.files.add(*(store_file(name, content) for name, content in draft.uploads))


def _draft_of(line: str, folder: str) -> PhraseDraft:
    cells = [cell.strip() for cell in line.split("\t", 2)]
    if len(cells) == 3:
        return PhraseDraft(shortcut=cells[0], title=cells[1], text=cells[2], folder=folder)
    if len(cells) == 2:
        return PhraseDraft(title=cells[0], text=cells[1], folder=folder)
    return PhraseDraft(text=cells[0], folder=folder)
