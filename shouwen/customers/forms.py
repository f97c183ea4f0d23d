"""Input about customers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwen.customers.contactkinds import PLATFORMS, VISITOR, ContactKind
from shouwen.customers.models import Asset, Customer, Friend, FriendGroup, Tag

CUSTOM = "custom"
REASONS = [
    ("call_back", _("Calling the customer back")),
    ("identity", _("Checking who is calling")),
    ("visit", _("Going to the customer's place")),
    ("delivery", _("Sending something")),
    ("case", _("Handling a complaint or case")),
    (CUSTOM, _("Another reason")),
]


class AnyChoices(forms.MultipleChoiceField):
    """Several of a list, or words that are not yet in it."""

    def valid_value(self, value: Any) -> bool:
        """Any word will do: the operation checks its length."""
        return bool(str(value).strip())


class NameForm(forms.Form):
    """What a customer is called."""

    name = forms.CharField(label=_("Customer name"), max_length=100)
    salutation = forms.ChoiceField(
        label=_("Salutation"), choices=Customer.Salutation, required=False
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=Customer.Kind)


class NewCustomerForm(NameForm):
    """A customer whom a colleague enters by hand."""

    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    mail = forms.EmailField(label=_("Mail"), required=False)
    remarks = forms.CharField(
        label=_("Remarks"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def contacts(self) -> list[tuple[str, str]]:
        """The contact points entered, surest first."""
        entered = [("phone", self.cleaned_data["phone"]), ("mail", self.cleaned_data["mail"])]
        return [(kind, value) for kind, value in entered if value]


class FlagForm(forms.Form):
    """A coloured flag with a note (插旗备注)."""

    flag = forms.ChoiceField(
        label=_("Flag"), choices=Customer.Flag, required=False, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("Note"),
        max_length=200,
        required=False,
        help_text=_("Every colleague who serves this customer sees it."),
    )


class RemarksForm(forms.Form):
    """The remarks, and what stood there when the writing began."""

    text = forms.CharField(
        label=_("Remarks"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)


class TagsForm(forms.Form):
    """The tags a customer carries."""

    names = AnyChoices(
        label=_("Tags"),
        required=False,
        help_text=_("Choose, or type a new one and press Enter."),
    )

    def __init__(self, *args: Any, tags: list[Tag], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["names"]
        assert isinstance(field, AnyChoices)  # noqa: S101 - tells the type checker what it is
        field.choices = [(tag.name, tag.name) for tag in tags]
        field.widget.attrs |= {"data-choices": "", "data-choices-create": ""}


class ContactForm(forms.Form):
    """A way to reach a customer."""

    kind = forms.ChoiceField(label=_("Kind"), choices=ContactKind)
    platform = forms.ChoiceField(
        label=_("IM service"),
        required=False,
        choices=[("", "—"), *((key, name) for key, name in PLATFORMS.items() if key != VISITOR)],
        help_text=_("Only for an IM id."),
    )
    value = forms.CharField(label=_("Number, address or id"), max_length=254)


class AssetForm(forms.Form):
    """Something of a customer's that we look after."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Asset.Kind)
    label = forms.CharField(
        label=_("Label"), max_length=100, help_text=_("For example 3栋1单元1102 or 沪A·12345.")
    )
    details = forms.CharField(
        label=_("Details"),
        required=False,
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line, name and value with a colon between them: 用途：自住"),
    )

    def attributes(self) -> dict[str, str]:
        """The details as named texts; a line without a colon is a name without a value."""
        lines = self.cleaned_data["details"].replace("：", ":").splitlines()
        pairs = (line.partition(":") for line in lines if line.strip())
        return {name.strip(): value.strip() for name, _colon, value in pairs}


class FriendForm(forms.Form):
    """How an IM friend is grouped."""

    groups = forms.ModelMultipleChoiceField(
        label=_("Groups"),
        queryset=FriendGroup.objects.order_by("basis", "name"),
        required=False,
        widget=forms.SelectMultiple(attrs={"data-choices": ""}),
    )
    activity = forms.CharField(label=_("Activity entry"), max_length=60, required=False)
    age = forms.IntegerField(label=_("Age"), min_value=0, max_value=150, required=False)
    sex = forms.ChoiceField(label=_("Sex"), choices=Friend.Sex, required=False)


class QualityForm(forms.Form):
    """Filing a quality customer, or taking one out of the file."""

    is_quality = forms.BooleanField(label=_("Quality customer"), required=False)
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)


class RevealForm(forms.Form):
    """Why somebody needs to see what is hidden."""

    why = forms.ChoiceField(label=_("Why do you need to see it?"), choices=REASONS)
    words = forms.CharField(
        label=_("In your words"),
        max_length=180,
        required=False,
        help_text=_("Your name, the time and the reason are recorded."),
    )

    def clean(self) -> dict[str, Any]:
        """Another reason must be given in words."""
        cleaned = super().clean() or {}
        if cleaned.get("why") == CUSTOM and not cleaned.get("words", "").strip():
            self.add_error("words", _("Please say why."))
        return cleaned

    def reason(self) -> str:
        """The reason as it is recorded."""
        why, words = self.cleaned_data["why"], self.cleaned_data["words"].strip()
        label = str(dict(REASONS)[why])
        if why == CUSTOM:
            return str(words)
        return str(f"{label}：{words}" if words else label)


class TagForm(forms.Form):
    """A tag of the list."""

    name = forms.CharField(label=_("Name"), max_length=20)
    tone = forms.ChoiceField(label=_("Tone"), choices=Tag.Tone)


class FriendGroupForm(forms.Form):
    """A group of IM friends."""

    name = forms.CharField(label=_("Name"), max_length=40)
    basis = forms.ChoiceField(label=_("Grouped by"), choices=FriendGroup.Basis)


class FilterForm(forms.Form):
    """What narrows the list of customers."""

    q = forms.CharField(required=False, max_length=60)
    tag = forms.CharField(required=False, max_length=20)
    flag = forms.ChoiceField(choices=Customer.Flag, required=False)
    quality = forms.BooleanField(required=False)
