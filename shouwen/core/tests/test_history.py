"""History is append-only, whoever tries."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from shouwen.core.models import HistoryEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry():
    return HistoryEntry.objects.create(at=timezone.now(), name="core.Fact", payload={})


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE history SET name = 'another'",
        "DELETE FROM history",
        "TRUNCATE history",
    ],
)
def test_the_database_refuses_to_change_the_past(entry, statement):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(statement)

    assert HistoryEntry.objects.get().name == "core.Fact"


def test_the_row_cannot_be_saved_again_or_deleted(entry):
    entry.name = "core.Other"
    with pytest.raises(DatabaseError), transaction.atomic():
        entry.save()
    with pytest.raises(DatabaseError), transaction.atomic():
        entry.delete()


def test_reads_as_what_it_is_about(entry):
    assert str(entry) == "core.Fact :None"
