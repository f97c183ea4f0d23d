"""Two web processes, one conversation: whoever talks through one is seen through the other. (Law 6)"""

import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from bench import chat
from tests.served import new_served

pytestmark = pytest.mark.faults
TALKS, SECONDS = 12, 4


def test_every_line_is_on_both_screens_once_and_in_order_whichever_process_they_hang_on():
    with new_served(demo=False, WEB_PROCESSES="2", **chat.NO_LIMITS) as served:
        made = subprocess.run(
            [sys.executable, "-m", "bench.chatpeople", str(TALKS), "0"],
            cwd=chat.ROOT,
            env=chat.environment(DATA_DIR=str(served.data_dir)),
            stdout=subprocess.PIPE,
            check=True,
        )
        talks = json.loads(made.stdout)["talks"]
        before = chat.lines_kept(served)
        task = {"mode": "talk", "port": served.port, "talks": talks, "warm_s": 1}
        task |= {"sentences": chat.sentences()[:500], "seconds": SECONDS}
        webs = [one for one in served.processes() if "web_process" in one.cmdline()]
        sockets = [0] * len(webs)
        with ThreadPoolExecutor(1) as elsewhere:
            loading = elsewhere.submit(chat.load, task)
            while not loading.done():
                now = [len(one.net_connections("tcp")) for one in webs]
                sockets = [max(pair) for pair in zip(sockets, now, strict=True)]
                time.sleep(0.2)
            told = loading.result()
        kept = chat.lines_kept(served) - before

    assert told["wrongs"] == []
    assert told["finished"] == told["sent"] == kept > 0
    assert len(webs) == 2
    assert min(sockets) > 3, f"one process had nearly all the sockets: {sockets}"
