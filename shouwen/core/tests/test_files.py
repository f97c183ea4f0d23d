"""Files that people send: limits, names, what they are by their bytes, and how they are given out."""

import io
import struct
import time
import zipfile
import zlib
from email.message import Message

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.urls import reverse
from PIL import Image

from shouwen.core.files import (
    NAME_LIMIT,
    FileRefused,
    file_of_token,
    file_token,
    file_url,
    keep_files,
    read_raw,
    recognise,
    safe_name,
    store_file,
    store_raw,
    store_raw_all,
)
from shouwen.core.models import StoredFile

pytestmark = pytest.mark.django_db
Kind = StoredFile.Kind
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"


def picture(form: str = "PNG", size: tuple[int, int] = (3, 2)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size).save(out, form)
    return out.getvalue()


def bomb() -> bytes:
    """A PNG of 40,000 x 40,000 pixels in a few hundred bytes."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = struct.pack(">IIBBBBB", 40_000, 40_000, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", b"x") + chunk(b"IEND", b"")


def zip_bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("../../etc/passwd", b"0" * 20_000_000)
    return out.getvalue()


class TestRawStore:
    def test_equal_bytes_have_one_key_and_read_back(self):
        key = store_raw(b"\x00raw")

        assert store_raw(b"\x00raw") == key
        assert read_raw(key) == b"\x00raw"
        assert store_raw(b"other") != key

    def test_many_at_once_equal_ones_among_them(self):
        contents = [b"one", b"two", b"one", *(b"%d" % number for number in range(30))]

        keys = store_raw_all(contents)

        assert [read_raw(key) for key in keys] == contents
        assert keys[0] == keys[2]

    def test_leaves_no_half_written_file_behind(self):
        key = store_raw(b"whole")

        folder = key.rpartition("/")[0]
        assert default_storage.listdir(folder)[1] == [key.rpartition("/")[2]]

    def test_saving_the_same_name_again_keeps_the_first(self):
        key = store_raw(b"whole")

        assert default_storage.save(key, io.BytesIO(b"whole")) == key
        assert read_raw(key) == b"whole"


class TestRefuses:
    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("empty.txt", b""),
            ("setup.exe", b"anything"),
            ("harmless.txt", b"MZ\x90\x00"),
            ("report.pdf.js", b"x"),
            ("REPORT.BAT", b"x"),
            ("report.exe. ", b"x"),
            ("a/b\\c.lnk", b"x"),
            ("invoice\u202efdp.exe", b"x"),
            ("bomb.png", bomb()),
        ],
    )
    def test_programs_bombs_and_nothing(self, name, content):
        with pytest.raises(FileRefused) as refusal:
            store_file(name, content)

        assert str(refusal.value)
        assert not StoredFile.objects.exists()

    def test_what_is_too_large(self, settings):
        settings.FILE_SIZE_LIMIT = 1024 * 1024

        store_file("a.txt", b"x" * settings.FILE_SIZE_LIMIT)
        with pytest.raises(FileRefused, match="1 MB"):
            store_file("a.txt", b"x" * (settings.FILE_SIZE_LIMIT + 1))

    def test_a_bomb_is_refused_at_once(self):
        started = time.monotonic()
        with pytest.raises(FileRefused):
            store_file("bomb.png", bomb())

        assert time.monotonic() - started < 2

    def test_what_came_by_mail_is_kept_whatever_it_is(self):
        kept = keep_files([("setup.exe", b"MZ"), ("bomb.png", bomb()), ("", b"")])

        assert {(one.kind, one.content_type) for one in kept if one.name != "setup.exe"} == {
            (Kind.OTHER, "application/octet-stream")
        }
        assert kept[2].name


class TestRecognises:
    @pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP"])
    def test_a_picture_by_its_bytes_with_its_size(self, form):
        stored = store_file("whatever.txt", picture(form))

        assert (stored.kind, stored.width, stored.height) == (Kind.PICTURE, 3, 2)
        assert stored.content_type == f"image/{form.lower()}"

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("a.svg", SVG),
            ("a.png", SVG),
            ("a.html", HTML),
            ("a.jpg", HTML),
            ("a.gif", b"GIF89a/*" + HTML + b"*/=1;"),
            ("a.png", b"\x89PNG\r\n\x1a\n" + HTML),
            ("a.zip", zip_bomb()),
            ("a.pdf", b"%PDF-1.4"),
            ("a.bmp", b"BM" + b"\0" * 100),
            ("a.png", picture()[:40]),
        ],
    )
    def test_nothing_else_is_shown_in_a_page(self, name, content):
        assert store_file(name, content).kind == Kind.OTHER

    def test_a_picture_with_a_script_behind_it_is_only_a_picture(self):
        stored = store_file("polyglot.html", picture() + HTML)

        assert stored.content_type == "image/png"

    @pytest.mark.parametrize(
        ("content", "kind"),
        [
            (b"ID3\x03\x00" + b"\0" * 100, Kind.VOICE),
            (b"#!AMR\n" + b"\0" * 50, Kind.VOICE),
            (b"OggS" + b"\0" * 50, Kind.VOICE),
            (b"\0\0\0\x18ftypmp42" + b"\0" * 50, Kind.VIDEO),
            (b"\x1aE\xdf\xa3\x01\0\0\0\x42\x82\x84webm" + b"\0" * 20 + b"A_OPUS", Kind.VOICE),
            (b"\x1aE\xdf\xa3\x01\0\0\0\x42\x82\x84webm" + b"\0" * 20 + b"V_VP8", Kind.VIDEO),
        ],
    )
    def test_voice_and_video(self, content, kind):
        assert recognise(content).kind == kind


class TestNames:
    @pytest.mark.parametrize(
        ("name", "safe"),
        [
            ("../../etc/passwd", "passwd"),
            ("C:\\x\\报价.xlsx", "报价.xlsx"),
            ("a\x00b\r\nSet-Cookie: x.txt", "abSet-Cookie: x.txt"),
            ("harmless\u202egnp.exe", "harmlessgnp.exe"),
            ("\u200bzero.txt", "zero.txt"),
            ("  .hidden. ", "hidden"),
            ("e\u0301.txt", "\u00e9.txt"),
            ("line\u2028break.txt", "linebreak.txt"),
            ("paragraph\u2029break.txt", "paragraphbreak.txt"),
        ],
    )
    def test_harm_nobody(self, name, safe):
        assert safe_name(name) == safe

    @pytest.mark.parametrize("name", ["", "...", "/", "\x00", "\u202e"])
    def test_are_never_empty(self, name):
        assert safe_name(name)

    def test_long_ones_keep_their_ending(self):
        long = "投诉" * 150 + ".pdf"

        assert len(safe_name(long)) == NAME_LIMIT
        assert safe_name(long).endswith("投.pdf") or safe_name(long).endswith("诉.pdf")
        assert len(safe_name("长" * 500)) == NAME_LIMIT
        assert len(safe_name("." + "长" * 500)) == NAME_LIMIT


class TestGivenOut:
    def served(self, client, stored, **query):
        response = client.get(file_url(stored), query)
        assert response.status_code == 200
        content = response.content
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
        return response, content

    @pytest.mark.parametrize("content", [SVG, HTML, b"GIF89a/*" + HTML, b"%PDF-1.4", b"text"])
    def test_what_is_no_picture_is_a_download_that_runs_nothing(self, client, content):
        response, given = self.served(client, store_file("a.png", content))

        assert given == content
        assert response["Content-Disposition"].startswith("attachment")
        assert response["Content-Type"] not in {"text/html", "image/svg+xml"}

    def test_a_picture_is_shown_and_downloaded_on_request(self, client):
        stored = store_file("照片.png", picture())

        assert self.served(client, stored)[0]["Content-Disposition"].startswith("inline")
        asked = self.served(client, stored, download="1")[0]
        assert asked["Content-Disposition"].startswith("attachment")

    def test_a_long_chinese_name_arrives_whole(self, client):
        name = "投诉电梯故障的照片" * 11 + ".txt"

        response, _content = self.served(client, store_file(name, b"x"))

        header = Message()
        header["Content-Disposition"] = response["Content-Disposition"]
        assert header.get_filename() == name or name in str(
            header.get_param("filename*", "", "Content-Disposition")
        )
        assert "\n" not in response["Content-Disposition"]

    def test_a_quote_in_the_name_stays_in_the_name(self, client):
        response, _content = self.served(client, store_file('a";x="b.txt', b"x"))

        assert response["Content-Disposition"] == 'attachment; filename="a\\";x=\\"b.txt"'

    @pytest.mark.parametrize(
        "change", [lambda t: t[:-1], lambda t: "x" + t, lambda t: "x", str.lower]
    )
    def test_a_forged_address_is_not_there(self, client, change):
        stored = store_file("a.txt", b"x")
        token = change(file_token(stored))

        assert file_of_token(token) is None
        assert client.get(reverse("core:file", args=[token, "a.txt"])).status_code == 404

    def test_an_address_is_good_for_a_day(self):
        with time_machine.travel("2026-11-22T08:00:00Z", tick=False) as clock:
            token = file_token(store_file("a.txt", b"x"))
            clock.shift(24 * 3600)
            assert file_of_token(token)
            clock.shift(1)
            assert file_of_token(token) is None

    def test_a_row_without_bytes_is_not_there(self, client):
        stored = store_file("a.txt", b"x")
        default_storage.delete(stored.key)

        assert client.get(file_url(stored)).status_code == 404

    def test_only_reading_is_possible(self, client):
        assert client.post(file_url(store_file("a.txt", b"x"))).status_code == 405
