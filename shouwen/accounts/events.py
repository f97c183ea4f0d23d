"""Facts this part announces."""

from dataclasses import dataclass

from shouwen.core.bus import Event


@dataclass(frozen=True, kw_only=True)
class StaffEvent(Event):
    """A fact about one member of staff."""

    subject = ("staff", "staff_id")
    staff_id: int


@dataclass(frozen=True, kw_only=True)
class StaffCreated(StaffEvent):
    """Somebody joined."""


@dataclass(frozen=True, kw_only=True)
class StaffChanged(StaffEvent):
    """The named fields of a person changed; values of personal fields are not repeated here."""

    fields: list[str]


@dataclass(frozen=True, kw_only=True)
class StaffDeactivated(StaffEvent):
    """Somebody may no longer sign in; all sessions have ended."""


@dataclass(frozen=True, kw_only=True)
class StaffReactivated(StaffEvent):
    """Somebody may sign in again."""


@dataclass(frozen=True, kw_only=True)
class PresenceChanged(StaffEvent):
    """Somebody went from one state to another."""

    old_state: str
    state: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class SignedIn(StaffEvent):
    """Somebody signed in."""

    sign_in_id: int
    address: str


@dataclass(frozen=True, kw_only=True)
class SignedOut(StaffEvent):
    """Sessions ended: by the person, by an administrator, by a new password or by leaving."""

    sign_in_ids: list[int]
    why: str


@dataclass(frozen=True, kw_only=True)
class SignInRefused(Event):
    """A sign-in did not succeed. `staff_id` is empty when nobody has that name."""

    subject = ("staff", "staff_id")
    staff_id: int | None
    address: str
    why: str


@dataclass(frozen=True, kw_only=True)
class PasswordChanged(StaffEvent):
    """A password was changed or reset; other sessions have ended."""

    how: str


@dataclass(frozen=True, kw_only=True)
class PasswordResetAsked(StaffEvent):
    """A link to set a new password is to be sent to `mail`.

    The link is no part of history: make it with queries.password_reset_token(reset_id).
    """

    reset_id: int
    mail: str


@dataclass(frozen=True, kw_only=True)
class SecondFactorChanged(StaffEvent):
    """The second factor was switched on or off, or a recovery code was used."""

    change: str


@dataclass(frozen=True, kw_only=True)
class DepartmentChanged(Event):
    """A department was made, changed, moved or closed."""

    subject = ("department", "department_id")
    department_id: int
    change: str


@dataclass(frozen=True, kw_only=True)
class RoleChanged(Event):
    """A role was made, or its permissions, reach or name changed."""

    subject = ("role", "role_id")
    role_id: int
    added: list[str]
    removed: list[str]


@dataclass(frozen=True, kw_only=True)
class CompanyChanged(Event):
    """The named settings of the company changed."""

    subject = ("company", "company_id")
    company_id: int
    fields: list[str]


@dataclass(frozen=True, kw_only=True)
class PersonalDataRead(Event):
    """Somebody revealed or exported personal data."""

    subject = None
    read_id: int
    subject_kind: str
    subject_id: int | None
    what: str


@dataclass(frozen=True, kw_only=True)
class PostProfileMoved(Event):
    """A job description was written, sent for review, commented, published or taken back."""

    subject = ("post", "post_id")
    post_id: int
    change: str


@dataclass(frozen=True, kw_only=True)
class PostMessageSent(Event):
    """Service sent feedback or a bug to a post."""

    subject = ("post", "post_id")
    post_id: int
    message_id: int
    kind: str


@dataclass(frozen=True, kw_only=True)
class PostMessageAnswered(Event):
    """Somebody of the post answered."""

    subject = ("post", "post_id")
    post_id: int
    message_id: int
