"""Why something about a case was not done, in words fit for the screen."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from shouwen.core.errors import Refused


class CaseAlreadyClosed(Refused):
    """It is in the archive."""

    def __init__(self, number: str) -> None:
        super().__init__(_("Case %s is archived. Reopen it to go on working on it.") % number)


class StageForbids(Refused):
    """The case stands at another stage."""

    def __init__(self, stage: str, wanted: str) -> None:
        super().__init__(
            _("The case is at the stage “%(stage)s”; “%(wanted)s” is not next.")
            % {"stage": stage, "wanted": wanted}
        )


class FormIncomplete(Refused):
    """The form lacks what it must say; `missing` names the fields by code."""

    def __init__(self, names: Sequence[str], codes: Sequence[str]) -> None:
        self.missing = tuple(codes)
        super().__init__(_("Please fill in: %s.") % _("、").join(names))


class ValueUnfit(Refused):
    """A form value is not what its field holds; `field` is its code."""

    def __init__(self, name: str, code: str, why: str) -> None:
        self.field = code
        super().__init__(_("%(field)s: %(why)s") % {"field": name, "why": why})


class StepsOpen(Refused):
    """Steps of this stage are neither done nor passed over with a reason. (D021)"""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(
            _("Not done yet: %s. Do it, or pass over it with a reason.") % _("、").join(names)
        )


class NotReadyToArchive(Refused):
    """Something the archive asks for is missing; `missing` says what. (D062, D063, D067)"""

    def __init__(self, missing: Sequence[str]) -> None:
        self.missing = tuple(missing)
        super().__init__(_("Before archiving: %s.") % _("; ").join(missing))


class ApprovalNeeded(Refused):
    """Somebody higher must agree first. (D697, D591)"""


class HandlerIsAccused(Refused):
    """Nobody handles a complaint about himself."""

    def __init__(self, name: str) -> None:
        super().__init__(_("%s is the person complained about and cannot handle it.") % name)


class LadderEnds(Refused):
    """There is nobody higher."""


class KindInvalid(Refused):
    """A kind of case does not make sense as written."""


class AnswerMissing(Refused):
    """There is nothing yet that a letter could say."""

    def __init__(self) -> None:
        super().__init__(_("Answer the customer first: the letter says what he was told."))


class KeyMeansAnother(Refused):
    """Another program's key was used for a case that says something else."""

    def __init__(self, number: str) -> None:
        super().__init__(_("This key was used for case %s, which says something else.") % number)
