"""Whether a backup is whole: every byte of it is read and held against its manifest."""

import subprocess
from pathlib import Path
from typing import TextIO

from django.utils.translation import gettext as _

from shouwen.keeping.backup.filestore import check_files
from shouwen.keeping.backup.manifest import (
    DUMP,
    FILES,
    KEY,
    LIST,
    DamagedBackup,
    Manifest,
    kept_files,
    read_manifest,
    sha256_of,
)
from shouwen.keeping.backup.progress import Progress, size_text
from shouwen.keeping.backup.server import program


def check_outline(folder: Path, out: TextIO | None) -> Manifest:
    """The manifest, after database, list and key were read, and the sizes of all files compared.

    Refuses (NoBackup, DamagedBackup). The bytes of the files are for `check_all`, or for whoever
    copies them.
    """
    manifest = read_manifest(folder)
    progress = Progress(_("Checking the database"), manifest.dump_size, size_text, out)
    parts = {DUMP: manifest.dump_sha256, LIST: manifest.list_sha256}
    if manifest.key_sha256:
        parts[KEY] = manifest.key_sha256
    for name, expected in parts.items():
        path = folder / name
        if not path.is_file():
            raise DamagedBackup.of(path, is_missing=True)
        if sha256_of(path, progress.add) != expected:
            raise DamagedBackup.of(path)
    progress.end()
    _refuse_unreadable(folder / DUMP)
    _compare_sizes(folder)
    return manifest


def check_all(folder: Path, out: TextIO | None) -> tuple[Manifest, list[str]]:
    """The manifest and the keys of all files that are missing or damaged, after reading every byte."""
    manifest = check_outline(folder, out)
    progress = Progress(_("Checking the files"), manifest.file_bytes, size_text, out)
    damaged = list(check_files(folder, progress))
    progress.end()
    return manifest, damaged


def _refuse_unreadable(path: Path) -> None:
    result = subprocess.run(  # noqa: S603 - PostgreSQL's own program
        [program("pg_restore"), "--list", str(path)], capture_output=True, check=False
    )
    if result.returncode:
        raise DamagedBackup.of(path)


def _compare_sizes(folder: Path) -> None:
    for one in kept_files(folder):
        path = folder / FILES / one.key
        if not path.is_file():
            raise DamagedBackup.of(path, is_missing=True)
        if path.stat().st_size != one.size:
            raise DamagedBackup.of(path)
