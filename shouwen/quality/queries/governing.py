"""The settings of the work that an article governs, as they stand now."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouwen.cases.definitions import ClockRule, KindDefinition, Rung
from shouwen.cases.models import Case, CaseKind, Misconduct
from shouwen.quality.definitions import Article, Body

LABELS = {
    "definition": gettext_lazy("What counts as one"),
    "ways": gettext_lazy("Ways and natures"),
    "stages": gettext_lazy("Stages"),
    "reception": gettext_lazy("Steps at acceptance"),
    "approval": gettext_lazy("Approval of the proposal"),
    "urgent": gettext_lazy("Route of urgent ones"),
    "clocks": gettext_lazy("Time limits"),
    "ladder": gettext_lazy("Ladder"),
    "answer": gettext_lazy("Ways to answer"),
    "archive": gettext_lazy("What the archive asks for"),
    "statistics": gettext_lazy("Statistics"),
    "integrity": gettext_lazy("Misconduct"),
}


@dataclass(frozen=True)
class GovernedSetting:
    """A setting that an article governs: of which kind of case, its name, and how it stands now."""

    kind: str
    kind_id: int | None
    label: str
    value: str

    @property
    def is_there(self) -> bool:
        """Whether the site has that kind of case and the setting holds something."""
        return bool(self.value)


def settings_governed(body: Body) -> dict[int, list[GovernedSetting]]:
    """For each article, by number, the settings it governs; asked in one query."""
    codes = {one.kind for article in body.articles for one in article.governs}
    kinds = {kind.code: kind for kind in CaseKind.objects.filter(code__in=codes)}
    return {
        article.number: _of_article(article, kinds) for article in body.articles if article.governs
    }


def _of_article(article: Article, kinds: dict[str, CaseKind]) -> list[GovernedSetting]:
    found = []
    for one in article.governs:
        kind = kinds.get(one.kind)
        label = str(LABELS[one.part])
        value = _READ[one.part](kind.defined) if kind else ""
        name = kind.name if kind else one.kind
        found.append(GovernedSetting(name, kind.pk if kind else None, label, value))
    return found


def _listed(words: list[str]) -> str:
    return "、".join(words)


def _ladder(rungs: tuple[Rung, ...]) -> str:
    return " → ".join(one.name for one in rungs)


def _ways(_defined: KindDefinition) -> str:
    return _listed([str(label) for label in Case.Way.labels])


def _stages(_defined: KindDefinition) -> str:
    return " → ".join(str(label) for label in Case.Stage.labels)


def _reception(defined: KindDefinition) -> str:
    return _listed([one.name for one in defined.steps if one.stage == "accept"])


def _approval(defined: KindDefinition) -> str:
    words = {
        "never": _("not needed"),
        "ordinary": _("before departments are told, for ordinary ones"),
        "always": _("before departments are told, for all"),
    }
    return words[defined.needs_approval]


def _urgent(defined: KindDefinition) -> str:
    return _ladder(defined.urgent_ladder or defined.ladder)


def _clocks(defined: KindDefinition) -> str:
    return "；".join(_clock(one) for one in defined.clocks)


def _clock(rule: ClockRule) -> str:
    stage = str(Case.Stage(rule.stage.value).label)
    if rule.minutes is not None:
        amount = _("%d working minutes") % rule.minutes
    else:
        amount = _("within the day") if rule.days == 0 else _("%d working days") % (rule.days or 0)
    natures = [
        (rule.is_urgent, _("urgent")),
        (rule.is_major, _("major")),
        (rule.is_handed_over, _("handed over")),
    ]
    when = _listed([word for is_so, word in natures if is_so])
    return f"{stage}（{when}）{amount}" if when else f"{stage}{amount}"


def _archive(defined: KindDefinition) -> str:
    asked = [
        (True, _("result")),
        (defined.needs_answer, _("answer to the customer")),
        (defined.needs_follow_up, _("follow-up")),
        (defined.needs_cause, _("root cause")),
    ]
    return _listed([word for is_asked, word in asked if is_asked])


def _answer(defined: KindDefinition) -> str:
    return _("in the way the customer came") if defined.needs_answer else ""


def _statistics(defined: KindDefinition) -> str:
    return _("every case is counted under “%s” by the month it was registered") % defined.name


def _integrity(_defined: KindDefinition) -> str:
    grades = [str(label) for value, label in Misconduct.Grade.choices if value]
    return f"{_listed([str(label) for label in Misconduct.Kind.labels])}；{' → '.join(grades)}"


_READ: dict[str, Callable[[KindDefinition], str]] = {
    "definition": lambda defined: defined.explanation,
    "ways": _ways,
    "stages": _stages,
    "reception": _reception,
    "approval": _approval,
    "urgent": _urgent,
    "clocks": _clocks,
    "ladder": lambda defined: _ladder(defined.ladder),
    "answer": _answer,
    "archive": _archive,
    "statistics": _statistics,
    "integrity": _integrity,
}
