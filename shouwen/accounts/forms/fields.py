"""Fields shared by the forms of this part."""

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.models import Department, PostProfile, Role, Staff
from shouwen.ui.fields import TreeChoiceField

if TYPE_CHECKING:
    RoleChoice = forms.ModelChoiceField[Role]
    RoleChoices = forms.ModelMultipleChoiceField[Role]
    StaffModelForm = forms.ModelForm[Staff]
    PostModelForm = forms.ModelForm[PostProfile]
else:
    RoleChoice = forms.ModelChoiceField
    RoleChoices = forms.ModelMultipleChoiceField
    StaffModelForm = PostModelForm = forms.ModelForm

SEPARATORS = re.compile(r"[,，、;；\s]+")
WORD_LIMIT = 40


class WordsField(forms.CharField):
    """Some words, parted by spaces or commas; cleaned to a list without doubles."""

    def prepare_value(self, value: Any) -> Any:
        return "、".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        words = [word[:WORD_LIMIT] for word in SEPARATORS.split(text or "") if word]
        return list(dict.fromkeys(words))

    def validate(self, value: Any) -> None:
        if self.required and not value:
            raise forms.ValidationError(self.error_messages["required"], code="required")

    def run_validators(self, value: Any) -> None:
        """Each word was cut to size; there is nothing more to ask."""


class DepartmentField(TreeChoiceField):
    """A department, indented by its place in the tree."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("empty_label", _("none"))
        super().__init__(Department.objects.active().in_tree_order(), **kwargs)


class RoleField(RoleChoice):
    """A role, named in the reader's language."""

    def label_from_instance(self, obj: Role) -> str:
        return obj.name


class RolesField(RoleChoices):
    """Some roles, named in the reader's language."""

    def label_from_instance(self, obj: Role) -> str:
        return obj.name
