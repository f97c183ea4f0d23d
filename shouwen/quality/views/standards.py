"""Standards with their measurements, and the principles."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shouwen.accounts.decorators import StaffRequest, any_staff, permission_required
from shouwen.core.errors import Refused
from shouwen.core.paging import keyset_page
from shouwen.quality.forms import MeasurementForm, PrinciplesForm, StandardForm
from shouwen.quality.models import Standard
from shouwen.quality.operations.standards import (
    Finding,
    StandardDraft,
    record_measurement,
    set_principles,
    set_standard,
)
from shouwen.quality.permissions import QualityPermission
from shouwen.quality.queries.standards import (
    compliance_by_flow,
    measurements_of,
    principles,
    standards,
)


@require_safe
@any_staff("standards are there to be known by everybody who works here")
def standard_list(request: StaffRequest) -> HttpResponse:
    """Every department's standards and how they are kept."""
    context = {
        "rows": standards(),
        "flows": compliance_by_flow(),
        "may_set": request.user.may(QualityPermission.SET_STANDARDS),
    }
    return render(request, "quality/standards.html", context)


@permission_required(QualityPermission.SET_STANDARDS)
def standard_new(request: StaffRequest) -> HttpResponse:
    """A new standard."""
    return _set(request, None)


@permission_required(QualityPermission.SET_STANDARDS)
def standard_edit(request: StaffRequest, standard_id: int) -> HttpResponse:
    """Change a standard; what was measured keeps the target of then."""
    return _set(request, get_object_or_404(Standard, pk=standard_id))


def _set(request: StaffRequest, standard: Standard | None) -> HttpResponse:
    names = StandardDraft.__dataclass_fields__
    initial = {name: getattr(standard, name) for name in names} if standard else None
    form = StandardForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            number = standard.pk if standard else None
            draft = StandardDraft(**form.cleaned_data)
            row = set_standard(draft, standard_id=number, by=request.user)
            return redirect("quality:standard", row.pk)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = {"form": form, "standard": standard}
    status = 422 if form.errors else 200
    return render(request, "quality/standard_form.html", context, status=status)


@any_staff("standards are there to be known; recording asks for its own permission")
def standard(request: StaffRequest, standard_id: int) -> HttpResponse:
    """One standard, what was found, and the form to record a finding."""
    row = get_object_or_404(standards(), pk=standard_id)
    form = MeasurementForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            finding = Finding(**form.cleaned_data)
            record_measurement(row.pk, finding, at=timezone.now(), by=request.user)
            return redirect("quality:standard", row.pk)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = {
        "standard": row,
        "form": form,
        "page": keyset_page(
            measurements_of(row), order=("-day", "-pk"), after=request.GET.get("after", "")
        ),
        "may_measure": request.user.may(QualityPermission.MEASURE),
        "may_set": request.user.may(QualityPermission.SET_STANDARDS),
    }
    status = 422 if form.errors else 200
    return render(request, "quality/standard.html", context, status=status)


@permission_required(QualityPermission.SET_STANDARDS)
def principle_list(request: StaffRequest) -> HttpResponse:
    """The principles, one a line."""
    lines = "\n".join(one.text for one in principles())
    form = PrinciplesForm(
        request.POST if request.method == "POST" else None, initial={"lines": lines}
    )
    if request.method == "POST" and form.is_valid():
        set_principles(form.cleaned_data["lines"], by=request.user)
        messages.success(request, _("Saved."))
        return redirect("quality:rules")
    status = 422 if form.errors else 200
    return render(request, "quality/principles.html", {"form": form}, status=status)
