"""Why something about rules and standards was not done."""

from shouwen.core.errors import Refused


class RuleEmpty(Refused):
    """A document without articles cannot be published."""


class NothingToPublish(Refused):
    """There is no draft."""


class CodeTaken(Refused):
    """Another document has this code."""


class NotInForce(Refused):
    """There is no published version to read or evaluate."""


class StandardUnclear(Refused):
    """A standard needs indicator, target, unit and a named assessor; a name stands once a department."""


class EvaluationUnclear(Refused):
    """An evaluation needs a score from 1 to 5 and is for what is public."""
