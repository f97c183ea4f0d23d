"""`make check`: everything that machines can hold, two steps at a time; only what fails speaks."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON_FILES = ["shouwen", "tests", "tools", "bench", "conftest.py"]


@dataclass(frozen=True)
class Step:
    """One check: a command that exits with 0 when all is well."""

    name: str
    command: list[str]
    folder: Path = ROOT


@dataclass(frozen=True)
class Outcome:
    """What a step said and how long it took."""

    step: Step
    code: int
    output: str
    seconds: float


def templates() -> list[str]:
    """The templates under version control or about to be."""
    return sorted(str(one.relative_to(ROOT)) for one in ROOT.glob("shouwen/**/templates/**/*.html"))


def steps() -> list[Step]:
    """The checks, the longest first."""
    python = [sys.executable, "-m"]
    present = [one for one in PYTHON_FILES if (ROOT / one).exists()]
    found = [
        Step("types", [*python, "mypy"]),
        Step(
            "architecture and migrations",
            [*python, "pytest", "tests/architecture", "-vv", "--tb=short", "-n0"],
        ),
        Step("boundaries of the parts", ["lint-imports", "--no-cache"]),
        Step("format", ["ruff", "format", "--check", *present]),
        Step("lint", ["ruff", "check", *present]),
        Step("translations", [*python, "tools.messages", "check"]),
        Step("dependencies", ["deptry", "--no-ansi", "shouwen"]),
        Step("API description", [*python, "tools.openapi", "check"]),
    ]
    if (ROOT / "frontend" / "package.json").exists():
        found.append(Step("browser side", ["npm", "run", "--silent", "check"], ROOT / "frontend"))
    if names := templates():
        found.append(Step("template lint", ["djlint", "--lint", "--quiet", *names]))
        found.append(
            Step("template syntax", ["djade", "--check", "--target-version", "5.2", *names])
        )
    return found


def run(step: Step) -> Outcome:
    """Carry out one step with settings that need no secret and no data folder."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "shouwen.config.settings",
        "SECRET_KEY": "check",
        "DATA_DIR": str(ROOT / ".build" / "data"),
    }
    if "pytest" in step.command:
        # conftest.py names the settings itself, after its throw-away database runs.
        del environment["DJANGO_SETTINGS_MODULE"]
    start = time.monotonic()
    done = subprocess.run(  # noqa: S603 - the commands above
        step.command,
        cwd=step.folder,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    return Outcome(step, done.returncode, done.stdout, time.monotonic() - start)


def main() -> int:
    """Run the steps whose names contain one of the given words, or all of them."""
    wanted = [
        one for one in steps() if not sys.argv[1:] or any(word in one.name for word in sys.argv[1:])
    ]
    failed = []
    with ThreadPoolExecutor(max_workers=2) as pool:
        for future in as_completed([pool.submit(run, step) for step in wanted]):
            outcome = future.result()
            mark = "ok    " if outcome.code == 0 else "FAILED"
            sys.stdout.write(f"{mark} {outcome.step.name} ({outcome.seconds:.1f} s)\n")
            if outcome.code:
                failed.append(outcome.step.name)
                sys.stdout.write(f"  $ {' '.join(outcome.step.command[:6])}\n{outcome.output}\n")
            sys.stdout.flush()
    sys.stdout.write(f"Not in order: {', '.join(failed)}\n" if failed else "All in order.\n")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
