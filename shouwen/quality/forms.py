"""What people type about rule documents, standards and principles."""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.models import Department
from shouwen.accounts.roles import POSTS
from shouwen.core.errors import Refused
from shouwen.quality.definitions import Body, PrincipleDefinition
from shouwen.quality.models import Principle, RuleDocument, RuleVersion, Standard
from shouwen.quality.operations.rules import RuleDraft
from shouwen.quality.writing import as_text, read_text

TEXT_LIMIT = 60_000
FIRST_DAY, LAST_DAY = date(1949, 10, 1), date(2199, 12, 31)


def _departments(label: Any, **options: Any) -> Any:
    rows = Department.objects.active().in_tree_order()
    return forms.ModelChoiceField(label=label, queryset=rows, **options)


class RuleForm(forms.Form):
    """A rule document: its data and the text of the draft."""

    title = forms.CharField(label=_("Title"), max_length=80)
    code = forms.SlugField(
        label=_("Code"), max_length=40, help_text=_("Latin letters; part of its public address.")
    )
    sort = forms.ChoiceField(label=_("Sort"), choices=RuleDocument.Sort.choices)
    for_departments = forms.ModelMultipleChoiceField(
        label=_("For departments"),
        queryset=Department.objects.none(),
        required=False,
        help_text=_("None chosen: for all."),
    )
    posts = forms.MultipleChoiceField(
        label=_("For posts"),
        choices=[(code, post.name) for code, post in POSTS.items() if code != "system"],
        required=False,
        help_text=_("None chosen: for all."),
    )
    first_review_months = forms.IntegerField(
        label=_("First revision after (months)"), min_value=1, max_value=120, required=False
    )
    review_months = forms.IntegerField(
        label=_("Revision every (months)"), min_value=1, max_value=120, required=False
    )
    is_public = forms.BooleanField(label=_("Owners and customers may read it"), required=False)
    preface = forms.CharField(
        label=_("Preface"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    text = forms.CharField(
        label=_("Chapters and articles"),
        max_length=TEXT_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 18}),
        help_text=_(
            "Begin chapters with “第一章 title” and articles with “第一条 text”; other lines belong to"
            " the article above."
        ),
    )
    note = forms.CharField(label=_("What is new"), max_length=300, required=False)

    def __init__(self, *args: Any, version: RuleVersion | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.before: Body | None = version.text if version else None
        field: Any = self.fields["for_departments"]
        field.queryset = Department.objects.active().in_tree_order()
        self.fields["department"] = _departments(_("Kept by department"), required=False)
        self.order_fields(["title", "code", "sort", "department"])

    def clean(self) -> dict[str, Any]:
        """The text becomes chapters and articles, or says where it is unclear."""
        given = super().clean() or self.cleaned_data
        try:
            text, preface = given.get("text", ""), given.get("preface", "")
            given["body"] = read_text(text, preface=preface, before=self.before)
        except Refused as unclear:
            self.add_error("text", str(unclear))
        return given

    def draft(self) -> RuleDraft:
        """What to write; ask only after is_valid()."""
        given = dict(self.cleaned_data)
        given["for_departments"] = list(given["for_departments"])
        for name in ("text", "preface"):
            given.pop(name)
        return RuleDraft(**given)

    @staticmethod
    def first_values(document: RuleDocument, version: RuleVersion | None) -> dict[str, Any]:
        """How the form stands when a document is changed."""
        names = ("title", "code", "sort", "department", "posts", "is_public")
        values: dict[str, Any] = {name: getattr(document, name) for name in names}
        values |= {
            "for_departments": list(document.for_departments.all()),
            "first_review_months": document.first_review_months,
            "review_months": document.review_months,
        }
        if version:
            values |= {"preface": version.text.preface, "text": as_text(version.text.chapters)}
            values["note"] = version.note if version.state == RuleVersion.State.DRAFT else ""
        return values


class PublishForm(forms.Form):
    """From when a version holds."""

    effective_on = forms.DateField(
        label=_("In force from"),
        widget=forms.DateInput(attrs={"type": "date"}),
        validators=[MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)],
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["effective_on"].initial = timezone.localdate


class StandardForm(forms.Form):
    """A quantified standard."""

    name = forms.CharField(label=_("Name"), max_length=80)
    indicator = forms.CharField(
        label=_("Indicator"), max_length=200, help_text=_("What is counted or measured, and how.")
    )
    direction = forms.ChoiceField(label=_("Target is"), choices=Standard.Direction.choices)
    target = forms.DecimalField(label=_("Target"), max_digits=12, decimal_places=2)
    unit = forms.CharField(label=_("Unit"), max_length=20)
    flow = forms.CharField(label=_("Flow"), max_length=80, required=False)
    assessor = forms.ChoiceField(label=_("Assessed by"), choices=Standard.Assessor.choices)
    assessor_name = forms.CharField(label=_("Which third party"), max_length=80, required=False)
    is_public = forms.BooleanField(label=_("Owners and customers may read it"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["department"] = _departments(_("Department"))
        self.fields["document"] = forms.ModelChoiceField(
            label=_("Rule document"),
            queryset=RuleDocument.objects.order_by("title"),
            required=False,
        )
        self.order_fields(["department"])


class MeasurementForm(forms.Form):
    """What an assessment found."""

    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    value = forms.DecimalField(label=_("Value"), max_digits=12, decimal_places=2)
    assessor_name = forms.CharField(label=_("Assessor"), max_length=80, required=False)
    note = forms.CharField(label=_("Evidence"), max_length=500, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["day"].initial = timezone.localdate


class PrinciplesForm(forms.Form):
    """All principles, one a line."""

    LINES = 30

    lines = forms.CharField(
        label=_("Principles"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("One a line."),
    )

    def clean_lines(self) -> list[PrincipleDefinition]:
        """Each line as a principle; one that stands there already keeps its code."""
        known = {one.text: one.code for one in Principle.objects.all()}
        used = set(known.values())
        found: list[PrincipleDefinition] = []
        for line in str(self.cleaned_data["lines"]).splitlines():
            text = line.strip()[:80]
            if not text or len(found) >= self.LINES or text in {one.text for one in found}:
                continue
            code = known.get(text) or self._new_code(used)
            found.append(PrincipleDefinition(code=code, text=text))
        return found

    @staticmethod
    def _new_code(used: set[str]) -> str:
        number = next(one for one in range(1, 100_000) if f"own_{one}" not in used)
        used.add(f"own_{number}")
        return f"own_{number}"


class EvaluationForm(forms.Form):
    """What somebody outside thinks of a document; the last field is a trap for robots."""

    SCORES = [(str(score), "★" * score) for score in range(5, 0, -1)]

    score = forms.ChoiceField(label=_("How well do we keep this?"), choices=SCORES)
    words = forms.CharField(
        label=_("What should be better"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Please write no names or phone numbers: this is not a complaint."),
    )
    website = forms.CharField(
        required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"})
    )

    def __init__(self, *args: Any, standards: Any = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.standards = list(standards)
        for one in self.standards:
            self.fields[f"mark_{one.pk}"] = forms.ChoiceField(
                label=one.name,
                help_text=one.indicator,
                choices=[("", _("cannot say")), ("yes", _("kept")), ("no", _("not kept"))],
                required=False,
            )
        self.order_fields(["score", *[f"mark_{one.pk}" for one in self.standards]])

    @property
    def marks(self) -> dict[int, bool]:
        """Standard -> kept or not, where something was said; ask only after is_valid()."""
        given = {one.pk: self.cleaned_data[f"mark_{one.pk}"] for one in self.standards}
        return {pk: answer == "yes" for pk, answer in given.items() if answer}

    @property
    def is_by_robot(self) -> bool:
        """Whether the field that no person sees was filled in."""
        return bool(self.cleaned_data.get("website"))
