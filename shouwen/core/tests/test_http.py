"""Only trusted proxies may say who the client is."""

import pytest
from django.test import RequestFactory

from shouwen.core.http import client_address, networks, see_through_proxies, trusted_address

PROXIES = networks("10.0.0.0/24, ::1")


def scope(peer, *headers, kind="http"):
    return {"type": kind, "client": (peer, 5000), "scheme": kind, "headers": list(headers)}


class TestTrustedAddress:
    @pytest.mark.parametrize(
        ("forwarded", "address"),
        [
            ("6.6.6.6, 203.0.113.5", "203.0.113.5"),
            ("6.6.6.6, 203.0.113.5, 10.0.0.1", "203.0.113.5"),
            ("", "10.0.0.9"),
            ("10.0.0.3, 10.0.0.4", "10.0.0.9"),
            ("6.6.6.6, not an address", "10.0.0.9"),
            ("2001:db8::0001", "2001:db8::1"),
            (", , 203.0.113.5,", "203.0.113.5"),
        ],
    )
    def test_a_forged_header_does_not_move_it(self, forwarded, address):
        assert trusted_address("10.0.0.9", forwarded, PROXIES) == address


class TestSeeThroughProxies:
    def test_a_strangers_words_count_for_nothing(self, settings):
        settings.TRUSTED_PROXIES = PROXIES
        words = [(b"x-forwarded-for", b"1.2.3.4"), (b"x-forwarded-proto", b"https")]
        given = scope("203.0.113.9", *words)

        see_through_proxies(given)

        assert given["client"] == ("203.0.113.9", 5000)
        assert given["scheme"] == "http"

    @pytest.mark.parametrize("peer", ["10.0.0.9", "::ffff:10.0.0.9", "::1"])
    def test_a_trusted_proxy_says_who_the_client_is(self, settings, peer):
        settings.TRUSTED_PROXIES = PROXIES
        words = [(b"x-forwarded-for", b"1.2.3.4"), (b"x-forwarded-proto", b"https")]
        page, socket = scope(peer, *words), scope(peer, *words, kind="ws")

        see_through_proxies(page)
        see_through_proxies(socket)

        assert (page["client"][0], page["scheme"]) == ("1.2.3.4", "https")
        assert socket["scheme"] == "wss"

    def test_rubbish_from_a_proxy_changes_no_scheme(self, settings):
        settings.TRUSTED_PROXIES = PROXIES
        given = scope("10.0.0.9", (b"x-forwarded-proto", b"gopher"))

        see_through_proxies(given)

        assert given["scheme"] == "http"

    def test_without_proxies_nothing_is_looked_at(self, settings):
        settings.TRUSTED_PROXIES = ()
        given = scope("10.0.0.9", (b"x-forwarded-for", b"1.2.3.4"))

        see_through_proxies(given)

        assert given["client"] == ("10.0.0.9", 5000)


def test_the_header_itself_is_never_read_behind_the_front_door():
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.9", HTTP_X_FORWARDED_FOR="1.2.3.4")

    assert client_address(request) == "10.0.0.9"


def test_says_which_word_is_no_address():
    with pytest.raises(ValueError, match="eins"):
        networks("10.0.0.1, eins")
