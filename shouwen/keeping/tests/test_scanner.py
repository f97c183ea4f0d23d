"""The virus scanner on the health page."""

from django.utils import timezone

from shouwen.keeping.checks import machine
from tests.fakes.clamd import fake_clamd


def test_no_row_without_one(settings):
    settings.VIRUS_SCANNER = ""

    assert machine.scanner(timezone.now()) == []


def test_well_when_it_answers(settings):
    with fake_clamd() as place:
        settings.VIRUS_SCANNER = place
        [row] = machine.scanner(timezone.now())

    assert row.state == "well"
    assert "ClamAV" in row.text


def test_everybody_is_told_when_it_does_not(settings):
    settings.VIRUS_SCANNER = "/nowhere"
    [row] = machine.scanner(timezone.now())
    assert (row.state, row.is_banner) == ("ill", True)
    assert "拒收" in row.advice

    settings.TAKES_UNSCANNED = True
    assert "不经查毒" in machine.scanner(timezone.now())[0].advice
