"""Form fields that several parts use."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

if TYPE_CHECKING:
    Choice = forms.ModelChoiceField[Any]
else:
    Choice = forms.ModelChoiceField


class MomentField(forms.DateTimeField):
    """A day and a time, to the minute, by the browser's own choice."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class FilesInput(forms.FileInput):
    """A choice of several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, or none; each is looked at by itself."""

    widget = FilesInput

    def clean(self, data: object, initial: object = None) -> list[UploadedFile]:
        """The files that came."""
        given = data if isinstance(data, list | tuple) else [data]
        single = super().clean
        return [single(one, initial) for one in given if one]


class TreeChoiceField(Choice):
    """A row of a tree: named, and indented by its `depth`."""

    def label_from_instance(self, obj: Any) -> str:
        return "\N{IDEOGRAPHIC SPACE}" * int(obj.depth) + str(obj.name)
