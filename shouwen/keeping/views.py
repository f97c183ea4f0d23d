"""The health page."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from shouwen.accounts.decorators import StaffRequest, permission_required
from shouwen.core.slots import filled
from shouwen.keeping.health import grouped, health_rows
from shouwen.keeping.permissions import KeepingPermission


@require_safe
@permission_required(KeepingPermission.SEE_HEALTH)
def health(request: StaffRequest) -> HttpResponse:
    """How everything is, in one list; asked with HTMX, only the list."""
    rows = health_rows(request, at=timezone.now())
    context = {
        "groups": grouped(rows),
        "ill": [row for row in rows if row.state == "ill"],
        "near": [row for row in rows if row.state == "near"],
        "blocks": filled("health.blocks", request),
    }
    template = "keeping/health.html#rows" if request.htmx else "keeping/health.html"  # type: ignore[attr-defined]
    return render(request, template, context)
