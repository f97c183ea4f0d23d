"""A small part of the API only for tests: what its rules are about, whatever the real routers offer."""

from collections.abc import Callable
from importlib import import_module

import pytest
from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest
from django.urls import path
from django.utils import timezone
from ninja import Router, Schema

from shouwen.accounts.models import Staff
from shouwen.api.auth import KeyAuth
from shouwen.api.scopes import AREAS
from shouwen.api.site import api
from shouwen.api.tests.factories import make_key
from shouwen.core.errors import NotThere, Refused
from shouwen.deadlines.models import WorkCalendar
from shouwen.deadlines.tests.factories import make_calendar

router = Router()


class ThingIn(Schema):
    """A thing to make."""

    name: str


@router.get("/")
def read(request: HttpRequest) -> dict[str, object]:
    staff = request.user
    return {"as": staff.username if isinstance(staff, Staff) else ""}


@router.post("/")
@transaction.atomic
def make(request: HttpRequest, body: ThingIn) -> dict[str, object]:
    if body.name == "refused":
        make_calendar(name="must not stay")
        raise Refused("不行")
    if body.name == "missing":
        raise NotThere
    if body.name == "gone":
        raise Http404
    if body.name == "broken":
        make_calendar(name="must not stay")
        raise RuntimeError("broken")
    return {"id": make_calendar(name=body.name).pk, "at": str(timezone.now())}


def things() -> int:
    """How many things were made."""
    return WorkCalendar.objects.count()


@pytest.fixture(scope="session", autouse=True)
def trial_router() -> None:
    """The trial router hangs under /api/v1/trial for the whole run of these tests."""
    from ninja import NinjaAPI

    from shouwen.api.site import PlainParser

    trial = NinjaAPI(urls_namespace="trial", docs_url=None, openapi_url=None, parser=PlainParser())
    trial.add_router("/", router, auth=KeyAuth(AREAS["customers"]))
    trial._exception_handlers = api._exception_handlers
    trial.create_response = api.create_response
    addresses = import_module(settings.ROOT_URLCONF)
    addresses.urlpatterns.insert(0, path("api/v1/trial/", trial.urls))


@pytest.fixture
def key_for() -> Callable[[Staff], str]:
    """The secret of a key with every scope that acts as the person."""
    secrets: dict[int, str] = {}

    def secret(staff: Staff) -> str:
        if staff.pk not in secrets:
            secrets[staff.pk] = make_key(staff)
        return secrets[staff.pk]

    return secret
