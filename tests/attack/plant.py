"""Hostile words wherever people's words stand, in the database of a served product: python -c with `plant()`."""

import json
from typing import Any

from django.apps import apps
from django.db import DatabaseError, connection, models, transaction
from django.test import Client

from shouwen.accounts.models import Company
from tests.attack.test_escaping import hostile_fields
from tests.attack.world import SIDES, World, make_world

# Filled by migrations, as the root conftest names them.
BUILT_IN = {
    "conversations_contactkind",
    "conversations_contactquestion",
    "conversations_reportspan",
    "mailroom_droprule",
}
# Ends whatever it stands in, then runs; the short one is for narrow columns.
PAYLOAD = "\"'></textarea></title></script><img src=x: onerror=xss()>"
SHORT = "\"'><img src=x: onerror=xss()>"
FILE_NAME = "\"'><img src=x onerror=xss()>.txt"


def plant() -> None:
    """The company of the attack tests, poisoned; prints who is signed in where and what there is."""
    _empty()
    world = make_world()
    cookies = {side: _signed_in(world, side) for side in SIDES}
    columns = sum(_poison(model) for model in apps.get_models() if _is_ours(model))
    Company.objects.update(is_set_up=True)
    sides = {name: _plain(side.things | side.secrets) for name, side in world.sides.items()}
    print(json.dumps({"things": sides, "cookies": cookies, "columns": columns}))  # noqa: T201


def _empty() -> None:
    """Only what migrations wrote is left, as in the database of the tests: the world brings the rest."""
    tables = [
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model.__module__.startswith("shouwen.") and model._meta.db_table not in BUILT_IN
    ]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table in tables:
            cursor.execute(f'DELETE FROM "{table}"')


def _is_ours(model: type[models.Model]) -> bool:
    return model.__module__.startswith("shouwen.")


def _plain(things: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in things.items() if isinstance(value, int | str)}


def _signed_in(world: World, side: str) -> dict[str, str]:
    found = {}
    for role, person in world.sides[side].staff.items():
        client = Client()
        client.force_login(person)
        found[role] = client.session.session_key
    return found


def _poison(model: type[models.Model]) -> int:
    count = 0
    for field in hostile_fields(model):
        text = PAYLOAD if (field.max_length or len(PAYLOAD)) >= len(PAYLOAD) else SHORT
        text = text[: field.max_length or None]
        count += _write(model, field.name, text) or _write_each(model, field)
    for field in model._meta.concrete_fields:
        if isinstance(field, models.JSONField):
            _poison_json(model, field.name)
    return count


def _write(model: type[models.Model], name: str, value: Any, **which: Any) -> bool:
    try:
        with transaction.atomic():
            return bool(model._default_manager.filter(**which).update(**{name: value}))
    except DatabaseError:
        return False


def _write_each(model: type[models.Model], field: Any) -> bool:
    """What must differ from row to row has the row's number in front."""
    keys = list(model._default_manager.values_list("pk", flat=True))
    room = field.max_length or None
    written = [_write(model, field.name, f"{pk}{SHORT}"[:room], pk=pk) for pk in keys]
    return any(written)


def _poison_json(model: type[models.Model], name: str) -> None:
    for pk, value in list(model._default_manager.values_list("pk", name)):
        if value:
            _write(model, name, _hostile(value), pk=pk)


def _hostile(value: Any) -> Any:
    """Words of people, which are Chinese here, become hostile; codes stay."""
    if isinstance(value, dict):
        return {key: _hostile(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_hostile(one) for one in value]
    is_words = isinstance(value, str) and any("\u4e00" <= letter <= "\u9fff" for letter in value)
    return PAYLOAD if is_words else value
