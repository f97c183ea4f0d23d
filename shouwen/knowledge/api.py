"""Phrases over the API: the same queries and operations as on the pages."""

from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router, Status

from shouwen.accounts.decorators import StaffRequest
from shouwen.accounts.permissions import asks_for
from shouwen.core.files import file_url
from shouwen.core.paging import keyset_page
from shouwen.knowledge import operations
from shouwen.knowledge.models import Phrase
from shouwen.knowledge.operations import PhraseDraft
from shouwen.knowledge.permissions import KnowledgePermission
from shouwen.knowledge.queries import find_phrases, phrases_for
from shouwen.knowledge.schemas import FileOut, PhraseIn, PhraseOut, PhrasesOut

router = Router()
PAGE_MOST = 200
FOUND_MOST = 50


@router.get("", response=PhrasesOut, openapi_extra=asks_for(KnowledgePermission.USE_PHRASES))
def list_phrases(request: StaffRequest, after: str = "", size: int = 50) -> PhrasesOut:
    """What the key's person may use, in the order of writing. At most 200 a page."""
    page = keyset_page(
        phrases_for(request.user).prefetch_related("files"),
        order=("pk",),
        after=after,
        size=min(max(size, 1), PAGE_MOST),
    )
    return PhrasesOut(items=[_phrase(one) for one in page.rows], next=page.next_cursor)


@router.get(
    "/find", response=list[PhraseOut], openapi_extra=asks_for(KnowledgePermission.USE_PHRASES)
)
def find(request: StaffRequest, q: str, limit: int = 8) -> list[PhraseOut]:
    """What somebody means by a few keys: shortcut, pinyin initials or words. Likeliest first."""
    found = find_phrases(request.user, q, limit=min(max(limit, 1), FOUND_MOST))
    return [_phrase(one) for one in found]


@router.post("", response=PhraseOut, openapi_extra=asks_for(KnowledgePermission.USE_PHRASES))
def create(request: StaffRequest, body: PhraseIn) -> PhraseOut:
    """Write a phrase, the person's own or the team's."""
    draft = PhraseDraft(
        text=body.text, title=body.title, shortcut=body.shortcut, folder=body.folder
    )
    return _phrase(operations.create_phrase(draft, is_team=body.is_team, by=request.user))


@router.post(
    "/{phrase_id}/used",
    response={204: None},
    openapi_extra=asks_for(KnowledgePermission.USE_PHRASES),
)
def used(request: StaffRequest, phrase_id: int) -> Status[None]:
    """Count one use."""
    phrase = get_object_or_404(phrases_for(request.user), pk=phrase_id)
    operations.use_phrase(phrase.pk, by=request.user, at=timezone.now())
    return Status(204, None)


@router.delete(
    "/{phrase_id}", response={204: None}, openapi_extra=asks_for(KnowledgePermission.USE_PHRASES)
)
def delete(request: StaffRequest, phrase_id: int) -> Status[None]:
    """Remove a phrase. Refused for the polite ones and those of colleagues."""
    phrase = get_object_or_404(phrases_for(request.user), pk=phrase_id)
    operations.delete_phrase(phrase.pk, by=request.user)
    return Status(204, None)


def _phrase(phrase: Phrase) -> PhraseOut:
    return PhraseOut(
        id=phrase.pk,
        title=phrase.title,
        text=phrase.text,
        shortcut=phrase.shortcut,
        folder=phrase.folder,
        is_personal=phrase.is_personal,
        courtesy_number=phrase.courtesy_number,
        use_count=phrase.use_count,
        files=[
            FileOut(name=one.name, url=file_url(one), content_type=one.content_type, size=one.size)
            for one in phrase.files.all()
        ],
    )
