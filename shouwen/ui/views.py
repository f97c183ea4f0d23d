"""The gallery, with every component in every state; and the language switch."""

from datetime import timedelta

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from shouwen.core.periods import Span, period_of
from shouwen.ui.charts import Point, column_chart
from shouwen.ui.forms import FormRenderer

SAMPLE_COLUMNS = (("电梯", 10), ("水压", 6), ("噪音", 4))
TONES = ("plain", "accent", "kept", "near", "late")


class SampleForm(forms.Form):
    """A field of each kind, for the gallery only."""

    default_renderer = FormRenderer
    name = forms.CharField(label="Name", max_length=40, help_text="As on the papers.")
    kind = forms.ChoiceField(label="Kind", choices=[("a", "Repair"), ("b", "Complaint")])
    words = forms.CharField(label="What happened", widget=forms.Textarea, required=False)
    due_on = forms.DateField(label="Due on", widget=forms.DateInput(attrs={"type": "date"}))
    people = forms.MultipleChoiceField(
        label="People",
        choices=[("1", "Li Min"), ("2", "Wang Fang"), ("3", "Zhang Gong")],
        widget=forms.SelectMultiple(attrs={"data-choices": ""}),
        required=False,
    )
    way = forms.ChoiceField(
        label="Way of the answer",
        choices=[("call", "Call back"), ("chat", "Chat"), ("mail", "Mail")],
        widget=forms.RadioSelect,
    )
    paper = forms.FileField(label="Paper", required=False)
    agrees = forms.BooleanField(label="The customer was told", required=False)


@login_required
def gallery(request: HttpRequest) -> HttpResponse:
    """Open to every member of staff: it shows no data, and who builds pages needs it."""
    now = timezone.now()
    context = {
        "form": SampleForm(auto_id="plain_%s"),
        "refused": SampleForm({"name": "", "way": "call"}, auto_id="refused_%s"),
        "tones": TONES,
        "moments": [now - timedelta(minutes=minutes) for minutes in (0, 5, 130, 1600, 60000)],
        "waiting_since": now - timedelta(seconds=132),
        "promised": [now + timedelta(minutes=minutes) for minutes in (95, 8, -4)],
        "rows": range(1, 4),
        "chart": column_chart(
            [Point(name=name, value=value) for name, value in SAMPLE_COLUMNS],
            running=[0.5, 0.8, 1.0],
            mark=0.8,
        ),
        "period": period_of(Span.MONTH, now.date()),
        "spans": [(Span.WEEK.value, "Week"), (Span.MONTH.value, "Month")],
    }
    return render(request, "ui/gallery.html", context)


@login_required
def public_gallery(request: HttpRequest) -> HttpResponse:
    """The narrow page of people who are not signed in, with its form; open to every member of staff."""
    return render(request, "ui/public_gallery.html", {"form": SampleForm(auto_id="public_%s")})


@require_POST
def choose_language(request: HttpRequest) -> HttpResponseBase:
    """Keep the language of this browser; open to everybody, also before signing in."""
    return set_language(request)
