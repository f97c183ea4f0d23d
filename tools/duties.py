"""Which duties of docs/requirements.tsv have a passing test: `python -m tools.duties`.

The results are those of the last `make test`; a duty is proven when at least one test that names
it passed and none that names it failed.
"""

import argparse
import csv
import json
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "docs" / "requirements.tsv"


@dataclass(frozen=True)
class Duty:
    """One duty that the source documents ask for."""

    id: str
    capability: str
    needs: str


@cache
def known_duties() -> dict[str, Duty]:
    """Every duty by its id."""
    with REQUIREMENTS.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {row["id"]: Duty(row["id"], row["capability"], row["needs"]) for row in rows}


def current_commit() -> str:
    """The commit of the working tree, or nothing outside a repository."""
    answer = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],  # noqa: S607 - the git on PATH
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return answer.stdout.strip()


def merge_results(path: Path, results: dict[str, tuple[list[str], str]]) -> None:
    """Write test id -> duties and outcome into the file, beside what earlier runs wrote."""
    kept: dict[str, object] = {}
    if path.exists():
        kept = json.loads(path.read_text(encoding="utf-8"))["tests"]
    kept |= {test: {"duties": ids, "outcome": word} for test, (ids, word) in results.items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {"commit": current_commit(), "tests": kept}
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False), encoding="utf-8")


def outcomes_by_duty(path: Path) -> dict[str, list[str]]:
    """The outcomes of the tests that name each duty."""
    found: dict[str, list[str]] = defaultdict(list)
    for test in json.loads(path.read_text(encoding="utf-8"))["tests"].values():
        for duty in test["duties"]:
            found[duty].append(test["outcome"])
    return found


def proven(outcomes: dict[str, list[str]]) -> set[str]:
    """The duties with a passing test and no failing one."""
    return {duty for duty, words in outcomes.items() if "passed" in words and "failed" not in words}


def report(path: Path, *, every_one: bool) -> str:
    """The proven duties by capability; with `every_one`, also what is still open."""
    duties = known_duties()
    outcomes = outcomes_by_duty(path)
    done = proven(outcomes)
    by_capability: dict[str, list[Duty]] = defaultdict(list)
    for duty in duties.values():
        by_capability[duty.capability].append(duty)
    lines = []
    for capability, members in sorted(by_capability.items()):
        count = sum(duty.id in done for duty in members)
        if not count and not every_one:
            continue
        lines.append(f"{capability}: {count} of {len(members)}")
        for duty in members:
            if duty.id in done or every_one or "failed" in outcomes.get(duty.id, []):
                mark = "proven" if duty.id in done else "failed" if duty.id in outcomes else "open"
                lines.append(f"  {mark:6} {duty.id} {duty.needs}")
    commit = json.loads(path.read_text(encoding="utf-8"))["commit"]
    if commit != current_commit():
        lines.append(f"Results of commit {commit}; `make test` brings them up to date.")
    lines.append(f"{len(done)} of {len(duties)} duties proven")
    return "\n".join(lines)


def main() -> int:
    """Print the report of the results in the given file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("results", type=Path)
    parser.add_argument("--all", action="store_true", help="list the open duties too")
    options = parser.parse_args()
    sys.stdout.write(report(options.results, every_one=options.all) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
