"""Keys for tests."""

from django.utils import timezone

from shouwen.accounts.models import Staff
from shouwen.accounts.queries import system_staff
from shouwen.accounts.tests.factories import StaffFactory
from shouwen.api.operations import make_api_key
from shouwen.api.scopes import all_scopes


def make_key(staff: Staff | None = None, *, scopes: list[str] | None = None, **more: object) -> str:
    """The secret of a key that acts as the person, an administrator if none is given."""
    new = make_api_key(
        "test",
        staff=staff or StaffFactory(role="administrator"),
        scopes=scopes or [code for code, _label in all_scopes()],
        at=timezone.now(),
        by=system_staff(),
        **more,
    )
    return new.secret


def bearer(secret: str, **headers: str) -> dict[str, str]:
    """Headers of a request with this key."""
    return {"Authorization": f"Bearer {secret}", **headers}
