"""kill -9 of web, worker and database at random moments under load; then everything is counted.

KILLS=200,200,50 (web, worker, database) and ROUNDS=5 (everything at once) can be made smaller;
SEED repeats the moments of an earlier run as far as the machine does.
"""

import json
import os
import random
import statistics
import time
from collections import defaultdict

from tests.faults.judging import judge, repeated_letters
from tests.faults.ledger import Verdict
from tests.faults.scene import Load, Scene, new_scene

NAMES = ("web", "work", "postgres")
LONGEST_CALM_SECONDS = 1.2
POSTS, SOCKETS = 8, 6


def main() -> None:
    """Print what was measured; the last line is RESULT and JSON."""
    kills = [int(one) for one in os.environ.get("KILLS", "200,200,50").split(",")]
    rounds = int(os.environ.get("ROUNDS", "5"))
    seed = int(os.environ.get("SEED", str(random.randrange(10**6))))
    print(f"seed {seed}, kills of {dict(zip(NAMES, kills, strict=True))}, {rounds} of all at once")
    random.seed(seed)
    with new_scene(with_mail=True) as scene:
        load = Load(scene, posts=POSTS, sockets=SOCKETS)
        load.start()
        begun = time.monotonic()
        back = _kill(scene, _plan(kills, rounds))
        seconds = time.monotonic() - begun
        load.stop(within=180)
        print(f"{len(load.ledger.acked)} acknowledged; counting what is there ...", flush=True)
        verdict = judge(load)
        repeats = repeated_letters(scene.mail.smtp.sink) if scene.mail else 0
    _print_recovery(back)
    _print_mistakes(verdict)
    result = _result(kills, back, verdict) | {
        "acked": len(load.ledger.acked),
        "unacked": len(load.ledger.sent) - len(load.ledger.acked),
        "per_s": round(len(load.ledger.acked) / seconds, 1),
        "repeated_letters": repeats,
        "seed": seed,
    }
    print("RESULT", json.dumps(result))


def _plan(kills: list[int], rounds: int) -> list[str]:
    plan = [name for name, times in zip(NAMES, kills, strict=True) for _time in range(times)]
    plan += ["all"] * rounds
    random.shuffle(plan)
    return plan


def _kill(scene: Scene, plan: list[str]) -> dict[str, list[float]]:
    back = defaultdict(list)
    for number, name in enumerate(plan, start=1):
        time.sleep(random.uniform(0, LONGEST_CALM_SECONDS))
        back[name].append(scene.kill_all() if name == "all" else scene.kill(name))
        if number % 25 == 0:
            print(f"{number} of {len(plan)} kills, {len(scene.ledger.acked)} kept", flush=True)
    return back


def _print_recovery(back: dict[str, list[float]]) -> None:
    for name, seconds in back.items():
        print(
            f"{name}: {len(seconds)} kills, works again after {statistics.median(seconds):.1f} s "
            f"(median), {max(seconds):.1f} s (worst)"
        )


def _print_mistakes(verdict: Verdict) -> None:
    for kind, entries in vars(verdict).items():
        for entry in entries[:20]:
            print(f"{kind}: {entry}")


def _result(
    kills: list[int], back: dict[str, list[float]], verdict: Verdict
) -> dict[str, float | int]:
    recovery = {
        f"{name}_{word}_s": round(of(back[name]), 2)
        for name in ("web", "work", "postgres", "all")
        if back[name]
        for word, of in (("median", statistics.median), ("worst", max))
    }
    return {
        "kills_web": kills[0],
        "kills_worker": kills[1],
        "kills_db": kills[2],
        "lost": len(verdict.lost),
        "doubled": len(verdict.doubled),
        "ghost": len(verdict.ghosts),
        "out_of_order": len(verdict.out_of_order),
        **recovery,
    }


if __name__ == "__main__":
    main()
