"""Taboo phrases and answers, as they are typed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.models import Department
from shouwen.knowledge.models import Answer, Taboo
from shouwen.knowledge.operations import AnswerDraft


class TabooForm(forms.ModelForm):  # type: ignore[type-arg]
    """A taboo phrase."""

    class Meta:
        model = Taboo
        fields = ("text", "severity", "replacement", "is_whole", "department", "is_active")
        widgets = {"severity": forms.RadioSelect}
        help_texts = {
            "is_whole": _("For short words: only where the whole clause says no more than that."),
        }

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        department = self.fields["department"]
        assert isinstance(department, forms.ModelChoiceField)  # noqa: S101 - tells the type checker
        department.queryset = Department.objects.order_by("path")
        department.empty_label = _("Everyone")
        self.fields["severity"].choices = Taboo.Severity.choices  # type: ignore[attr-defined]

    def validate_unique(self) -> None:
        """The operation says so in plain words."""


class AnswerForm(forms.ModelForm):  # type: ignore[type-arg]
    """An answer with what it stands on and until when it holds."""

    class Meta:
        model = Answer
        fields = ("topic", "title", "text", "source", "valid_until")
        widgets = {
            "text": forms.Textarea(attrs={"rows": 5}),
            "valid_until": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def draft(self) -> AnswerDraft:
        """What was typed; ask only after is_valid()."""
        return AnswerDraft(**self.cleaned_data)


class ReasonForm(forms.Form):
    """Why an answer may not be given any more."""

    reason = forms.CharField(label=_("Reason"), max_length=200)
