"""Finds the browser for the journeys: `python -m tools.chromium` prints its path or says how to get one."""

import os
import shutil
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
HOW_TO_GET_ONE = (
    "No Chromium was found for the browser journeys. On Debian and Ubuntu: apt install chromium; "
    "elsewhere: .venv/bin/playwright install chromium; or set CHROMIUM=/path/to/chrome."
)


def find_chromium() -> str | None:
    """CHROMIUM, else one on PATH, else one that Playwright fetched for this user."""
    if given := os.environ.get("CHROMIUM"):
        return shutil.which(given)
    for name in NAMES:
        if found := shutil.which(name):
            return found
    caches = (
        Path.home() / ".cache" / "ms-playwright",
        Path.home() / "Library/Caches/ms-playwright",
    )
    for cache in caches:
        for program in sorted(cache.glob("chromium-*/chrome-*/**/[cC]hrom*")):
            if program.is_file() and os.access(program, os.X_OK):
                return str(program)
    return None


def main() -> int:
    """Say in one line which browser the journeys will use, or how to get one."""
    found = find_chromium()
    if found is None:
        sys.stderr.write(HOW_TO_GET_ONE + "\n")
        return 1
    sys.stdout.write(f"Browser journeys will use {found}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
