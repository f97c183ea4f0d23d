"""Kinds of notices, as the parts declare them."""

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class NoticeKind:
    """A kind of notice: its code, its name on the preferences page, and how it comes by default."""

    code: str
    label: str | Promise
    in_app: bool = True
    by_mail: bool = False


_kinds: dict[str, NoticeKind] = {}


def register_kind(code: str, label: str | Promise, *, by_mail: bool = False) -> NoticeKind:
    """A part's notices of this kind are known by name. Codes read `part.what`."""
    kind = _kinds[code] = NoticeKind(code, label, by_mail=by_mail)
    return kind


def all_kinds() -> list[NoticeKind]:
    """Every kind there is, in the order of registration."""
    return list(_kinds.values())


def kind_of(code: str) -> NoticeKind:
    """The kind; one nobody declared comes in the application only."""
    return _kinds.get(code) or NoticeKind(code, code)
