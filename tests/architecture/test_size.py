"""Files stay short enough to be read in one go."""

from pathlib import Path

from tests.architecture.layout import ROOT, where

LIMITS = {".py": 400, ".html": 150, ".ts": 400, ".css": 400}
FOLDERS = ("shouwen", "tests", "tools", "bench", "frontend/src")
GENERATED = {"migrations", "dist", "node_modules"}


def is_too_long(path: Path, lines: int) -> bool:
    """Whether a file of this kind has more lines than it may."""
    return lines > LIMITS.get(path.suffix, lines)


def test_no_file_is_too_long():
    long = []
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.*")):
            if path.suffix not in LIMITS or GENERATED & set(path.parts):
                continue
            lines = len(path.read_text(encoding="utf-8").splitlines())
            if is_too_long(path, lines):
                long.append(f"{where(path)} has {lines} lines, {LIMITS[path.suffix]} at most")

    assert long == []


def test_notices_a_long_file():
    assert is_too_long(Path("views.py"), 401)
    assert is_too_long(Path("list.html"), 151)
    assert not is_too_long(Path("views.py"), 400)
    assert not is_too_long(Path("notes.md"), 4000)
