"""What is asked before a letter is kept, and of proof that lies with the company."""

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwen.cases.forms.fields import long_text
from shouwen.cases.queries.letters import LetterWords
from shouwen.cases.queries.standard import COMPANY_ITEMS


class LetterForm(forms.Form):
    """The letter, open for the last touch."""

    salutation = forms.CharField(label=_("Salutation"), max_length=80)
    text = long_text(_("The letter"), rows=18)
    signature = long_text(_("Who signs"), rows=2, max_length=200)
    dated_on = forms.DateField(
        label=_("Date"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    @property
    def words(self) -> LetterWords:
        """What was typed; line ends as every machine reads them."""
        entered = self.cleaned_data
        return LetterWords(
            salutation=entered["salutation"],
            text=entered["text"].replace("\r\n", "\n"),
            signature=entered["signature"].replace("\r\n", "\n"),
            dated_on=entered["dated_on"],
        )


class ProofForm(forms.Form):
    """What it is, when, and its paper."""

    row = forms.TypedChoiceField(
        label=_("Row of the standard"),
        choices=[(row, name) for row, name in COMPANY_ITEMS.items()],
        coerce=int,
    )
    text = forms.CharField(label=_("What it is"), max_length=300)
    happened_on = forms.DateField(
        label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    file = forms.FileField(label=_("File"), required=False)
