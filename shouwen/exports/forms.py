"""What is asked before an export."""

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwen.exports.models import Export


class ExportForm(forms.Form):
    """Format, and whether unmasked with the reason why; the latter only for who may."""

    file_format = forms.ChoiceField(
        label=_("Format"), choices=Export.Format.choices, initial=Export.Format.XLSX
    )
    is_clear = forms.BooleanField(label=_("Without masking"), required=False)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        required=False,
        help_text=_("Needed without masking; it goes into the log."),
    )

    def __init__(self, *args: object, may_see_clear: bool, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        if not may_see_clear:
            del self.fields["is_clear"], self.fields["reason"]
