"""The commands that stand in docs/operating, so that tests run what people will type."""

import re

from tests.architecture.layout import ROOT

FOLDER = ROOT / "docs" / "operating"


def blocks(page: str, kind: str) -> list[str]:
    """The fenced blocks of one kind, in order."""
    text = (FOLDER / page).read_text()
    return re.findall(rf"^```{kind}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def commands(page: str) -> list[str]:
    """What is typed, without the prompts."""
    lines = "".join(blocks(page, "console")).splitlines()
    return [line.removeprefix("# ").removeprefix("$ ") for line in lines]


def settings(page: str) -> dict[str, str]:
    """The settings that the page shows."""
    lines = "".join(blocks(page, "ini")).splitlines()
    return dict(line.split("=", 1) for line in lines)
