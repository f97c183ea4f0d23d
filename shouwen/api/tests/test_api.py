"""What holds for every address of the API: keys, scopes, pace, refusals, and work done once."""

import json
import threading
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.test import Client
from django.utils import timezone

from shouwen.accounts.queries import system_staff
from shouwen.accounts.tests.factories import StaffFactory
from shouwen.api.models import AnsweredRequest, ApiKey, ApiKeyUse
from shouwen.api.operations import forget_old_requests, revoke_api_key
from shouwen.api.site import api
from shouwen.api.tests.conftest import things
from shouwen.api.tests.factories import bearer, make_key

pytestmark = pytest.mark.django_db
TRIAL = "/api/v1/trial/"


def post(client, secret, body, **headers):
    return client.post(
        TRIAL,
        json.dumps(body) if not isinstance(body, str) else body,
        content_type="application/json",
        headers=bearer(secret, **headers),
    )


class TestKeys:
    def test_every_address_of_the_api_wants_a_key(self, client):
        schema = api.get_openapi_schema()
        for place, (address, methods) in enumerate(schema["paths"].items()):
            for method in methods:
                url = address.replace("{", "").replace("}", "")
                for step in ("customer_id", "conversation_id", "phrase_id", "staff_id", "line_id"):
                    url = url.replace(step, "1")
                answer = client.generic(
                    method.upper(),
                    url,
                    "{}",
                    content_type="application/json",
                    REMOTE_ADDR=f"192.0.2.{place}",  # one address asks so often only
                )
                assert answer.status_code == 401, (method, address)

    def test_a_key_acts_as_its_person(self, client):
        secret = make_key(StaffFactory(username="liming", role="agent"))

        answer = client.get(TRIAL, headers=bearer(secret))

        assert answer.json() == {"as": "liming"}

    @pytest.mark.parametrize("word", ["", "Bearer ", "Bearer sw_wrong", "Basic abc", "Bearer"])
    def test_refuses_what_is_no_key(self, client, word):
        answer = client.get(TRIAL, headers={"Authorization": word})

        assert answer.status_code == 401
        assert answer["WWW-Authenticate"] == "Bearer"
        assert "error" in answer.json()

    def test_refuses_revoked_expired_and_leavers_keys(self, client):
        leaver = StaffFactory(role="agent")
        secrets = [
            make_key(),
            make_key(expires_at=timezone.now() - timedelta(seconds=1)),
            make_key(leaver),
        ]
        revoke_api_key(ApiKey.objects.order_by("pk")[0].pk, at=timezone.now(), by=system_staff())
        leaver.is_active = False
        leaver.save()

        assert [client.get(TRIAL, headers=bearer(one)).status_code for one in secrets] == [401] * 3

    def test_a_reading_key_does_not_write(self, client):
        secret = make_key(scopes=["customers:read"])

        assert client.get(TRIAL, headers=bearer(secret)).status_code == 200
        assert post(client, secret, {"name": "x"}).status_code == 403
        assert things() == 0

    def test_a_key_of_another_area_does_not_read(self, client):
        secret = make_key(scopes=["phrases:read"])

        assert client.get(TRIAL, headers=bearer(secret)).status_code == 403

    def test_a_key_that_asks_too_often_waits(self, client):
        secret = make_key()
        ApiKey.objects.update(requests_per_minute=2)

        answers = [client.get(TRIAL, headers=bearer(secret)) for _time in range(3)]

        assert [one.status_code for one in answers] == [200, 200, 429]
        assert answers[-1]["Retry-After"] == "60"

    def test_a_session_is_no_key(self, client):
        client.force_login(StaffFactory(role="administrator"))

        assert client.get(TRIAL).status_code == 401


class TestRefusals:
    @pytest.mark.parametrize(
        ("body", "status"),
        [
            ({"name": "refused"}, 409),
            ({"name": "missing"}, 404),
            ({"name": "gone"}, 404),
            ({}, 422),
            ({"name": 5}, 422),
            ("[", 400),
            ('{"name": "a\\u0000b"}', 400),
        ],
    )
    def test_have_one_shape(self, client, body, status):
        answer = post(client, make_key(), body)

        assert answer.status_code == status
        assert answer.json()["error"]
        assert things() == 0

    def test_nothing_of_the_inside_is_told(self, client):
        client.raise_request_exception = False

        answer = post(client, make_key(), {"name": "broken"})

        assert answer.status_code == 500
        assert set(answer.json()) == {"error"}
        assert things() == 0

    def test_nul_in_the_query_is_refused(self, client):
        assert client.get(f"{TRIAL}?q=%00", headers=bearer(make_key())).status_code in {200, 400}

    @pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
    def test_an_unknown_address_answers_in_json(self, method):
        client = Client(enforce_csrf_checks=True)

        answer = client.generic(method, "/api/v1/nothing", headers=bearer(make_key()))

        assert answer.status_code == 404
        assert answer["Content-Type"] == "application/json"


class TestIdempotency:
    def test_the_same_request_again_has_the_same_answer(self, client):
        secret = make_key()

        first = post(client, secret, {"name": "x"}, **{"Idempotency-Key": "a"})
        again = post(client, secret, {"name": "x"}, **{"Idempotency-Key": "a"})

        assert first.content == again.content
        assert again["Idempotent-Replayed"] == "true"
        assert things() == 1

    def test_another_request_with_the_key_is_refused(self, client):
        secret = make_key()
        post(client, secret, {"name": "x"}, **{"Idempotency-Key": "a"})

        answer = post(client, secret, {"name": "y"}, **{"Idempotency-Key": "a"})

        assert answer.status_code == 422
        assert things() == 1

    def test_keys_of_different_programs_do_not_meet(self, client):
        for secret in (make_key(), make_key()):
            post(client, secret, {"name": "x"}, **{"Idempotency-Key": "a"})

        assert things() == 2

    def test_a_refusal_by_the_work_is_repeated_too(self, client):
        secret = make_key()

        answers = [
            post(client, secret, {"name": "refused"}, **{"Idempotency-Key": "a"}) for _n in range(2)
        ]

        assert [one.status_code for one in answers] == [409, 409]
        assert things() == 0

    def test_a_request_that_broke_may_be_tried_again(self, client):
        client.raise_request_exception = False
        secret = make_key()

        broken = post(client, secret, {"name": "broken"}, **{"Idempotency-Key": "a"})

        assert broken.status_code == 500
        assert things() == 0
        assert not AnsweredRequest.objects.exists()

    def test_a_mistake_does_not_use_up_the_key(self, client):
        secret = make_key()

        wrong = post(client, secret, {}, **{"Idempotency-Key": "a"})
        right = post(client, secret, {"name": "x"}, **{"Idempotency-Key": "a"})

        assert (wrong.status_code, right.status_code) == (422, 200)

    def test_a_key_of_256_characters_is_refused(self, client):
        secret = make_key()

        assert (
            post(client, secret, {"name": "x"}, **{"Idempotency-Key": "k" * 256}).status_code == 400
        )
        assert (
            post(client, secret, {"name": "x"}, **{"Idempotency-Key": "k" * 255}).status_code == 200
        )

    def test_without_a_usable_key_nothing_is_kept(self, client):
        assert (
            post(client, "sw_wrong", {"name": "x"}, **{"Idempotency-Key": "a"}).status_code == 401
        )
        assert not AnsweredRequest.objects.exists()

    def test_answers_are_kept_for_a_day_and_then_forgotten(self, client):
        post(client, make_key(), {"name": "x"}, **{"Idempotency-Key": "a"})

        forget_old_requests(at=timezone.now() + timedelta(hours=25))
        assert AnsweredRequest.objects.exists()
        forget_old_requests(at=timezone.now() + timedelta(hours=50))
        assert not AnsweredRequest.objects.exists()
        assert not ApiKeyUse.objects.exists()


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_sixteen_equal_requests_at_once_make_one_thing(self):
        secret = make_key()
        answers = at_once(secret, {"name": "x"}, keys=["a"] * 16)

        assert {status for status, _body in answers} == {200}
        assert len({body for _status, body in answers}) == 1
        assert things() == 1

    def test_a_second_one_is_told_when_the_first_takes_too_long(self, monkeypatch):
        monkeypatch.setattr("shouwen.api.idempotency.WAIT", "200ms")
        secret = make_key()
        key = ApiKey.objects.get()
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute(
                "INSERT INTO api_answered_request (key_id, name, request_digest, status,"
                " content_type, body, created_at) VALUES (%s, 'a', '', 0, '', '', now())",
                [key.pk],
            )
            try:
                answers = at_once(secret, {"name": "x"}, keys=["a"])
            finally:
                cursor.execute("ROLLBACK")

        assert [status for status, _body in answers] == [409]
        assert things() == 0


def at_once(secret: str, body: object, *, keys: list[str]) -> list[tuple[int, bytes]]:
    """The answers to requests sent at the same moment, each from a thread of its own."""
    answers = []
    barrier = threading.Barrier(len(keys))

    def ask(name: str) -> None:
        barrier.wait()
        try:
            answer = post(Client(), secret, body, **{"Idempotency-Key": name})
            answers.append((answer.status_code, answer.content))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=ask, args=(name,)) for name in keys]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
