"""What the API says about staff."""

from ninja import Schema


class StaffOut(Schema):
    """A member of staff; phone and mail are empty when the key's person may not see them."""

    id: int
    staff_number: str
    name: str
    display_name: str
    department_id: int | None
    department: str
    roles: list[str]
    skills: list[str]
    languages: list[str]
    reception_limit: int
    is_active: bool
    phone: str
    mail: str
    presence: str


class StaffListOut(Schema):
    """A page of staff; `next` is the cursor of the following one, empty at the end."""

    items: list[StaffOut]
    next: str


class DepartmentOut(Schema):
    """A department; `path` shows its place in the tree."""

    id: int
    parent_id: int | None
    code: str
    name: str
    function: str
    path: str
