"""The front door: what is too large is refused before it is read."""

import asyncio

import pytest

from shouwen.config.asgi import BODY_LIMIT, application


def answer_to(length: bytes) -> tuple[int, bytes]:
    """Status and body of the answer to a POST that announces a length."""
    sent = []

    async def send(message):
        sent.append(message)

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/",
        "headers": [(b"content-length", length)],
    }
    asyncio.run(application(scope, receive, send))
    return sent[0]["status"], sent[1]["body"]


@pytest.mark.parametrize("length", [str(BODY_LIMIT + 1).encode(), b"many"])
def test_refuses_a_body_that_is_too_large(length):
    status, body = answer_to(length)

    assert status == 413
    assert "内容过大" in body.decode()
