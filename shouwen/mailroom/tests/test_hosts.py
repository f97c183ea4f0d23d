"""No way into our own network through the name of a mail server (ASVS V1.3.6)."""

import socket

import pytest

from shouwen.mailroom.hosts import HostRefused, HostUnknown, checked_addresses, connect
from shouwen.mailroom.sealing import SealBroken, seal, unseal

INSIDE = [
    "127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001",
    "localhost", "localhost.", "LOCALHOST", " 127.0.0.1 ", "0.0.0.0", "0", "[::1]", "::1", "::",
    "::ffff:127.0.0.1", "[::ffff:7f00:1]", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::a00:1",
    "2002:7f00:1::", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.0.1", "169.254.169.254",
    "100.64.0.1", "fe80::1", "fc00::1", "fd00:ec2::254", "224.0.0.1", "255.255.255.255",
    "①②⑦.0.0.1", "2001:0:0:0:0:0:80ff:fffe",
]  # fmt: skip


@pytest.mark.parametrize("host", INSIDE)
def test_every_way_to_write_an_inside_address_is_refused(host):
    with pytest.raises((HostRefused, HostUnknown)):
        checked_addresses(host, 993)


@pytest.mark.parametrize("host", ["1.1.1.1", "2606:4700::1111"])
def test_public_addresses_pass(host):
    assert checked_addresses(host, 993) == [host]


def test_the_address_that_was_checked_is_the_one_that_is_used(monkeypatch):
    answers = iter(["1.1.1.1", "127.0.0.1"])
    asked, reached = [], []

    def resolve(host, port, **more):
        asked.append(host)
        return [(2, 1, 6, "", (next(answers), port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket, "create_connection", lambda place, *more: reached.append(place))
    connect("rebinding.example", 993, 1)

    assert asked == ["rebinding.example"]
    assert reached == [("1.1.1.1", 993)]


def test_inside_is_reached_where_that_is_allowed(settings):
    settings.MAILROOM_ALLOW_PRIVATE = True
    assert "127.0.0.1" in checked_addresses("localhost", 993)


def test_the_second_address_is_tried_when_the_first_is_dead(settings, monkeypatch):
    settings.MAILROOM_ALLOW_PRIVATE = True
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        both = [(2, 1, 6, "", ("127.0.0.2", port)), (2, 1, 6, "", ("127.0.0.1", port))]
        monkeypatch.setattr("shouwen.mailroom.hosts.socket.getaddrinfo", lambda *a, **k: both)
        monkeypatch.setattr("shouwen.mailroom.hosts.socket.create_connection", _only_first_fails)
        assert connect("two.example", port, 2) == ("127.0.0.1", port)


def _only_first_fails(place, *more):
    if place[0] == "127.0.0.2":
        raise ConnectionRefusedError
    return place


def test_a_sealed_password_needs_the_key(settings):
    sealed = seal("秘密")
    assert "秘密" not in sealed
    assert unseal(sealed) == "秘密"
    assert unseal(seal("")) == ""
    settings.SECRET_KEY = "another"
    with pytest.raises(SealBroken):
        unseal(sealed)
