"""Opens winmail.dat (TNEF), the wrapping that Outlook puts around rich text."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class TnefFile:
    """A file that was packed."""

    file_name: str
    content: bytes = field(repr=False)
    content_type: str = "application/octet-stream"
    content_id: str = ""


@dataclass
class Tnef:
    """What was packed: the body in one or two forms, and files."""

    text: str = ""
    html: str = ""
    files: list[TnefFile] = field(default_factory=list)


def read_tnef(raw: bytes) -> Tnef | None:
    """The unpacked mail; None if the bytes are no TNEF."""
    return None
