"""The pytest side of `make duties`: `@pytest.mark.duty("D270")` names what a test proves.

An unknown duty stops the run. With DUTIES set, the outcomes are merged into that file.
"""

import os
from pathlib import Path

import pytest

from tools.duties import known_duties, merge_results

PROPERTY = "duty"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each test carries its duties, so that its report does too."""
    for item in items:
        for marker in item.iter_markers("duty"):
            for duty in marker.args:
                if duty not in known_duties():
                    raise pytest.UsageError(f"{item.nodeid} names the unknown duty {duty!r}")
                item.user_properties.append((PROPERTY, duty))


class DutyRecorder:
    """Collects the outcomes of the tests that name duties."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.results: dict[str, tuple[list[str], str]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        duties = sorted({str(value) for name, value in report.user_properties if name == PROPERTY})
        if not duties:
            return
        before = self.results.get(report.nodeid, (duties, ""))[1]
        if report.failed or before == "failed":
            self.results[report.nodeid] = (duties, "failed")
        elif report.when == "call" or report.skipped:
            self.results[report.nodeid] = (duties, report.outcome)

    def pytest_sessionfinish(self) -> None:
        merge_results(self.path, self.results)


def pytest_configure(config: pytest.Config) -> None:
    """Record in the process that gathers the reports, not in its workers."""
    path = os.environ.get("DUTIES")
    if path and not hasattr(config, "workerinput"):
        config.pluginmanager.register(DutyRecorder(Path(path)), "duty-recorder")
