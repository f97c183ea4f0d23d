"""Mails out of files: .eml, .mbox and Maildir, whatever their names, one after the other."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

# Files beside mails that are none; a file that is named outright is always read.
_NO_MAIL = {
    *(".json", ".jsonl", ".csv", ".tsv", ".md", ".py", ".pyc", ".html", ".htm", ".xml", ".yaml"),
    *(".yml", ".toml", ".ini", ".log", ".db", ".sqlite", ".png", ".jpg", ".jpeg", ".gif", ".pdf"),
    *(".zip", ".gz", ".bz2", ".xz", ".tar", ".7z", ".exe", ".sh", ".lock", ".index", ".cache"),
}
_MAILDIR = ("cur", "new")
_FROM_LINE = re.compile(rb"From (?:\S+ .*\d{4}|- |\S+@\S+)")
_HEADER_LINE = re.compile(rb"[!-9;-~]{1,200}[ \t]*:")
_QUOTED_FROM = re.compile(rb"(?m)^>(>*From )")
_MBOX_ENDINGS = {".mbox", ".mbx"}


@dataclass(frozen=True)
class FoundMail:
    """One mail in a file, or why the file could not be read."""

    name: str
    raw: bytes
    error: str = ""


def mails_in(paths: Iterable[Path]) -> Iterator[FoundMail]:
    """Every mail under the paths, in a stable order: files, folders of files, mbox, Maildir."""
    for path in paths:
        if not path.exists():
            yield FoundMail(_shown(path), b"", "no such file or folder")
            continue
        for file in _files_under(path):
            yield from _mails_of_file(file)


def count_files(paths: Iterable[Path]) -> int:
    """How many files there are to read, for a progress bar."""
    return sum(1 for path in paths if path.exists() for _file in _files_under(path))


def _files_under(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
        return
    for entry in sorted(
        path.iterdir(), key=lambda one: one.name.encode("utf-8", "surrogateescape")
    ):
        if entry.is_dir() and _is_worth_entering(path, entry):
            yield from _files_under(entry)
        elif entry.is_file() and not _is_no_mail(path, entry):
            yield entry


def _is_worth_entering(parent: Path, folder: Path) -> bool:
    """Not what a mail program is still writing (tmp); hidden folders only where Maildir has them."""
    if folder.is_symlink():
        return False
    if folder.name == "tmp" and (parent / "cur").is_dir():
        return False
    return not folder.name.startswith(".") or (folder / "cur").is_dir()


def _is_no_mail(folder: Path, file: Path) -> bool:
    if folder.name in _MAILDIR:
        return False
    is_index = (folder / "cur").is_dir()
    return is_index or file.name.startswith(".") or file.suffix.lower() in _NO_MAIL


def _mails_of_file(file: Path) -> Iterator[FoundMail]:
    name = _shown(file)
    try:
        with file.open("rb") as opened:
            head = opened.read(1000)
            if not _is_mbox(file, head):
                yield FoundMail(name, head + opened.read())
                return
            opened.seek(0)
            for number, raw in enumerate(split_mbox(opened), start=1):
                yield FoundMail(f"{name}#{number}", raw)
    except OSError as error:
        yield FoundMail(name, b"", str(error.strerror or error))


def _is_mbox(file: Path, head: bytes) -> bool:
    """By its ending; or by its first line, for a file that does not call itself a single mail."""
    if file.suffix.lower() in _MBOX_ENDINGS:
        return _begins_mail(head.lstrip(b"\r\n").splitlines(keepends=True)[:2])
    return file.suffix.lower() not in {".eml", ".msg", ".txt"} and _begins_mail(
        head.splitlines(keepends=True)[:2]
    )


def _begins_mail(two_lines: list[bytes]) -> bool:
    if len(two_lines) < 2 or not _FROM_LINE.match(two_lines[0]):
        return False
    return bool(_HEADER_LINE.match(two_lines[1]) or two_lines[1].startswith(b">From "))


def split_mbox(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The mails of an mbox: each begins after an empty line with `From ` and a header below it."""
    mail: list[bytes] = []
    held: bytes | None = None
    was_blank = True
    for line in lines:
        if held is not None:
            if _begins_mail([held, line]):
                if any(one.strip() for one in mail):
                    yield _unquoted(mail)
                mail = []
            else:
                mail.append(held)
            held = None
        if was_blank and line.startswith(b"From "):
            held = line
        else:
            mail.append(line)
        was_blank = not line.strip()
    if held is not None:
        mail.append(held)
    if any(one.strip() for one in mail):
        yield _unquoted(mail)


def _unquoted(lines: list[bytes]) -> bytes:
    """The mail's own bytes: without the mark before From, and the empty line that ends it."""
    if lines and not lines[-1].strip():
        lines = lines[:-1]
    return _QUOTED_FROM.sub(rb"\1", b"".join(lines))


def _shown(path: Path) -> str:
    """The file's name as text, also when its bytes are no UTF-8."""
    raw = str(path).encode("utf-8", "surrogateescape")
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("gb18030", "replace")
