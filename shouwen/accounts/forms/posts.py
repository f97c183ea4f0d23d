"""Forms about job descriptions."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.forms.fields import DepartmentField, PostModelForm, RoleField
from shouwen.accounts.models import PostProfile, PostSkill, Role

SHORT = {"rows": 2}


class PostForm(PostModelForm):
    """A job description without its skills."""

    role = RoleField(
        Role.objects.exclude(code="system").order_by("position", "code"),
        label=_("Role"),
        required=False,
        empty_label=_("none"),
    )
    department = DepartmentField(label=_("Department"), required=False)
    receives = forms.MultipleChoiceField(
        label=_("Receives from service"),
        choices=PostProfile.Receives,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = PostProfile
        fields = [
            "code",
            "name",
            "role",
            "department",
            "level",
            "reports_to",
            "place",
            "overview",
            "duties",
            "experience",
            "hours",
            "environment",
            "overtime",
            "benefits",
            "development",
            "emergency",
            "holiday_duty",
            "reply_limits",
            "soft_skills",
            "daily_log",
            "training",
            "summary",
            "contact",
            "receives",
            "is_example",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 2
        self.fields["duties"].widget.attrs["rows"] = 6
        if self.instance.pk:
            del self.fields["code"]

    def _post_clean(self) -> None:
        """The operation writes and checks; the form only reads."""


class SkillForm(forms.Form):
    """A skill and how well it must be had."""

    name = forms.CharField(label=_("Skill"), max_length=120, required=False)
    level = forms.ChoiceField(
        label=_("How well"), choices=PostSkill.Level, initial=PostSkill.Level.SKILLED
    )


SkillFormSet = forms.formset_factory(SkillForm, extra=2)


class ReviewForm(forms.Form):
    """What a colleague who knows the trade says."""

    experience = forms.CharField(
        label=_("Your experience in this trade"),
        max_length=200,
        help_text=_("For example: six years at a property service desk."),
    )
    comment = forms.CharField(label=_("Comment"), widget=forms.Textarea(attrs=SHORT))


class MessageForm(forms.Form):
    """Feedback or a bug for a post."""

    text = forms.CharField(
        label=_("What should they know?"), max_length=4000, widget=forms.Textarea(attrs=SHORT)
    )


class AnswerForm(forms.Form):
    """An answer to it."""

    answer = forms.CharField(label=_("Answer"), max_length=4000, widget=forms.Textarea(attrs=SHORT))


__all__ = ["AnswerForm", "MessageForm", "PostForm", "ReviewForm", "SkillFormSet"]
