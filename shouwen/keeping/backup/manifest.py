"""What a backup folder holds, and how one knows that it is whole.

20261122T013000Z/       named after the moment of its snapshot (UTC)
  manifest.json         written last; a folder without it is no backup
  database.dump         pg_dump's own format
  files.tsv             SHA-256, bytes and key of every stored file
  files/ab/cd/abcd...   the stored files, hard links to the backup before where nothing changed
  secret.key            the key that opens stored passwords; readable by its owner only
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _

from shouwen.core.errors import Refused

FORMAT = 1
MANIFEST, DUMP, LIST, FILES, KEY = (
    "manifest.json",
    "database.dump",
    "files.tsv",
    "files",
    "secret.key",
)
UNFINISHED = ".unfinished"
CHUNK = 1024 * 1024


class NoBackup(Refused):
    """This folder holds no finished backup."""


class DamagedBackup(Refused):
    """A backup that is not what its manifest says; the words name the file."""

    @classmethod
    def of(cls, path: Path, *, is_missing: bool = False) -> "DamagedBackup":
        """The refusal of one file."""
        if is_missing:
            return cls(_("The backup is damaged: %s is missing. Take another backup.") % path)
        words = _("The backup is damaged: %s is not as it was written. Take another backup.")
        return cls(words % path)


@dataclass(frozen=True)
class KeptFile:
    """One stored file inside a backup."""

    sha256: str
    size: int
    key: str


@dataclass(kw_only=True)
class Manifest:
    """What was backed up, in figures that a restore can be held against."""

    name: str
    made_at: str
    version: str
    server_version: int
    database: str = ""
    dump_size: int = 0
    dump_sha256: str = ""
    rows: dict[str, int] = field(default_factory=dict)
    objects: int = 0
    migrations: list[str] = field(default_factory=list)
    file_store: str = "disk"
    file_count: int = 0
    file_bytes: int = 0
    list_sha256: str = ""
    missing_files: list[str] = field(default_factory=list)
    damaged_files: list[str] = field(default_factory=list)
    key_sha256: str = ""
    seconds: float = 0.0
    new_bytes: int = 0
    format: int = FORMAT

    @property
    def row_count(self) -> int:
        """All rows of all tables."""
        return sum(self.rows.values())

    @property
    def size(self) -> int:
        """Bytes of the whole backup, shared files counted too."""
        return self.dump_size + self.file_bytes


def sha256_of(path: Path, told: Callable[[int], None] = lambda _bytes: None) -> str:
    """The SHA-256 of a file; `told` hears how many bytes were read at a time."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            told(len(chunk))
    return digest.hexdigest()


def write_whole(path: Path, content: bytes, mode: int = 0o600) -> None:
    """The file has this content, on the disk for sure, or is as it was before."""
    aside = path.with_name(f".{path.name}.aside")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    aside.rename(path)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """The folder says what it holds."""
    text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1)
    write_whole(folder / MANIFEST, text.encode())


def read_manifest(folder: Path) -> Manifest:
    """What a backup says of itself. Refuses a folder that is none, or one of a newer format."""
    path = folder / MANIFEST
    if not path.is_file():
        raise NoBackup(
            _(
                "%s holds no finished backup: manifest.json is not there. It may have been interrupted."
            )
            % folder
        )
    try:
        manifest = Manifest(**json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError) as error:
        raise DamagedBackup.of(path) from error
    if manifest.format != FORMAT:
        raise NoBackup(_("%s was made by a newer version. Install that version first.") % folder)
    return manifest


def backups_in(folder: Path) -> list[Path]:
    """The finished backups below a folder, oldest first."""
    if not folder.is_dir():
        return []
    return sorted(one.parent for one in folder.glob(f"*/{MANIFEST}") if UNFINISHED not in str(one))


def backup_at(path: Path) -> Path:
    """The backup that a path means: itself, or the newest one in it."""
    if (path / MANIFEST).is_file():
        return path
    if found := backups_in(path):
        return found[-1]
    raise NoBackup(_("There is no finished backup in %s.") % path)


def kept_files(folder: Path) -> Iterator[KeptFile]:
    """The stored files of a backup, as its list says."""
    path = folder / LIST
    if not path.is_file():
        return
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            sha256, size, key = line.rstrip("\n").split("\t")
            yield KeptFile(sha256, int(size), key)


def line_of(one: KeptFile) -> str:
    """A stored file as a line of the list."""
    return f"{one.sha256}\t{one.size}\t{one.key}\n"
