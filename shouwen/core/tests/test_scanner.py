"""Files and the virus scanner: a fake one that speaks clamd's protocol, and clamd itself where it is installed. (V5.4.3)"""

import time
from collections.abc import Iterator

import pytest

from shouwen.core import scanner
from shouwen.core.files import FileRefused, file_url, keep_files, store_file
from shouwen.core.models import StoredFile
from shouwen.core.scanner import ScannerAwayError, scanner_version, virus_in
from tests.fakes.clamd import EICAR, LONGEST_STREAM, NAME, fake_clamd, mute_clamd, real_clamd
from tests.needs import need

pytestmark = pytest.mark.django_db
Kind = StoredFile.Kind


@pytest.fixture(scope="module")
def one_of_each(request) -> Iterator[str]:
    if request.param == "fake":
        with fake_clamd() as place:
            yield place
    else:
        with real_clamd(need("clamd", root=True)["clamd"]) as place:
            yield place


@pytest.fixture
def both(one_of_each, settings) -> str:
    settings.VIRUS_SCANNER = one_of_each
    return one_of_each


@pytest.fixture
def scanning(settings) -> Iterator[None]:
    with fake_clamd() as place:
        settings.VIRUS_SCANNER = place
        yield


@pytest.fixture
def away(settings, tmp_path) -> None:
    settings.VIRUS_SCANNER = str(tmp_path / "nobody")


@pytest.mark.parametrize("one_of_each", ["fake", "real"], indirect=True, scope="module")
class TestWhatItSays:
    def test_names_the_virus(self, both):
        assert virus_in(EICAR) == f"{NAME}.UNOFFICIAL"

    @pytest.mark.parametrize("content", [b"x", b"a" * 200_000, EICAR[:-1], b""])
    def test_finds_nothing_in_what_is_clean(self, both, content):
        assert virus_in(content) == ""

    def test_what_is_too_long_for_it_nobody_has_looked_at(self, both):
        with pytest.raises(ScannerAwayError):
            virus_in(b"a" * (LONGEST_STREAM * 3))

    def test_says_who_it_is(self, both):
        assert scanner_version().startswith("ClamAV")


class TestUpload:
    def test_a_virus_is_refused_with_a_clear_word(self, scanning):
        with pytest.raises(FileRefused, match=r"账单\.pdf.*病毒"):
            store_file("账单.pdf", EICAR)
        assert not StoredFile.objects.exists()

    def test_what_is_clean_is_taken(self, scanning):
        assert store_file("a.txt", b"hello").kind == Kind.OTHER

    def test_is_refused_while_nobody_can_look(self, away):
        with pytest.raises(FileRefused, match="暂时无法查毒"):
            store_file("a.txt", b"hello")

    def test_is_taken_while_nobody_can_look_if_so_set(self, away, settings):
        settings.TAKES_UNSCANNED = True

        assert store_file("a.txt", b"hello").pk

    def test_a_scanner_that_hangs_keeps_nobody_for_ever(self, settings, monkeypatch):
        monkeypatch.setattr(scanner, "ANSWERS_WITHIN_SECONDS", 0.3)
        with mute_clamd() as place:
            settings.VIRUS_SCANNER = place
            begun = time.monotonic()
            with pytest.raises(FileRefused):
                store_file("a.txt", b"hello")

        assert time.monotonic() - begun < 2

    def test_without_a_scanner_nobody_is_asked(self, settings):
        settings.VIRUS_SCANNER = ""

        assert store_file("a.txt", EICAR).pk

    def test_a_scanner_may_be_on_another_machine(self, settings):
        settings.VIRUS_SCANNER = "127.0.0.1:1"

        with pytest.raises(ScannerAwayError):
            virus_in(b"x")


class TestWhatCameByMail:
    def test_a_virus_is_kept_and_given_to_nobody(self, scanning, client):
        infected, clean = keep_files([("发票.zip", EICAR), ("a.txt", b"hello")])

        assert (infected.kind, clean.kind) == (Kind.INFECTED, Kind.OTHER)
        assert client.get(file_url(infected)).status_code == 403
        assert client.get(file_url(clean)).content == b"hello"

    def test_what_nobody_could_look_at_is_looked_at_when_it_is_opened(self, away, settings, client):
        infected, clean = keep_files([("发票.zip", EICAR), ("a.txt", b"hello")])

        assert {infected.kind, clean.kind} == {Kind.UNCHECKED}
        assert client.get(file_url(clean)).status_code == 503
        with fake_clamd() as place:
            settings.VIRUS_SCANNER = place
            assert client.get(file_url(infected)).status_code == 403
            assert client.get(file_url(clean)).content == b"hello"
        settings.VIRUS_SCANNER = ""
        assert client.get(file_url(infected)).status_code == 403
