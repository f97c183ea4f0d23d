"""What docs/operating tells people to type exists and is what the files under deploy/ say."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from shouwen.config import environment
from shouwen.config.arguments import SERVING, parser, plan
from tests.architecture.layout import ROOT
from tests.machines.pages import FOLDER, blocks, commands, settings

PAGES = ("install.md", "proxy.md", "several-machines.md", "move-database.md")
UNITS = sorted((ROOT / "deploy").glob("*.service"))
PROGRAM = "/opt/shouwen/.venv/bin/shouwen"


def each_command() -> list[list[str]]:
    """Every command of the pages, those joined by && apart."""
    lines = [line for page in PAGES for line in commands(page)]
    return [shlex.split(one) for line in lines for one in line.split(" && ")]


def test_files_that_are_installed_exist():
    installed = [words for words in each_command() if words[0] == "install" and "-d" not in words]

    assert len(installed) >= 5
    for words in installed:
        assert (ROOT / words[-2]).is_file(), words


def test_services_that_are_started_have_a_unit():
    named = {words[-1] for words in each_command() if words[0] == "systemctl"}

    assert named - {"daemon-reload", "nginx"} == {one.stem for one in UNITS}


def test_commands_of_ours_are_understood():
    given = [words[1:] for words in each_command() if words[0] == "shouwen"]

    assert {words[0] for words in given} == {"web", "worker"}
    for words in given:
        assert plan(parser().parse_args(words)).role == words[0]


def test_settings_on_the_pages_exist():
    known = {one.name for one in environment.VARIABLES}

    for page in PAGES:
        assert settings(page).keys() <= known, page
    shown = re.findall(r"^#?([A-Z0-9_]+)=", (ROOT / "deploy" / "environment").read_text(), re.M)
    assert set(shown) <= known


def test_links_lead_somewhere():
    for page in (*PAGES, *(one.replace(".md", ".zh-CN.md") for one in PAGES)):
        for target in re.findall(r"\]\(([^)#:]+)\)", (FOLDER / page).read_text()):
            assert (FOLDER / target).exists(), (page, target)


def test_both_pages_make_the_same_database():
    assert blocks("several-machines.md", "sql") == blocks("move-database.md", "sql")


@pytest.mark.parametrize("unit", UNITS, ids=lambda one: one.stem)
class TestUnits:
    def test_start_and_reload_are_commands_of_ours(self, unit):
        said = re.findall(rf"^Exec(?:Start|Reload)={PROGRAM} (.*)$", unit.read_text(), re.M)

        verbs = [parser().parse_args(shlex.split(words)).verb for words in said]
        assert verbs[0] in SERVING
        assert verbs[1] == "restart"
        assert said[1].split()[1] == verbs[0]

    def test_systemd_understands_them(self, unit, tmp_path):
        program = shutil.which("systemd-analyze")
        if program is None:
            pytest.skip("systemd-analyze not found; on Debian and Ubuntu: apt install systemd")
        copy = tmp_path / unit.name
        copy.write_text(unit.read_text().replace(PROGRAM, "/bin/true"))

        done = subprocess.run(
            [program, "verify", "--man=no", str(copy)], capture_output=True, text=True, check=False
        )

        assert (done.returncode, done.stderr) == (0, "")


class TestContainers:
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text())

    def test_compose_runs_commands_of_ours_with_settings_of_ours(self):
        known = {one.name for one in environment.VARIABLES}
        ours = [one for one in self.compose["services"].values() if one["image"] == "shouwen"]

        assert {plan(parser().parse_args(one["command"])).role for one in ours} == {"web", "worker"}
        for one in ours:
            assert one["environment"].keys() <= known
            assert one["depends_on"].keys() == {"postgres", "redis"}

    def test_every_service_says_how_well_it_is(self):
        for name, one in self.compose["services"].items():
            assert "healthcheck" in one or name == "web"
        assert "HEALTHCHECK" in (ROOT / "Dockerfile").read_text()

    def test_named_volumes_are_declared(self):
        used = {
            volume.split(":")[0]
            for one in self.compose["services"].values()
            for volume in one.get("volumes", [])
        }
        assert used == self.compose["volumes"].keys()

    def test_the_image_holds_nothing_of_this_machine_and_runs_as_nobody_special(self):
        image = (ROOT / "Dockerfile").read_text()
        ignored = (ROOT / ".dockerignore").read_text().split()

        assert {".git", ".venv", "data"} <= set(ignored)
        last = [line for line in image.splitlines() if line.startswith("USER")][-1]
        assert last.split()[1] not in {"root", "0"}
        for source in re.findall(r"^COPY (?!--from)(\S+)", image, re.M):
            assert Path(ROOT, source).exists()


@pytest.mark.parametrize("page", PAGES)
def test_the_chinese_page_says_the_same_commands(page):
    chinese = page.replace(".md", ".zh-CN.md")

    for kind in ("console", "sql", "ini"):
        assert blocks(chinese, kind) == blocks(page, kind)
