"""What a rehearsal says about rows that would be missing."""

from shouwen.keeping import rehearsal
from shouwen.keeping.rehearsal import Rehearsed


def rehearsed(before, after):
    return Rehearsed(
        before=before, after=after, migrations=[], restore_seconds=1.0, migrate_seconds=1.0
    )


def test_fewer_rows_are_lost_rows():
    done = rehearsed({"customer": 5, "deadline": 2}, {"customer": 4, "deadline": 3})

    assert done.lost == {"customer": 1}


def test_a_table_that_is_gone_loses_its_rows_an_empty_one_none():
    done = rehearsed({"a": 5, "b": 0}, {"c": 1})

    assert (done.lost, done.gone, done.new) == ({"a": 5}, ["a", "b"], ["c"])


def test_more_rows_are_well():
    assert rehearsed({"history": 5}, {"history": 9}).lost == {}
    assert rehearsal.FOLDER.startswith(".")
