"""Input about phrases."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.models import Department
from shouwen.core.models import StoredFile
from shouwen.knowledge.models import TEXT_LIMIT, Phrase
from shouwen.knowledge.operations import PhraseDraft
from shouwen.ui.fields import FilesField, TreeChoiceField

PERSONAL, TEAM = "personal", "team"
IMPORT_LIMIT = 200_000  # characters


class SharedForm(forms.Form):
    """Phrases that are one's own or, for whoever may, the team's."""

    folder = forms.CharField(
        label=_("Folder"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"list": "phrase-folders"}),
    )
    whose = forms.ChoiceField(
        label=_("Who may use it"),
        choices=[(PERSONAL, _("Only I")), (TEAM, _("The team"))],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, may_share: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_share:
            del self.fields["whose"]

    @property
    def is_team(self) -> bool:
        """They are to be the team's."""
        return str(self.cleaned_data.get("whose", PERSONAL)) == TEAM


class PhraseForm(SharedForm):
    """A phrase, new or changed."""

    field_order = ("text", "title", "shortcut", "folder", "whose", "department", "kept", "uploads")

    text = forms.CharField(
        label=_("Text"),
        required=False,
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("May hold {customer}, {title}, {me}, {surname}, {company} and {greeting}."),
    )
    title = forms.CharField(
        label=_("Title"),
        required=False,
        max_length=60,
        help_text=_("Found by its pinyin initials. Left empty, it is the beginning of the text."),
    )
    shortcut = forms.CharField(
        label=_("Shortcut"),
        required=False,
        max_length=20,
        help_text=_("A few letters or digits, typed after /."),
    )
    department = TreeChoiceField(
        label=_("Only this department and those below"),
        required=False,
        queryset=Department.objects.active().in_tree_order(),
        empty_label=_("Everyone"),
    )
    kept = forms.ModelMultipleChoiceField(
        label=_("Files"),
        required=False,
        queryset=StoredFile.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Untick what is to go."),
    )
    uploads = FilesField(label=_("Add pictures or files"), required=False)

    def __init__(
        self, *args: Any, may_share: bool, phrase: Phrase | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, may_share=may_share, **kwargs)
        if phrase:
            self._show(phrase)
            self.fields.pop("whose", None)
        else:
            del self.fields["kept"]
        if not may_share or (phrase and phrase.is_personal):
            del self.fields["department"]

    def _show(self, phrase: Phrase) -> None:
        files = phrase.files.order_by("pk")
        self.initial = {
            "text": phrase.text,
            "title": phrase.title,
            "shortcut": phrase.shortcut,
            "folder": phrase.folder,
            "department": phrase.department_id,
            "kept": list(files),
            **self.initial,
        }
        if files:
            field = self.fields["kept"]
            field.queryset = files  # type: ignore[attr-defined]
        else:
            del self.fields["kept"]

    def draft(self) -> PhraseDraft:
        """What was entered, for the operation."""
        entered = self.cleaned_data
        uploads: Sequence[UploadedFile] = entered["uploads"]
        return PhraseDraft(
            text=entered["text"],
            title=entered["title"],
            shortcut=entered["shortcut"],
            folder=entered["folder"],
            department=entered.get("department"),
            uploads=[(one.name or "", one.read()) for one in uploads],
            kept_files=[one.pk for one in entered.get("kept", ())],
        )


class ImportForm(SharedForm):
    """Pasted lines, each of them a phrase."""

    field_order = ("lines", "folder", "whose")

    lines = forms.CharField(
        label=_("Lines"),
        max_length=IMPORT_LIMIT,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_(
            "One phrase a line, as copied from a spreadsheet: text; or title and text; "
            "or shortcut, title and text."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if whose := self.fields.get("whose"):
            whose.label, whose.initial = _("Who may use them"), PERSONAL


class FilterForm(forms.Form):
    """What narrows the list of phrases."""

    q = forms.CharField(required=False, max_length=60)
    folder = forms.CharField(required=False, max_length=40)
    whose = forms.ChoiceField(
        required=False, choices=[("", ""), (PERSONAL, _("Mine")), (TEAM, _("The team's"))]
    )
