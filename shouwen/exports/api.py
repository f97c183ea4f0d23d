"""Exports over the API: the same rows, cells and rules as on the page."""

from typing import Annotated

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from ninja import Path, Router

from shouwen.accounts.decorators import StaffRequest
from shouwen.accounts.permissions import asks_for, require
from shouwen.core.paging import keyset_page
from shouwen.exports.download import file_answer
from shouwen.exports.models import Export
from shouwen.exports.operations import ask_export, cancel_export
from shouwen.exports.permissions import ExportPermission
from shouwen.exports.queries import own_exports
from shouwen.exports.schemas import ExportIn, ExportOut, ExportsOut

router = Router()
PAGE_MOST = 200
Key = Annotated[int, Path(ge=1, le=2**63 - 1)]
ASKS = asks_for(ExportPermission.EXPORT)


@router.get("", response=ExportsOut, openapi_extra=ASKS)
def list_exports(request: StaffRequest, after: str = "", size: int = 50) -> ExportsOut:
    """The exports of the key's person, newest first. At most 200."""
    require_export(request)
    page = keyset_page(own_exports(request.user), after=after, size=min(max(size, 1), PAGE_MOST))
    return ExportsOut(items=[_out(one) for one in page.rows], next=page.next_cursor)


@router.post("", response=ExportOut, openapi_extra=ASKS)
def ask(request: StaffRequest, body: ExportIn) -> ExportOut:
    """Ask for a list as a file; a worker writes it. Unmasked ones need permission and a reason."""
    return _out(ask_export(body.name, by=request.user, **body.dict(exclude={"name"})))


@router.get("/{export_id}", response=ExportOut, openapi_extra=ASKS)
def get_export(request: StaffRequest, export_id: Key) -> ExportOut:
    """How far it is: waiting, running, ready, failed, cancelled or expired."""
    return _out(_own(request, export_id))


@router.post("/{export_id}/cancel", response=ExportOut, openapi_extra=ASKS)
def cancel(request: StaffRequest, export_id: Key) -> ExportOut:
    """Write it no further; 409 when it is over."""
    require_export(request)
    return _out(cancel_export(export_id, by=request.user))


@router.get("/{export_id}/file", response={200: None}, openapi_extra=ASKS)
def get_file(request: StaffRequest, export_id: Key) -> HttpResponseBase:
    """The file; 404 until it is ready and after it was removed."""
    return file_answer(_own(request, export_id))


def require_export(request: StaffRequest) -> None:
    """Refuses whoever may export nothing."""
    require(request.user, ExportPermission.EXPORT)


def _own(request: StaffRequest, export_id: int) -> Export:
    require_export(request)
    return get_object_or_404(own_exports(request.user), pk=export_id)


def _out(one: Export) -> ExportOut:
    return ExportOut(
        id=one.pk,
        name=one.name,
        asked=one.asked,
        file_format=one.format,
        is_clear=one.is_clear,
        state=one.state,
        total=one.total,
        done=one.done,
        size=one.size,
        error=one.error,
        expires_at=one.expires_at,
    )
