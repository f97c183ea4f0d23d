"""Whatever a program sends, fitting or not: no error of ours, and every answer as described (V13.4.2, S1)."""

import json
import os
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from shouwen.api.models import ApiKey
from shouwen.api.site import api
from shouwen.api.tests.factories import make_key
from tests.attack.browser import Browser, text_of
from tests.attack.rules import WORDS
from tests.attack.watching import watched_and_undone
from tests.attack.world import World, make_world

pytestmark = pytest.mark.django_db
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
BASE = "http://testserver"
# Requests of each kind to each operation: half a minute in all. FUZZ_TIMES=20 looks further.
EXAMPLES = {"administrator": 6, "agent": 2, "nobody": 1}
TIMES = int(os.environ.get("FUZZ_TIMES", "1"))
ENOUGH = 10**6


class Program:
    """Asks what the library thought of, with a key."""

    def __init__(self, secret: str) -> None:
        self._browser = Browser()
        self._headers = {"Authorization": f"Bearer {secret}"}

    def ask(self, case: schemathesis.Case) -> schemathesis.Response:
        """The answer, and nothing is left of what it did."""
        asked = requests.Request(**case.as_transport_kwargs(base_url=BASE)).prepare()
        body = asked.body or b""
        with watched_and_undone():
            answer = self._browser.generic(
                asked.method,
                asked.url.removeprefix(BASE),
                body.encode() if isinstance(body, str) else body,
                content_type=asked.headers.get("Content-Type", "application/octet-stream"),
                headers=self._headers,
            )
            content = text_of(answer).encode()
        headers = {name: [value] for name, value in answer.headers.items()}
        return schemathesis.Response(answer.status_code, headers, content, asked, 0.1, verify=False)


@pytest.fixture
def world() -> World:
    return make_world()


def operations() -> list[Any]:
    """All of our description, as the library reads it."""
    described = json.loads(json.dumps(api.get_openapi_schema()))
    found = [one.ok() for one in schemathesis.openapi.from_dict(described).get_all_operations()]
    assert len(found) == sum(len(methods) for methods in described["paths"].values())
    return found


def things_in(world: World, operation: Any) -> dict[str, Any]:
    """Ids that exist for the parameters of an address: what fits goes deeper than chance would."""
    known = WORDS | world.sides["north"].things
    return {one.name: known[one.name] for one in operation.path_parameters}


def try_out(operation: Any, program: Program, strategy: Any, examples: int) -> str:
    """So many requests; what answer is not as described, if one is not."""

    @settings(
        max_examples=examples * TIMES,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    @given(case=strategy)
    def ask(case: schemathesis.Case) -> None:
        case.validate_response(program.ask(case), checks=CHECKS)

    try:
        ask()
    except FailureGroup as failure:
        return str(failure)
    return ""


@pytest.mark.parametrize("role", EXAMPLES)
def test_every_answer_is_one_that_the_description_knows(world, role):
    program = Program(make_key(world.sides["north"].staff[role]))
    ApiKey.objects.update(requests_per_minute=ENOUGH)
    found = []
    for operation in operations():
        known = things_in(world, operation)
        fitting = operation.as_strategy(GenerationMode.POSITIVE, path_parameters=known)
        unfitting = operation.as_strategy(GenerationMode.NEGATIVE)
        found += [try_out(operation, program, one, EXAMPLES[role]) for one in (fitting, unfitting)]

    assert [one for one in found if one] == []
