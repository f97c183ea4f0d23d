"""The health page, and the figures for Prometheus."""

from ipaddress import ip_address

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe

from shouwen.accounts.decorators import StaffRequest, open_to_all, permission_required
from shouwen.core.slots import filled
from shouwen.keeping.health import grouped, health_rows
from shouwen.keeping.metrics import exposition
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


@require_safe
@open_to_all("asked by Prometheus, with METRICS_TOKEN or from this machine; names nobody")
def metrics(request: HttpRequest) -> HttpResponse:
    """All figures of this machine, in Prometheus' text format."""
    if not _may_read_metrics(request):
        raise Http404
    return HttpResponse(exposition(), content_type="text/plain; version=0.0.4; charset=utf-8")


def _may_read_metrics(request: HttpRequest) -> bool:
    """With the token; without one set, from this machine, unless a proxy stands between us and everybody."""
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "")
        return constant_time_compare(given, f"Bearer {settings.METRICS_TOKEN}")
    if settings.TRUSTED_PROXIES or settings.IS_HTTPS or "X-Forwarded-For" in request.headers:
        return False
    try:
        return ip_address(str(request.META.get("REMOTE_ADDR") or "")).is_loopback
    except ValueError:
        return False
