"""Which socket is which."""

import re

from shouwen.conversations.consumers.staff import serve_staff
from shouwen.conversations.consumers.visitor import serve_visitor
from shouwen.conversations.consumers.wire import (
    FORBIDDEN,
    Receive,
    Scope,
    Send,
    headers_of,
    is_own_origin,
    refuse,
)

WIDGET = re.compile(r"^/ws/widget/([0-9a-z]{8,32})$")


async def serve_socket(scope: Scope, receive: Receive, send: Send) -> None:
    """Serve one socket; strangers are turned away before it opens."""
    if not is_own_origin(headers_of(scope)):
        await refuse(receive, send, FORBIDDEN)
    elif scope["path"] == "/ws/staff":
        await serve_staff(scope, receive, send)
    elif found := WIDGET.match(scope["path"]):
        await serve_visitor(found.group(1), receive, send)
    else:
        await refuse(receive, send, FORBIDDEN)
