"""How forms look: `{{ form }}` and `{{ form.name.as_field_group }}` come out in our layout."""

from typing import Any

from django.forms.renderers import DjangoTemplates
from django.template.loader import get_template


class FormRenderer(DjangoTemplates):
    """Our templates for forms and fields, Django's own for widgets. Set as FORM_RENDERER."""

    form_template_name = "ui/forms/form.html"
    field_template_name = "ui/forms/field.html"

    def get_template(self, template_name: str) -> Any:
        if template_name.startswith("ui/"):
            return get_template(template_name)
        return super().get_template(template_name)
