"""The report of needs and opinions: by day and shift, on screen, on paper, as a table. (D019, D297)"""

import csv
from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_safe

from shouwen.accounts.decorators import StaffRequest, permission_required
from shouwen.conversations.permissions import ConversationPermission
from shouwen.conversations.queries.log import report_spans
from shouwen.conversations.queries.voices import (
    SHOWN_MOST,
    Span,
    counted,
    day_span,
    span_on,
    voices,
)
from shouwen.core.clock import full_time, local_day
from shouwen.core.tables import plain_cell
from shouwen.customers.queries import shown_name


@require_safe
@permission_required(ConversationPermission.SERVE)
def report(request: StaffRequest) -> HttpResponse:
    """What was heard on a day or in a shift: counts, and the rows they were counted from."""
    day, span, chosen = _asked(request)
    sort = request.GET.get("sort", "")
    points = voices(request.user, span)
    rows = voices(request.user, span, sort=sort)[:SHOWN_MOST]
    context = {
        "day": day,
        "spans": report_spans(),
        "chosen": chosen,
        "span": span,
        "sort": sort,
        "counts": counted(points),
        "rows": [
            (one, shown_name(one.wrap_up.conversation.customer, request.user)) for one in rows
        ],
        "printed_at": timezone.now(),
    }
    return render(request, "conversations/voices.html", context)


@require_safe
@permission_required(ConversationPermission.SERVE)
def export(request: StaffRequest) -> HttpResponse:
    """The same rows as a table that Excel opens; what looks like a formula is text."""
    day, span, _chosen = _asked(request)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="voices-{day.isoformat()}.csv"'
    response.write("\ufeff")
    table = csv.writer(response)
    for one in voices(request.user, span, sort=request.GET.get("sort", ""))[:SHOWN_MOST]:
        talk = one.wrap_up.conversation
        cells = [
            full_time(one.raised_at),
            one.get_sort_display(),
            one.text,
            one.wrap_up.kind.name,
            shown_name(talk.customer, request.user),
            talk.number,
            one.owner.name,
            one.solution or ("✓" if one.solved_at else ""),
        ]
        table.writerow([plain_cell(str(cell)) for cell in cells])
    return response


def _asked(request: StaffRequest) -> tuple[date, Span, int]:
    """The day and the part of it that are asked for; today and all of it without."""
    at = timezone.now()
    try:
        day = parse_date(request.GET.get("day", "")) or local_day(at)
    except ValueError:
        day = local_day(at)
    wanted = request.GET.get("span", "")
    row = report_spans().filter(pk=wanted).first() if wanted.isdecimal() else None
    return day, span_on(row, day) if row else day_span(day), row.pk if row else 0
