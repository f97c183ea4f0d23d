"""The stored files into a backup and out of it: only what is new is copied, every copy is verified."""

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from shouwen.keeping.backup.manifest import (
    CHUNK,
    FILES,
    LIST,
    DamagedBackup,
    KeptFile,
    kept_files,
    line_of,
    sha256_of,
)
from shouwen.keeping.backup.progress import Progress

NAMED_BY_CONTENT = re.compile(r"^[0-9a-f]{2}/[0-9a-f]{2}/([0-9a-f]{64})$")
# Linked files are read again in turn, so that each has been read within so many backups.
READ_AGAIN_WITHIN = 7


@dataclass
class Copied:
    """What came of copying the stored files."""

    count: int = 0
    size: int = 0
    new_bytes: int = 0
    damaged: list[str] = field(default_factory=list)


def stored_files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Key and path of every whole file in a file store; those being written have hidden names."""
    if not folder.is_dir():
        return
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.startswith("."):
            yield path.relative_to(folder).as_posix(), path


def copy_file(source: Path, target: Path) -> str:
    """`target` is a copy of `source`, whole or not there; returns the SHA-256 of its bytes."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    aside = target.with_name(f".{target.name}.{os.getpid()}")
    digest = hashlib.sha256()
    with source.open("rb") as read, aside.open("wb") as write:
        while chunk := read.read(CHUNK):
            digest.update(chunk)
            write.write(chunk)
    aside.chmod(0o600)
    aside.rename(target)
    return digest.hexdigest()


def keep_files(
    store: Path, backup: Path, *, before: Path | None, turn: int, progress: Progress
) -> Copied:
    """Every stored file is in the backup, linked to the one before where that has it.

    What an interrupted run has already copied is not copied again. `turn` picks which linked files
    are read once more. The list of files is written.
    """
    known = {one.key: one.sha256 for one in kept_files(before)} if before else {}
    copied = Copied()
    with (backup / LIST).open("w", encoding="utf-8") as lines:
        for key, path in stored_files(store):
            one = _keep(key, path, backup / FILES / key, (before, known.get(key), turn), copied)
            lines.write(line_of(one))
            copied.count += 1
            copied.size += one.size
            progress.add(one.size)
    return copied


Before = tuple[Path | None, str | None, int]


def _keep(key: str, source: Path, target: Path, before: Before, copied: Copied) -> KeptFile:
    folder, known, turn = before
    size = source.stat().st_size
    digest = _already(key, target, size)
    if digest is None and folder is not None and known:
        digest = _linked(folder / FILES / key, target, known, reread=_is_due(known, turn))
    if digest is None:
        digest = copy_file(source, target)
        copied.new_bytes += size
    named = NAMED_BY_CONTENT.match(key)
    if named and named[1] != digest:
        copied.damaged.append(key)
    return KeptFile(digest, target.stat().st_size, key)


def _already(key: str, target: Path, size: int) -> str | None:
    """The digest of a file that an interrupted run left whole: its name was given after its bytes."""
    named = NAMED_BY_CONTENT.match(key)
    if named and target.is_file() and target.stat().st_size == size:
        return named[1]
    return None


def _is_due(digest: str, turn: int) -> bool:
    return int(digest[:4], 16) % READ_AGAIN_WITHIN == turn % READ_AGAIN_WITHIN


def _linked(source: Path, target: Path, known: str, *, reread: bool) -> str | None:
    """Link to the file of the backup before; None where that is not possible or not right any more."""
    if not source.is_file() or (reread and sha256_of(source) != known):
        return None
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    target.unlink(missing_ok=True)
    try:
        os.link(source, target)
    except OSError:
        return known if copy_file(source, target) == known else None
    return known


def check_files(backup: Path, progress: Progress) -> Iterator[str]:
    """Reads every file of the backup; yields the keys of those that are missing or not as listed."""
    for one in kept_files(backup):
        path = backup / FILES / one.key
        if not path.is_file() or sha256_of(path, progress.add) != one.sha256:
            yield one.key


def bring_back_files(backup: Path, store: Path, progress: Progress) -> int:
    """Every file of the backup is in the store, verified; files already there are not copied again.

    Returns how many were copied. Refuses (DamagedBackup, naming it) a file that is not as listed.
    """
    copied = 0
    for one in kept_files(backup):
        target = store / one.key
        if not (target.is_file() and target.stat().st_size == one.size):
            _bring_back(backup / FILES / one.key, target, one)
            copied += 1
        progress.add(one.size)
    return copied


def _bring_back(source: Path, target: Path, one: KeptFile) -> None:
    if not source.is_file():
        raise DamagedBackup.of(source, is_missing=True)
    if copy_file(source, target) != one.sha256:
        target.unlink()
        raise DamagedBackup.of(source)
