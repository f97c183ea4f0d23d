"""A contact that is written down: a call, a visit, a letter, a message, a post."""

from datetime import datetime

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.models import Staff
from shouwen.conversations.forms.log import answers_in
from shouwen.conversations.models import Conversation, Queue
from shouwen.conversations.operations.contacts import WRITTEN_DOWN, Contact
from shouwen.conversations.queries.log import contact_kinds
from shouwen.customers.contactkinds import PLATFORMS, VISITOR
from shouwen.ui.fields import FilesField, MomentField

Outcome = Conversation.Outcome
OUTCOMES = (
    (Outcome.ANSWERED, _("Answered")),
    (Outcome.CALL_BACK, _("Call back")),
    (Outcome.MISSED, _("Missed")),
    (Outcome.NONE, _("Still open")),
)


class ContactForm(forms.Form):
    """Who, by which way, what he wanted, how it ended for now."""

    channel = forms.ChoiceField(label=_("Way"), widget=forms.RadioSelect)
    direction = forms.ChoiceField(
        label=_("Direction"),
        choices=Conversation.Direction,
        initial=Conversation.Direction.INBOUND,
        widget=forms.RadioSelect,
    )
    name = forms.CharField(label=_("Customer"), max_length=60, required=False)
    phone = forms.CharField(
        label=_("Phone"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel"}),
    )
    mail = forms.EmailField(label=_("Mail"), max_length=200, required=False)
    platform = forms.ChoiceField(label=_("Platform"), required=False)
    account = forms.CharField(label=_("Account on it"), max_length=100, required=False)
    queue = forms.ModelChoiceField(label=_("Queue"), queryset=Queue.objects.none())
    kind = forms.ChoiceField(
        label=_("What it is about"), initial="enquiry", widget=forms.RadioSelect, required=False
    )
    words = forms.CharField(
        label=_("What the customer wanted"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    answer = forms.CharField(
        label=_("What was answered"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    answer_ids = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=OUTCOMES,
        initial=Outcome.ANSWERED,
        required=False,
        widget=forms.RadioSelect,
    )
    call_back_at = MomentField(
        label=_("Call back at"),
        required=False,
        help_text=_("Empty: within half an hour."),
    )
    attachments = FilesField(
        label=_("Files"),
        required=False,
        help_text=_("The scan of a letter, a photo, a recording."),
    )

    def __init__(self, *args: object, staff: Staff, at: datetime, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self._at = at
        ways = [(one.value, str(one.label)) for one in Conversation.Channel if one in WRITTEN_DOWN]
        self._choices("channel", ways)
        known = [(code, str(label)) for code, label in PLATFORMS.items() if code != VISITOR]
        self._choices("kind", [(one.code, one.name) for one in contact_kinds()])
        self._choices("platform", [("", "—"), *known])
        self.fields["channel"].initial = Conversation.Channel.PHONE
        queues = self.fields["queue"]
        assert isinstance(queues, forms.ModelChoiceField)  # noqa: S101 - tells the type checker
        queues.queryset = Queue.objects.filter(is_active=True).order_by("-is_default", "name")
        mine = staff.queues.filter(is_active=True).order_by("-is_default", "pk").first()
        queues.initial = mine or queues.queryset.first()

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - tells the type checker
        field.choices = choices

    def clean_call_back_at(self) -> datetime | None:
        """A promised time is still to come."""
        moment: datetime | None = self.cleaned_data["call_back_at"]
        if moment and moment <= self._at:
            raise forms.ValidationError(_now("Please name a time that is still to come."))
        return moment

    def contact(self, file_ids: tuple[int, ...]) -> Contact:
        """What was typed; ask only after is_valid()."""
        given = self.cleaned_data
        names = ("channel", "direction", "name", "phone", "mail", "account", "platform")
        return Contact(
            **{name: given[name] for name in names},
            words=given["words"],
            answer=given["answer"],
            outcome=given["outcome"],
            call_back_at=given["call_back_at"],
            answer_ids=tuple(int(one) for one in given["answer_ids"].split(",") if one.isdecimal()),
            kind=given["kind"],
            questions=answers_in(self.data),
            file_ids=file_ids,
        )
