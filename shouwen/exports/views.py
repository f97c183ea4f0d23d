"""The page of exports: my own, the log of all, a new one, its file."""

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shouwen.accounts.decorators import StaffRequest, permission_required
from shouwen.core.errors import Refused
from shouwen.core.paging import keyset_page
from shouwen.exports.download import file_answer
from shouwen.exports.forms import ExportForm
from shouwen.exports.operations import ask_export, cancel_export
from shouwen.exports.permissions import ExportPermission
from shouwen.exports.queries import logged_exports, may_export, own_exports
from shouwen.exports.registry import exportable

OWN_FIELDS = {"csrfmiddlewaretoken", "file_format", "is_clear", "reason"}
LONGEST = 200


@require_safe
@permission_required(ExportPermission.EXPORT)
def export_list(request: StaffRequest) -> HttpResponse:
    """My exports; `?log=1` all in reach, for who may see the log."""
    may_see_log = request.user.may(ExportPermission.SEE_LOG)
    is_log = may_see_log and "log" in request.GET
    rows = logged_exports(request.user) if is_log else own_exports(request.user)
    page = keyset_page(rows, after=request.GET.get("after", ""), size=30)
    context = {
        "page": page,
        "rows": [(one, exportable(one.name)) for one in page.rows],
        "is_log": is_log,
        "may_see_log": may_see_log,
        "is_waiting": any(one.is_under_way for one in page.rows),
    }
    name = "exports/list.html"
    if request.headers.get("HX-Request"):
        name += "#rows"
    return render(request, name, context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(ExportPermission.EXPORT)
def export_new(request: StaffRequest, name: str) -> HttpResponse:
    """Ask for a list; the address says what it is narrowed to, as on the list's own page."""
    wanted = exportable(name)
    if wanted is None or not may_export(request.user, name):
        raise Http404
    may_see_clear = request.user.may(wanted.clear_permission)
    form = ExportForm(request.POST or None, may_see_clear=may_see_clear)
    asked = {
        key[:40]: str(value).replace("\x00", "")[:LONGEST]
        for key, value in request.GET.items()
        if key not in OWN_FIELDS and "\x00" not in key
    }
    if form.is_valid():
        try:
            ask_export(name, by=request.user, asked=asked, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("exports:list")
    count = wanted.rows(request.user, asked, timezone.now()).count()
    context = {"form": form, "wanted": wanted, "count": count, "asked": asked}
    status = 422 if form.errors else 200
    return render(request, "exports/new.html", context, status=status)


@require_POST
@permission_required(ExportPermission.EXPORT)
def export_cancel(request: StaffRequest, export_id: int) -> HttpResponse:
    """Write it no further; what is over meanwhile stays as it is."""
    export = get_object_or_404(own_exports(request.user), pk=export_id)
    if export.is_under_way:
        cancel_export(export.pk, by=request.user)
    return redirect("exports:list")


@require_safe
@permission_required(ExportPermission.EXPORT)
def export_file(request: StaffRequest, export_id: int) -> HttpResponseBase:
    """The file, for whoever asked for it and nobody else."""
    return file_answer(get_object_or_404(own_exports(request.user), pk=export_id))
