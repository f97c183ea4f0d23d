"""The list of kinds by pack, the page of one, its versions, and what comes out as a file."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from shouwen.accounts.decorators import StaffRequest, permission_required
from shouwen.cases.definitions import KindDefinition
from shouwen.cases.models import Case, CaseKind
from shouwen.cases.operations.kinds import keep_own, retire_kind, save_kind, take_from_pack
from shouwen.cases.permissions import CasePermission
from shouwen.cases.queries.kinds import versions_of
from shouwen.core.errors import Refused
from shouwen.packs.loading import PackInfo, read_pack
from shouwen.packs.operations import install_pack
from shouwen.packs.queries import differences, own_kinds, shelves, shipped_folder
from shouwen.packs.writing import kind_text, pack_archive

configures = permission_required(CasePermission.CONFIGURE)
VERSIONS_SHOWN = 20


@require_safe
@configures
def kind_list(request: StaffRequest) -> HttpResponse:
    """Kinds of cases by the pack that brought them."""
    return render(request, "packs/list.html", {"shelves": shelves(), "own": own_kinds()})


@require_safe
@configures
def kind_page(request: StaffRequest, kind_code: str) -> HttpResponse:
    """One kind: its form, categories, steps, deadlines, ladder, remedies, and what it was before."""
    kind = get_object_or_404(CaseKind, code=kind_code)
    news = KindDefinition.model_validate(kind.pack_definition) if kind.is_behind_pack else None
    context = {
        "kind": kind,
        "defined": kind.defined,
        "open_count": Case.objects.open().filter(kind=kind).count(),
        "versions": list(versions_of(kind)[:VERSIONS_SHOWN]),
        "differences": differences(kind.defined, news) if news else [],
    }
    return render(request, "packs/kind.html", context)


@require_safe
@configures
def version_page(request: StaffRequest, kind_code: str, version_number: int) -> HttpResponse:
    """What a kind was at one time, and what differs from today."""
    kind = get_object_or_404(CaseKind, code=kind_code)
    version = get_object_or_404(versions_of(kind), number=version_number)
    context = {
        "kind": kind,
        "version": version,
        "text": kind_text(version.defined),
        "differences": differences(version.defined, kind.defined),
    }
    return render(request, "packs/version.html", context)


@require_POST
@configures
def kind_act(request: StaffRequest, kind_code: str, kind_verb: str) -> HttpResponse:
    """Retire a kind or bring it back, take what its pack brought or keep one's own."""
    kind = get_object_or_404(CaseKind, code=kind_code)
    acts = {
        "retire": lambda: retire_kind(kind.code, is_active=False, by=request.user),
        "restore": lambda: retire_kind(kind.code, is_active=True, by=request.user),
        "take": lambda: take_from_pack(kind.code, by=request.user),
        "keep": lambda: keep_own(kind.code, by=request.user),
    }
    if kind_verb not in acts:
        raise Http404
    try:
        acts[kind_verb]()
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("packs:kind", kind.code)


@require_POST
@configures
def version_restore(request: StaffRequest, kind_code: str, version_number: int) -> HttpResponse:
    """The kind is again what it was at that time, as a new version."""
    kind = get_object_or_404(CaseKind, code=kind_code)
    version = get_object_or_404(versions_of(kind), number=version_number)
    try:
        save_kind(version.definition, of=kind, by=request.user)
        messages.success(request, _("The kind is again as it was then."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("packs:kind", kind.code)


@require_safe
@configures
def kind_file(request: StaffRequest, kind_code: str) -> HttpResponse:
    """The kind as a file of a pack."""
    del request
    kind = get_object_or_404(CaseKind, code=kind_code)
    return _download(
        kind_text(kind.defined).encode(), f"{kind.code}.yaml", "application/yaml; charset=utf-8"
    )


@require_safe
@configures
def pack_file(request: StaffRequest, pack_code: str) -> HttpResponse:
    """All kinds of a pack as they are here now, as a pack that can be installed elsewhere."""
    del request
    kinds = list(CaseKind.objects.filter(pack=pack_code).order_by("code"))
    if not kinds:
        raise Http404
    folder = shipped_folder(pack_code)
    info = read_pack(folder).info if folder else PackInfo(code=pack_code, name=pack_code, version=1)
    archive = pack_archive(info, [one.defined for one in kinds])
    return _download(archive, f"{pack_code}.zip", "application/zip")


def _download(content: bytes, name: str, content_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_POST
@configures
def pack_install(request: StaffRequest, pack_code: str) -> HttpResponse:
    """Install a pack, or what is new in it; what the site edited stays, and a word says so."""
    folder = shipped_folder(pack_code)
    if folder is None:
        raise Http404
    try:
        done = install_pack(read_pack(folder), by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("packs:kinds")
    changed = [one for one in done.kinds if one.outcome in {"new", "upgraded"}]
    words = ngettext("%(count)d kind installed.", "%(count)d kinds installed.", len(changed))
    messages.success(request, words % {"count": len(changed)})
    behind = CaseKind.objects.filter(pack=pack_code, is_behind_pack=True).values_list(
        "name", flat=True
    )
    if names := _("、").join(behind):
        messages.warning(
            request,
            _("Kept as you edited it, though the pack brings something newer: %s. Compare them.")
            % names,
        )
    return redirect("packs:kinds")
