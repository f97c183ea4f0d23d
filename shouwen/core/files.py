"""Files that people send: taken in with limits, kept so that they survive a power cut, given out safely.

Bytes lie in Django's default storage (a folder, or an S3-compatible store), named by their SHA-256,
so writing twice changes nothing and no row can point to a half-written file.
"""

import contextlib
import hashlib
import io
import logging
import os
import unicodedata
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import filetype
from django.conf import settings
from django.core import signing
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.urls import reverse
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from shouwen.core.errors import Refused
from shouwen.core.models import StoredFile
from shouwen.core.room import require_room
from shouwen.core.scanner import ScannerAwayError, is_set_up, virus_in

logger = logging.getLogger(__name__)
# Only these are ever shown inside a page; everything else is a download, whatever it claims to be.
PICTURE_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "GIF": "image/gif", "WEBP": "image/webp"}
VOICE_TYPES = {"audio/mpeg", "audio/ogg", "audio/aac", "audio/mp4", "audio/m4a", "audio/x-wav",
               "audio/wav", "audio/amr", "audio/webm"}  # fmt: skip
UNKNOWN = "application/octet-stream"
VIDEO_TYPES = {"video/mp4", "video/webm", "video/quicktime"}
# A picture that would unpack to more pixels than this is a bomb or useless on a phone.
PIXEL_LIMIT = 50_000_000
NAME_LIMIT = 120
URL_MAX_AGE_SECONDS = 24 * 3600
# Waiting for a disk or a store is no work: several may wait at once. Threads begin when first needed.
_writers = ThreadPoolExecutor(max_workers=8, thread_name_prefix="files")
_REFUSED_ENDINGS = {".exe", ".dll", ".bat", ".cmd", ".com", ".scr", ".msi", ".ps1", ".vbs", ".js",
                    ".jar", ".apk", ".lnk", ".hta"}  # fmt: skip


class FileRefused(Refused):
    """The file is too large, empty or of a kind that is not taken."""


class FileTooLarge(FileRefused):
    """The file is over the limit; the API answers 413."""

    def __init__(self) -> None:
        megabytes = settings.FILE_SIZE_LIMIT // (1024 * 1024)
        words = _("A file may have at most %d MB. Please send a smaller one.")
        super().__init__(words % megabytes)


class DurableFileSystemStorage(FileSystemStorage):
    """Files on disk, on the disk for sure before the call returns: written aside, synced, renamed."""

    def _save(self, name: str, content: Any) -> str:
        target = Path(self.path(name))
        if target.exists():
            return name
        require_room(Path(self.location))
        target.parent.mkdir(parents=True, exist_ok=True)
        aside = target.with_name(f".{target.name}.{os.getpid()}.{id(content)}")
        try:
            with aside.open("wb") as file:
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            aside.rename(target)
        except OSError:
            aside.unlink(missing_ok=True)
            raise
        _sync_folder(target.parent)
        return name

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """Names are the hash of the content: the same name is the same file."""
        del max_length
        return name


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def store_raw(content: bytes) -> str:
    """The key under which these bytes can be read for ever after; equal bytes, equal key."""
    digest = hashlib.sha256(content).hexdigest()
    key = f"{digest[:2]}/{digest[2:4]}/{digest}"
    if not default_storage.exists(key):
        default_storage.save(key, ContentFile(content))
    return key


def store_raw_all(contents: Sequence[bytes]) -> list[str]:
    """The keys of these bytes, all safe when it returns; disks and stores take many at once gladly."""
    if len(contents) < 2:
        return [store_raw(content) for content in contents]
    return list(_writers.map(store_raw, contents))


def read_raw(key: str) -> bytes:
    """The bytes stored under `key`."""
    with default_storage.open(key) as file:
        content: bytes = file.read()
    return content


def safe_name(name: str) -> str:
    """A file name that harms no page, header, disk or eye: no paths, controls or text-direction tricks."""
    flat = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(
        c for c in flat if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    )
    kept = kept.strip(" .")
    stem, dot, ending = kept.rpartition(".")
    if dot and stem and len(ending) <= 10:
        return f"{stem[: NAME_LIMIT - len(ending) - 1]}.{ending}"
    return kept[:NAME_LIMIT] or _("unnamed")


@dataclass(frozen=True)
class Recognised:
    """What a file is, by its bytes and not by its name."""

    content_type: str
    kind: StoredFile.Kind
    width: int | None = None
    height: int | None = None


def recognise(content: bytes) -> Recognised:
    """What these bytes are. A picture is one only if it can be read as one."""
    if picture := _picture(content):
        return picture
    guess = filetype.guess(content[:8192])
    mime = guess.mime if guess else UNKNOWN
    if mime in VOICE_TYPES:
        return Recognised(mime, StoredFile.Kind.VOICE)
    if mime in VIDEO_TYPES:
        kind = StoredFile.Kind.VOICE if _is_voice_only(content) else StoredFile.Kind.VIDEO
        return Recognised(mime, kind)
    return Recognised(mime, StoredFile.Kind.OTHER)


def _is_voice_only(content: bytes) -> bool:
    """Browsers record voice into WebM, whose bytes look like a video's: it then has no video track."""
    return content[:4] == b"\x1aE\xdf\xa3" and b"V_VP" not in content[:4096]


def _picture(content: bytes) -> Recognised | None:
    try:
        with Image.open(io.BytesIO(content), formats=list(PICTURE_TYPES)) as image:
            width, height = image.size
            if width * height > PIXEL_LIMIT:
                raise FileRefused(_("This picture has too many pixels. Please make it smaller."))
            image.verify()
            return Recognised(
                PICTURE_TYPES[str(image.format)], StoredFile.Kind.PICTURE, width, height
            )
    except Image.DecompressionBombError:
        raise FileRefused(_("This picture has too many pixels. Please make it smaller.")) from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        return None


def check_size(size: int) -> None:
    """Refuse what is over the limit; ask before reading a file into memory."""
    if size > settings.FILE_SIZE_LIMIT:
        raise FileTooLarge


def check_file(name: str, content: bytes) -> None:
    """Refuse what people may not send: nothing, too much, or a program."""
    if not content:
        raise FileRefused(_("The file “%s” is empty.") % safe_name(name))
    check_size(len(content))
    if Path(safe_name(name).lower()).suffix in _REFUSED_ENDINGS or content[:2] == b"MZ":
        raise FileRefused(_("Programs cannot be sent. Please send a picture or a document."))


def store_file(name: str, content: bytes) -> StoredFile:
    """Take in a file somebody sends: checked, recognised by its bytes, kept. Refuses with FileRefused."""
    check_file(name, content)
    match verdict_on(content):
        case StoredFile.Kind.INFECTED:
            words = _("The file “%s” carries a virus and was not taken.")
            raise FileRefused(words % safe_name(name))
        case StoredFile.Kind.UNCHECKED:
            words = _("Files cannot be checked for viruses now. Please try again in a few minutes.")
            raise FileRefused(words)
    return _keep(name, content, recognise(content))


def verdict_on(content: bytes) -> StoredFile.Kind | None:
    """INFECTED or UNCHECKED as the scanner says; None for what may be taken."""
    if not is_set_up():
        return None
    try:
        virus = virus_in(content)
    except ScannerAwayError as error:
        logger.warning("the virus scanner is away: %s", error)
        return None if settings.TAKES_UNSCANNED else StoredFile.Kind.UNCHECKED
    if virus:
        logger.warning("a file carries %s", virus)
    return StoredFile.Kind.INFECTED if virus else None


def keep_files(files: Sequence[tuple[str, bytes]]) -> list[StoredFile]:
    """Keep files, pairs of name and bytes, as they came: what arrived by mail must not be lost.

    No limits of type; the rows of all are written together. What carries a virus is kept, and closed.
    """
    keys = store_raw_all([content for _name, content in files])
    rows = [
        _row(name, content, key, _as_it_came(content))
        for (name, content), key in zip(files, keys, strict=True)
    ]
    return StoredFile.objects.bulk_create(rows)


def _as_it_came(content: bytes) -> Recognised:
    if closed := verdict_on(content):
        return Recognised(UNKNOWN, closed)
    try:
        return recognise(content)
    except FileRefused:
        return Recognised(UNKNOWN, StoredFile.Kind.OTHER)


def is_closed(stored: StoredFile) -> bool:
    """Whether the file may be given to nobody; one that nobody had looked at yet is looked at now."""
    if stored.kind == StoredFile.Kind.UNCHECKED:
        known = _as_it_came(read_raw(stored.key))
        stored.kind, stored.content_type = known.kind, known.content_type
        stored.width, stored.height = known.width, known.height
        stored.save(update_fields=["kind", "content_type", "width", "height"])
    return stored.kind in {StoredFile.Kind.UNCHECKED, StoredFile.Kind.INFECTED}


def _keep(name: str, content: bytes, known: Recognised) -> StoredFile:
    row = _row(name, content, store_raw(content), known)
    row.save(force_insert=True)
    return row


def _row(name: str, content: bytes, key: str, known: Recognised) -> StoredFile:
    return StoredFile(
        key=key,
        name=safe_name(name),
        content_type=known.content_type,
        kind=known.kind,
        size=len(content),
        width=known.width,
        height=known.height,
    )


def file_token(stored: StoredFile) -> str:
    """A signed word that stands for this file for a day."""
    return signing.dumps(stored.pk, salt="core.file", compress=False)


def file_url(stored: StoredFile) -> str:
    """An address that opens this file for a day for whoever holds it; it names no customer."""
    return reverse("core:file", args=[file_token(stored), stored.name])


def file_of_token(token: str) -> StoredFile | None:
    """The file of a signed address, or None if the address is forged or too old."""
    with contextlib.suppress(signing.BadSignature):
        pk = signing.loads(token, salt="core.file", max_age=URL_MAX_AGE_SECONDS)
        return StoredFile.objects.filter(pk=pk).first()
    return None
