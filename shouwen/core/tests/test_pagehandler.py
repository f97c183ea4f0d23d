"""Pages over ASGI: one thread a request, and nothing of it left over."""

import asyncio
import threading

import pytest
from django.db import connection
from django.http import HttpResponse, StreamingHttpResponse
from django.urls import path

from shouwen.core.pagehandler import PageHandler

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls(__name__)]


def plain(request):
    connection.ensure_connection()
    return HttpResponse(threading.current_thread().name)


def streamed(request):
    connection.ensure_connection()
    return StreamingHttpResponse(iter([b"one ", b"two"]))


urlpatterns = [path("plain", plain), path("streamed", streamed)]


async def asked(handler, address):
    sent = []
    scope = {
        "type": "http",
        "method": "GET",
        "path": address,
        "headers": [(b"host", b"testserver")],
        "query_string": b"",
    }

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    await handler(scope, receive, send)
    return sent[0]["status"], b"".join(one.get("body", b"") for one in sent[1:]).decode()


@pytest.mark.parametrize("address", ["/plain", "/streamed"])
def test_connections_are_given_back_whatever_is_answered(address, settings):
    settings.MIDDLEWARE = []
    handler = PageHandler()
    rounds = connection.pool.max_size * 2 if connection.pool else 8

    async def many():
        return await asyncio.gather(*(asked(handler, address) for _ in range(rounds)))

    answers = asyncio.run(many())

    assert {status for status, _text in answers} == {200}
    assert all(text.startswith("page") or text == "one two" for _status, text in answers)
