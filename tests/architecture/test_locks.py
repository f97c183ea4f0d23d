"""The lock files agree with pyproject.toml and name no host."""

import re
import tomllib
from itertools import chain

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.layout import ROOT

PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)
HOST = re.compile(r"[a-z]+://\S+")
LOCKS = ("requirements.lock", "requirements-dev.lock", "frontend/package-lock.json")


def read(name: str) -> str:
    """The text of a file at the root."""
    return (ROOT / name).read_text(encoding="utf-8")


def pins(text: str) -> dict[str, set[str]]:
    """Package -> pinned versions; there are several where they depend on the Python version."""
    found: dict[str, set[str]] = {}
    for name, version in PIN.findall(text):
        found.setdefault(canonicalize_name(name), set()).add(version)
    return found


def disagreements(wanted: list[str], locked: dict[str, set[str]]) -> list[str]:
    """The requirements that the lock does not meet."""
    faults = []
    for text in wanted:
        requirement = Requirement(text)
        versions = locked.get(canonicalize_name(requirement.name), set())
        if not any(requirement.specifier.contains(one, prereleases=True) for one in versions):
            faults.append(f"{text} is not in the lock: run `make lock`")
    return faults


def test_the_locks_agree_with_the_project():
    project = tomllib.loads(read("pyproject.toml"))["project"]
    extras = project["optional-dependencies"]
    run, developer = pins(read("requirements.lock")), pins(read("requirements-dev.lock"))

    assert disagreements(project["dependencies"] + extras["build"], run) == []
    assert disagreements([*project["dependencies"], *chain(*extras.values())], developer) == []
    assert {name: developer.get(name) for name in run} == run


def test_every_pin_has_a_hash():
    for name in LOCKS[:2]:
        blocks = re.split(r"\n(?=\S)", read(name))
        assert [one for one in blocks if one.strip() and "--hash=sha256:" not in one] == []


def test_no_lock_names_a_host():
    assert {name: HOST.findall(read(name)) for name in LOCKS if HOST.search(read(name))} == {}


def test_notices_a_missing_pin_and_a_host():
    locked = pins("django==5.2.1 \\\n    --hash=sha256:00\n")

    assert disagreements(["django~=5.2.0"], locked) == []
    assert len(disagreements(["django>=6", "nh3"], locked)) == 2
    assert HOST.search('"resolved": "https://somewhere/x.tgz"')
