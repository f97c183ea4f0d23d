"""What a request says of its sender, as far as it can be trusted."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The client's address; X-Forwarded-For counts only behind the configured number of proxies."""
    peer = str(request.META.get("REMOTE_ADDR") or "")
    return trusted_address(peer, str(request.META.get("HTTP_X_FORWARDED_FOR") or ""))


def trusted_address(peer: str, forwarded: str) -> str:
    """The address that the outermost trusted proxy saw, or the peer's own."""
    hops = [hop.strip() for hop in forwarded.split(",") if hop.strip()]
    count = settings.TRUSTED_PROXIES
    if count and len(hops) >= count:
        try:
            return str(ip_address(hops[-count]))
        except ValueError:
            return peer
    return peer
