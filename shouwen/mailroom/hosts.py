"""Connections to hosts that people typed in: never to our own network unless that is allowed.

The address that was checked is the address that is connected to, so a name that changes its
meaning in between (DNS rebinding) gains nothing.
"""

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address

from django.conf import settings
from django.utils.translation import gettext as _

from shouwen.core.errors import Refused


class HostRefused(Refused):
    """The host is inside the own network, and that is not allowed here."""


class HostUnknown(Refused):
    """The name has no address."""


def checked_addresses(host: str, port: int) -> list[str]:
    """The addresses of a host, all of them public, or anything where internal hosts are allowed.

    Refuses with HostRefused (loopback, private, link-local, metadata, multicast) or HostUnknown.
    """
    name = host.strip().strip("[]").rstrip(".")
    try:
        found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise HostUnknown(_("There is no server with the name “%s”.") % host[:100]) from None
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not settings.MAILROOM_ALLOW_PRIVATE:
        for address in addresses:
            if not _is_public(address):
                raise HostRefused(
                    _("“%s” is inside this server's own network. That is not allowed here.")
                    % host[:100]
                )
    return addresses


def _is_public(address: str) -> bool:
    ip = ip_address(address.partition("%")[0])
    inner = _inner(ip)
    return ip.is_global and not ip.is_multicast and not (inner and not _is_public(str(inner)))


def _inner(ip: IPv4Address | IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 address carries inside: mapped, 6to4, Teredo or NAT64."""
    if isinstance(ip, IPv4Address):
        return None
    if ip in _NAT64:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    teredo = ip.teredo
    return ip.ipv4_mapped or ip.sixtofour or (teredo[1] if teredo else None)


class _Nat64:
    """64:ff9b::/96 and 64:ff9b:1::/48, behind which IPv4 is reached."""

    def __contains__(self, ip: object) -> bool:
        return isinstance(ip, IPv6Address) and (
            int(ip) >> 32 == int(IPv6Address("64:ff9b::")) >> 32
            or int(ip) >> 80 == int(IPv6Address("64:ff9b:1::")) >> 80
        )


_NAT64 = _Nat64()


def connect(host: str, port: int, seconds: float) -> socket.socket:
    """A connection to a checked address of the host, tried one after the other."""
    failure: OSError | None = None
    for address in checked_addresses(host, port):
        try:
            return socket.create_connection((address, port), seconds)
        except OSError as error:
            failure = error
    raise failure or HostUnknown(_("There is no server with the name “%s”.") % host[:100])
