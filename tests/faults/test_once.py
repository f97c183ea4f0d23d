"""The same thing many times at once is one thing, and everybody gets the same answer. (F9, F10)"""

import random
import time
import uuid
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest

from tests.faults.ledger import Json, NotAnswered, Unexpected, call
from tests.faults.scene import Scene
from tests.faults.talkers import Visitor

pytestmark = pytest.mark.faults
AT_ONCE = 16
ROUNDS = 20
T = TypeVar("T")


def all_at_once(tasks: Iterable[Callable[[], T]]) -> list[T]:
    """Everything begins together; the results in the order of the tasks."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return [one.result() for one in [pool.submit(task) for task in tasks]]


def write_down(scene: Scene, key: str, words: str, *, until: float = 0.0) -> Json:
    """One contact over the API; tried again until then."""
    body = {"channel": "phone", "outcome": "answered", "words": words, "name": "李女士"}
    while True:
        try:
            return call(
                f"{scene.served.url}/api/v1/conversations",
                body,
                scene.stage.api_key,
                headers={"Idempotency-Key": key},
            )
        except NotAnswered:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def contacts_named(scene: Scene, words: str) -> int:
    rows = scene.rows("SELECT count(*) FROM conversations_line WHERE text = %s", words)
    return int(rows[0][0])


def a_visitor(scene: Scene) -> Visitor:
    visitor = Visitor(scene.widget, "客", scene.ledger)
    visitor.arrive()
    return visitor


def lines_of(scene: Scene, ids: list[str]) -> list[tuple[int, str]]:
    return scene.rows(
        "SELECT conversation_id, client_id::text FROM conversations_line"
        " WHERE client_id::text = ANY(%s) ORDER BY seq",
        ids,
    )


def test_equal_requests_at_once_do_their_work_once_and_answer_alike(scene: Scene) -> None:
    for _round in range(ROUNDS):
        key = words = str(uuid.uuid4())
        until = time.monotonic() + 20
        answers = all_at_once([lambda k=key, u=until: write_down(scene, k, k, until=u)] * AT_ONCE)

        assert contacts_named(scene, words) == 1
        assert all(answer == answers[0] for answer in answers)


def test_a_request_whose_process_was_killed_is_done_once_by_those_that_follow(
    scene: Scene,
) -> None:
    for _round in range(3):
        key = words = str(uuid.uuid4())
        until = time.monotonic() + 30
        with ThreadPoolExecutor(AT_ONCE) as pool:
            waiting = [
                pool.submit(write_down, scene, key, words, until=until) for _n in range(AT_ONCE)
            ]
            time.sleep(random.uniform(0, 0.15))
            scene.kill("web")
            answers = [one.result() for one in waiting]

        assert contacts_named(scene, words) == 1
        assert all(answer == answers[0] for answer in answers)


def test_another_request_under_a_used_key_is_refused(scene: Scene) -> None:
    key = str(uuid.uuid4())
    write_down(scene, key, key)

    with pytest.raises(Unexpected, match="422"):
        write_down(scene, key, "又一件事")


def test_a_line_sent_many_times_at_once_is_one_line(scene: Scene) -> None:
    for _round in range(ROUNDS // 2):
        visitor, id_ = a_visitor(scene), str(uuid.uuid4())
        body = {"client_id": id_, "text": "在吗？", "files": []}
        scene.ledger.note("sent", id_, "客")

        def send(visitor: Visitor = visitor, body: Json = body) -> Json:
            line: Json = call(f"{visitor.base}/lines", body, visitor.token)["line"]
            return line

        answers = all_at_once([send] * AT_ONCE)

        assert len(lines_of(scene, [id_])) == 1
        assert {answer["seq"] for answer in answers} == {answers[0]["seq"]}


def test_five_pictures_at_once_from_a_new_visitor_open_one_conversation(scene: Scene) -> None:
    for _round in range(ROUNDS // 2):
        visitor, ids = a_visitor(scene), [str(uuid.uuid4()) for _n in range(5)]
        for id_ in ids:
            scene.ledger.note("sent", id_, "客")
        copies = ids * 3
        random.shuffle(copies)

        all_at_once(
            [
                lambda i=id_, v=visitor: call(
                    f"{v.base}/lines", {"client_id": i, "text": f"图 {i}", "files": []}, v.token
                )
                for id_ in copies
            ]
        )

        found = lines_of(scene, ids)
        assert sorted(id_ for _conversation, id_ in found) == sorted(ids)
        assert len({conversation for conversation, _id in found}) == 1
