"""Queues and chat widgets as they are set up."""

import re

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.models import Department
from shouwen.conversations.models import Queue, WidgetSite
from shouwen.conversations.queries.contacts import who_may_serve
from shouwen.deadlines.models import WorkCalendar

ORIGIN = re.compile(r"^https?://(\*\.)?[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$")


class QueueForm(forms.ModelForm):  # type: ignore[type-arg]
    """A queue: who serves it, when, and its limits."""

    class Meta:
        model = Queue
        fields = (
            "name",
            "department",
            "members",
            "owner",
            "calendar",
            "language",
            "slow_after_seconds",
            "wait_limit_seconds",
            "waiting_limit",
            "surge_per_hour",
            "required_agents",
            "is_fault_intake",
            "answers_only_approved",
            "is_default",
            "is_active",
        )
        labels = {
            "name": _("Name"),
            "department": _("Department"),
            "members": _("Members"),
            "owner": _("Answers for messages left"),
            "calendar": _("Service hours"),
            "language": _("Language"),
            "slow_after_seconds": _("Slow after (seconds without answer)"),
            "wait_limit_seconds": _("Longest wait (seconds)"),
            "waiting_limit": _("Most who may wait"),
            "surge_per_hour": _("Alarm from so many contacts an hour"),
            "required_agents": _("People required"),
            "is_fault_intake": _("Takes reports of faults"),
            "answers_only_approved": _("Offers approved answers only"),
            "is_default": _("Takes everything that names no queue"),
            "is_active": _("In use"),
        }
        help_texts = {
            "calendar": _("Outside them a chat becomes a message. Empty: always open."),
            "language": _("Such as en. Empty: Chinese, served by everybody."),
            "wait_limit_seconds": _("Who waits longer is asked to leave a message."),
            "waiting_limit": _("When more wait, a new chat becomes a message."),
            "surge_per_hour": _("0: no alarm."),
            "answers_only_approved": _(
                "For medicines and the like: phrases nobody approved are not offered."
            ),
            "required_agents": _("Against those present; 0: no number."),
            "is_fault_intake": _(
                "Answers are promised within half an hour, the quickest is measured."
            ),
        }
        widgets = {
            "members": forms.SelectMultiple(attrs={"data-choices": True}),
            "owner": forms.Select(attrs={"data-choices": True}),
        }

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        people = who_may_serve().order_by("sort_key", "pk")
        self._rows("members").queryset = people
        self._rows("owner").queryset = people
        self._rows("department").queryset = Department.objects.order_by("path")
        self._rows("calendar").queryset = WorkCalendar.objects.order_by("name")
        self._rows("calendar").empty_label = _now("Always open")

    def _rows(self, name: str) -> "forms.ModelChoiceField[forms.Model]":  # type: ignore[name-defined]
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - tells the type checker
        return field


class WidgetSiteForm(forms.ModelForm):  # type: ignore[type-arg]
    """A chat widget: its words, its queue, and the websites that may show it."""

    class Meta:
        model = WidgetSite
        fields = (
            "name",
            "title",
            "greeting",
            "offline_text",
            "queue",
            "allowed_origins",
            "is_active",
        )
        labels = {
            "name": _("Name"),
            "title": _("Title of the chat"),
            "greeting": _("Greeting"),
            "offline_text": _("When nobody is there"),
            "queue": _("Queue"),
            "allowed_origins": _("Websites that may show it"),
            "is_active": _("In use"),
        }
        help_texts = {
            "name": _("For ourselves: which website it is on."),
            "allowed_origins": _(
                "One a line, such as https://www.example.com or https://*.example.com."
                " Empty: only our own pages."
            ),
        }
        widgets = {
            "greeting": forms.Textarea(attrs={"rows": 2}),
            "offline_text": forms.Textarea(attrs={"rows": 2}),
            "allowed_origins": forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        }

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        queue = self.fields["queue"]
        assert isinstance(queue, forms.ModelChoiceField)  # noqa: S101 - tells the type checker
        queue.queryset = Queue.objects.filter(is_active=True).order_by("-is_default", "name")
        queue.empty_label = None

    def clean_allowed_origins(self) -> str:
        """Origins only: scheme and host, no path; each once."""
        kept: list[str] = []
        for line in self.cleaned_data["allowed_origins"].splitlines():
            origin = line.strip().rstrip("/").lower()
            if not origin:
                continue
            if not ORIGIN.match(origin):
                words = _now("“%s” is no website address such as https://www.example.com.")
                raise forms.ValidationError(words % line.strip())
            if origin not in kept:
                kept.append(origin)
        return "\n".join(kept)
