"""What conversations leave to do: calls back, unsolved points, callers to be warned of."""

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shouwen.accounts.decorators import StaffRequest, permission_required
from shouwen.conversations.forms.moves import (
    HarassingForm,
    PromiseForm,
    ResultForm,
    SolutionForm,
)
from shouwen.conversations.operations.promises import promise_call_back
from shouwen.conversations.operations.tasks import (
    finish_call_back,
    lift_harassment,
    mark_harassing,
)
from shouwen.conversations.operations.wrapups import solve_point
from shouwen.conversations.permissions import ConversationPermission
from shouwen.conversations.queries.contacts import meeting_of
from shouwen.conversations.queries.conversations import (
    call_backs_owed,
    harassment_of,
    standing_harassment_marks,
    unsolved_points,
)
from shouwen.conversations.views.changes import CHANGED
from shouwen.conversations.views.moves import asked_or_done
from shouwen.conversations.views.workspace import visible
from shouwen.customers.queries import shown_name, visible_customers
from shouwen.ui.dialogs import Dialog, act_in_dialog


@asked_or_done
@permission_required(ConversationPermission.SERVE)
def call_back_finish(request: StaffRequest, call_back_id: int) -> HttpResponse:
    """The customer was called: how it went."""
    task = get_object_or_404(call_backs_owed(request.user), pk=call_back_id)
    form = ResultForm(request.POST or None)
    dialog = Dialog(
        title=_("Called back: %s") % shown_name(task.customer, request.user),
        text=task.note,
        url=reverse("conversations:call_back_finish", args=[task.pk]),
        submit=_("Done"),
        changes=CHANGED,
    )
    return act_in_dialog(
        request,
        dialog,
        form,
        lambda: finish_call_back(
            task.pk, result=form.cleaned_data["result"], by=request.user, at=timezone.now()
        ),
        _("The call is written down."),
    )


@asked_or_done
@permission_required(ConversationPermission.SERVE)
def point_solve(request: StaffRequest, point_id: int) -> HttpResponse:
    """A carried point is solved: how."""
    point = get_object_or_404(unsolved_points(request.user), pk=point_id)
    form = SolutionForm(request.POST or None)
    dialog = Dialog(
        title=_("Solved"),
        text=point.text,
        url=reverse("conversations:point_solve", args=[point.pk]),
        submit=_("Solved"),
        changes=CHANGED,
    )
    return act_in_dialog(
        request,
        dialog,
        form,
        lambda: solve_point(
            point.pk, solution=form.cleaned_data["solution"], by=request.user, at=timezone.now()
        ),
        _("Off the list."),
    )


@asked_or_done
@permission_required(ConversationPermission.SERVE)
def promise(request: StaffRequest, conversation_id: int) -> HttpResponse:
    """A call back at a named time, prepared from the history. (D359)"""
    found = visible(request, conversation_id)
    soon = timezone.localtime(timezone.now() + timedelta(hours=1))
    form = PromiseForm(request.POST or None, initial={"due_at": soon.replace(second=0)})
    dialog = Dialog(
        title=_("Promise a call back"),
        text=_("It stands on your list, with what to prepare, until the call is made."),
        url=reverse("conversations:promise", args=[conversation_id]),
        submit=_("Promise"),
        changes=CHANGED,
        template="conversations/dialogs/promise.html",
        more={"meeting": meeting_of(found)},
    )
    return act_in_dialog(
        request,
        dialog,
        form,
        lambda: promise_call_back(
            found.pk,
            due_at=form.when,
            note=form.cleaned_data["note"],
            by=request.user,
            at=timezone.now(),
        ),
        _("The call is on your list."),
    )


@asked_or_done
@permission_required(ConversationPermission.MARK_HARASSING)
def harassing(request: StaffRequest, conversation_id: int) -> HttpResponse:
    """Warn the team of this customer. (D539, D540)"""
    found = visible(request, conversation_id)
    standing = harassment_of(found.customer_id)
    initial = {"reason": standing.reason, "handling": standing.handling} if standing else None
    form = HarassingForm(request.POST or None, initial=initial)
    dialog = Dialog(
        title=_("Mark as harassing: %s") % shown_name(found.customer, request.user),
        text=_("All colleagues who serve customers are told, with the rule how to handle it."),
        url=reverse("conversations:harassing", args=[conversation_id]),
        submit=_("Warn the team"),
        changes=CHANGED,
    )
    return act_in_dialog(
        request,
        dialog,
        form,
        lambda: mark_harassing(found.pk, **form.cleaned_data, by=request.user),
        _("The team is warned."),
    )


@require_safe
@permission_required(ConversationPermission.SERVE)
def harassment(request: StaffRequest) -> HttpResponse:
    """The callers who harass, with the rule how to handle each: all may know, few the name. (D540)"""
    marks = list(standing_harassment_marks()[:200])
    known = set(
        visible_customers(request.user)
        .filter(pk__in=[one.customer_id for one in marks])
        .values_list("pk", flat=True)
    )
    rows = [
        {
            "mark": one,
            "name": shown_name(one.customer, request.user) if one.customer_id in known else "",
        }
        for one in marks
    ]
    may_lift = request.user.may(ConversationPermission.MARK_HARASSING)
    context = {"rows": rows, "may_lift": may_lift}
    return render(request, "conversations/harassment.html", context)


@require_POST
@permission_required(ConversationPermission.MARK_HARASSING)
def harassment_lift(request: StaffRequest, mark_id: int) -> HttpResponse:
    """Take the warning back; only who may see the customer."""
    marks = standing_harassment_marks().filter(customer__in=visible_customers(request.user))
    mark = get_object_or_404(marks, pk=mark_id)
    lift_harassment(mark.pk, by=request.user, at=timezone.now())
    return redirect("conversations:harassment")
