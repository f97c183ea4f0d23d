"""Killed in the middle of handing over: what is half done is not there at all. (V2.3.3)"""

import random
import threading
import time
import uuid

import pytest

from tests.faults.ledger import NotAnswered, Unexpected, call
from tests.faults.scene import Scene
from tests.faults.test_once import write_down

pytestmark = pytest.mark.faults
HANDED_OVER = "claimed:transferred"
TALKS = 6
KILLS = 4


def hand_over_again_and_again(scene: Scene, talk: int, stop: threading.Event) -> None:
    address = f"{scene.served.url}/api/v1/conversations/{talk}/transfer"
    for number in range(10_000):
        if stop.is_set():
            return
        to = scene.stage.colleagues[number % 2]
        try:
            call(address, {"staff_id": to, "reason": f"第 {number} 次"}, scene.stage.api_key)
        except (NotAnswered, Unexpected):
            time.sleep(0.05)


def test_a_hand_over_is_whole_or_not_there(scene: Scene) -> None:
    until = time.monotonic() + 30
    keys = [str(uuid.uuid4()) for _number in range(TALKS)]
    talks = [write_down(scene, key, key, until=until)["id"] for key in keys]
    stop = threading.Event()
    threads = [
        threading.Thread(target=hand_over_again_and_again, args=(scene, talk, stop))
        for talk in talks
    ]
    for thread in threads:
        thread.start()
    for _number in range(KILLS):
        time.sleep(random.uniform(0.2, 1.0))
        scene.kill("web")
    time.sleep(0.5)
    stop.set()
    for thread in threads:
        thread.join()

    found = scene.rows(
        "SELECT c.id, c.handler_id,"
        " (SELECT count(*) FROM conversations_line WHERE conversation_id = c.id"
        "   AND meta->>'code' = %s),"
        " (SELECT count(*) FROM history WHERE subject_kind = 'conversation' AND subject_id = c.id"
        "   AND name LIKE '%%onversation%%ransferred'),"
        " (SELECT (payload->>'to_staff_id')::bigint FROM history WHERE subject_kind = 'conversation'"
        "   AND subject_id = c.id AND name LIKE '%%onversation%%ransferred' ORDER BY id DESC LIMIT 1),"
        " c.last_seq, (SELECT max(seq) FROM conversations_line WHERE conversation_id = c.id)"
        " FROM conversations_conversation c WHERE c.id = ANY(%s)",
        HANDED_OVER,
        talks,
    )
    assert len(found) == TALKS
    assert sum(told for _id, _handler, _said, told, *_rest in found) > TALKS
    for _id, handler, said, told, last_told, last_seq, highest in found:
        assert said == told
        assert handler == last_told
        assert last_seq == highest
