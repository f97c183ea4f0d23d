"""Words to search for, frequent, rare and absent, and what a plain scan finds."""

import re
from collections import Counter
from pathlib import Path
from random import Random
from urllib.parse import quote

import psycopg

from bench.inboxpages import SEARCH, Reader
from bench.inboxtexts import Talk
from shouwen.core.database import embedded_url
from shouwen.core.search import query_text

HAN = re.compile(r"[\u4e00-\u9fff]+")
SAMPLE = 60_000
EACH = 3


class Words:
    """Two and four characters: the most frequent, some in the middle, the rarest, and none at all."""

    def __init__(self) -> None:
        talk, random = Talk(), Random(3)
        texts = random.sample(talk.clauses, min(SAMPLE, len(talk.clauses)))
        self._chosen = {length: _choose(texts, length, random) for length in (2, 4)}

    def of(self, length: int) -> list[str]:
        """The words of this length."""
        return self._chosen[length]

    def all(self) -> list[str]:
        """All of them."""
        return [*self._chosen[2], *self._chosen[4]]


def _choose(texts: list[str], length: int, random: Random) -> list[str]:
    counted: Counter[str] = Counter()
    for text in texts:
        for run in HAN.findall(text):
            counted.update({run[at : at + length] for at in range(len(run) - length + 1)})
    ranked = [word for word, _count in counted.most_common()]
    middle = len([word for word in ranked if counted[word] > 20]) // 2
    rare = [word for word in ranked if counted[word] == 1]
    absent: list[str] = []
    while len(absent) < EACH:
        halves = random.choice(ranked[:200])[: length // 2] + random.choice(rare)[length // 2 :]
        if halves not in counted:
            absent.append(halves)
    return ranked[:EACH] + ranked[middle : middle + EACH] + random.sample(rare, EACH) + absent


def equal_to_a_scan(folder: Path, words: Words, reader: Reader) -> bool:
    """Every line that holds a word is found on the index, none else, and the page shows the newest."""
    with psycopg.connect(embedded_url(folder)) as connection:
        connection.execute("SET statement_timeout = 0")
        scans = ", ".join(
            "count(*) FILTER (WHERE text LIKE %s), sum(id) FILTER (WHERE text LIKE %s),"
            " max(id) FILTER (WHERE text LIKE %s)"
            for _ in words.all()
        )
        likes = [f"%{word}%" for word in words.all() for _ in range(3)]
        plain = connection.execute(f"SELECT {scans} FROM conversations_line", likes).fetchone()
        assert plain
        is_equal = True
        for number, word in enumerate(words.all()):
            count, total, newest = plain[3 * number : 3 * number + 3]
            found = connection.execute(
                "SELECT count(*), sum(id), max(id) FROM conversations_line"
                " WHERE search @@ %s::tsquery",
                [query_text(word)],
            ).fetchone()
            page = reader.get(SEARCH + quote(word))
            shown = page.count("<mark>") > 0
            right = found == (count, total, newest) and shown == bool(count)
            is_equal = is_equal and right
            print(f"  {word}: {count} lines{'' if right else ' NOT EQUAL'}", flush=True)
    return is_equal
