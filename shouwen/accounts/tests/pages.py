"""Fixtures for tests of pages: the company is set up, somebody signs in, a slot is filled for one test."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from shouwen.accounts.models import Company, Staff
from shouwen.accounts.queries import company
from shouwen.accounts.tests.factories import StaffFactory
from shouwen.core.slots import _slots, panel


@pytest.fixture
def company_set_up(db: None) -> None:
    """The first run is over."""
    company()
    Company.objects.update(is_set_up=True, name="锦江物业")


@pytest.fixture
def sign_in(client: Client) -> Callable[[str], Staff]:
    """Somebody new of a role signs in."""

    def as_role(role: str) -> Staff:
        staff = StaffFactory(role=role)
        client.force_login(staff)
        return staff

    return as_role


@pytest.fixture
def put() -> Iterator[Callable[[str, Callable[..., Any]], None]]:
    """Put a panel into a slot for one test."""
    placed = []

    def register(slot: str, function: Callable[..., Any]) -> None:
        panel(slot)(function)
        placed.append((slot, function))

    yield register
    for slot, function in placed:
        _slots[slot][:] = [one for one in _slots[slot] if one.panel is not function]
