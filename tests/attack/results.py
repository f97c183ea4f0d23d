"""Figures that attack tests leave in .build, for README and the release notes."""

import json
from typing import Any

from tests.architecture.layout import ROOT


def write_part(name: str, part: str, figures: dict[str, Any]) -> None:
    """One part's figures; the parts of a run lie side by side, whichever process wrote them."""
    folder = ROOT / ".build" / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{part}.json").write_text(json.dumps(figures), encoding="utf-8")
