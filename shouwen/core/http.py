"""Who a connection comes from, as far as it can be trusted.

The front door (config/asgi.py) asks once; everything behind it sees the client's own address and
scheme and need not know of proxies.
"""

import json
from collections.abc import Iterable, MutableMapping
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.request import RawPostDataException

Network = IPv4Network | IPv6Network


def client_address(request: HttpRequest) -> str:
    """The client's address. (ASVS V15.3.4)"""
    return str(request.META.get("REMOTE_ADDR") or "")


def networks(text: str) -> tuple[Network, ...]:
    """Addresses and networks out of a list with commas; ValueError says which one is none."""
    return tuple(ip_network(one.strip(), strict=False) for one in text.split(",") if one.strip())


def see_through_proxies(scope: MutableMapping[str, Any]) -> None:
    """Behind a trusted proxy, the connection is the client's: his address, and https if he came by it.

    What a stranger says of himself in X-Forwarded-... counts for nothing.
    """
    trusted: tuple[Network, ...] = settings.TRUSTED_PROXIES
    peer = scope.get("client")
    if not trusted or not peer or not _is_in(peer[0], trusted):
        return
    headers = scope["headers"]
    hops = ",".join(_values(headers, b"x-forwarded-for"))
    scope["client"] = (trusted_address(peer[0], hops, trusted), 0)
    schemes = _values(headers, b"x-forwarded-proto")
    if schemes and schemes[-1].strip() in {"http", "https"}:
        plain = "ws" if scope["scheme"] in {"ws", "wss"} else "http"
        scope["scheme"] = plain + "s" * (schemes[-1].strip() == "https")


def trusted_address(peer: str, forwarded: str, trusted: Iterable[Network]) -> str:
    """The nearest hop that is no trusted proxy, or the peer when a hop is no address at all."""
    for hop in reversed([one.strip() for one in forwarded.split(",") if one.strip()]):
        try:
            address = str(ip_address(hop))
        except ValueError:
            return peer
        if not _is_in(address, trusted):
            return address
    return peer


def _is_in(address: str, trusted: Iterable[Network]) -> bool:
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped:
        return _is_in(str(parsed.ipv4_mapped), trusted)
    return any(parsed in network for network in trusted)


def _values(headers: Iterable[tuple[bytes, bytes]], wanted: bytes) -> list[str]:
    return [value.decode("latin-1") for name, value in headers if name == wanted]


LARGEST_NUMBER = 2**31 - 1


def whole_number(text: str | None, *, otherwise: int = 0) -> int:
    """The number somebody wrote in an address, if it is one that a counter could have."""
    if text and text.isascii() and text.isdigit() and len(text) < 11:
        number = int(text)
        return number if number <= LARGEST_NUMBER else otherwise
    return otherwise


def posted_object(request: HttpRequest) -> dict[str, Any] | None:
    """The object in the JSON body of a request; None for anything else, a form with files too."""
    try:
        return _json_object(request.body)
    except RawPostDataException:  # Read as a form already: it was never JSON.
        return None


def _json_object(body: bytes) -> dict[str, Any] | None:
    """The object a JSON body holds; None for anything else, also for NUL, which no column can hold."""
    if b"\x00" in body or b"\\u0000" in body:
        return None
    try:
        found = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
