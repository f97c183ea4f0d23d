"""Behind a real nginx: https, the client's own address, sockets and uploads. (ASVS V15.3.4, V3.3.1)"""

import http.client
import json
import os
import shutil
import ssl
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import connect

from tests.machines.proxy import Proxy
from tests.machines.servers import answers, wait_for
from tests.machines.test_rolling import shouwen
from tests.machines.widget import FORM, SET_UP, SITE, form_with
from tests.served import Served, free_port, new_served

MIB = 1024 * 1024
FORGED = {"X-Forwarded-For": "6.6.6.6", "X-Forwarded-Proto": "https", "X-Real-IP": "6.6.6.6"}


@dataclass
class Site:
    """The product and the proxy before it."""

    served: Served
    proxy: Proxy

    def through(self, method: str, path: str, body: Any = b"", **headers: str) -> Any:
        """The answer to a request that a browser sends to the proxy."""
        one = http.client.HTTPSConnection(
            "127.0.0.1", self.proxy.https_port, context=self.proxy.trusting(), timeout=60
        )
        return answer_of(one, method, path, body, headers)

    def around(self, peer: str, method: str, path: str, body: Any = b"", **headers: str) -> Any:
        """The answer to a request past the proxy, from the address `peer` of this machine."""
        one = http.client.HTTPConnection(
            "127.0.0.1", self.served.port, source_address=(peer, 0), timeout=60
        )
        return answer_of(one, method, path, body, headers)

    def address_of(self, token: str) -> str:
        """Where the product believes a visitor to be."""
        code = (
            "from shouwen.conversations.models import Visitor as V, WidgetSite as S;"
            "from shouwen.conversations.queries.visitors import visitor_of_token as of;"
            f"print('address', of(S.objects.get(key='{SITE}'), '{token}').address)"
        )
        return shouwen(self.served, "shell", "-c", code).rpartition("address ")[2].strip()


def answer_of(
    one: http.client.HTTPConnection, method: str, path: str, body: Any, headers: dict[str, str]
) -> Any:
    """Status, headers and body."""
    try:
        one.request(method, path, body, {"Content-Type": "application/json"} | headers)
        answer = one.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        one.close()


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    folder = Path(tempfile.mkdtemp(prefix="shouwen-proxy-"))
    folder.chmod(0o755)
    proxy = Proxy(folder, free_port(), free_port())
    try:
        with new_served(demo=False, PUBLIC_URL=proxy.url, TRUSTED_PROXIES="127.0.0.1") as served:
            shouwen(served, "shell", "-c", SET_UP)
            proxy.start([f"127.0.0.1:{served.port}"])
            site = Site(served, proxy)
            wait_for(lambda: answers(f"http://127.0.0.1:{proxy.http_port}/"), "nginx")
            yield site
    finally:
        proxy.stop()
        shutil.rmtree(folder, ignore_errors=True)


def test_cookies_are_for_https_only(site):
    status, headers, _page = site.through("GET", "/sign-in/")
    cookies = headers.get_all("Set-Cookie")

    assert status == 200
    assert any(one.startswith("__Host-shouwen-csrf=") for one in cookies)
    assert all("Secure" in one and "Path=/" in one for one in cookies if "__Host-" in one)
    assert int(headers["Strict-Transport-Security"].split("=")[1].split(";")[0]) > 0


def test_http_leads_to_https(site):
    one = http.client.HTTPConnection("127.0.0.1", site.proxy.http_port, timeout=10)
    status, headers, _body = answer_of(one, "GET", "/sign-in/", b"", {})

    assert status == 301
    assert headers["Location"] == f"{site.proxy.url}/sign-in/"


def test_a_form_sent_over_https_is_accepted_as_such(site):
    """The guard against forged forms asks for an https Referer only when it knows of https."""
    _status, headers, _page = site.through("GET", "/sign-in/")
    cookie = headers.get_all("Set-Cookie")[0].split(";")[0]
    form = f"csrfmiddlewaretoken={cookie.split('=', 1)[1]}&username=nobody&password=wrong"
    kind = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}

    own = site.through("POST", "/sign-in/", form, Origin=site.proxy.url, **kind)
    foreign = site.through("POST", "/sign-in/", form, Origin="https://evil.example", **kind)

    assert own[0] == 422
    assert foreign[0] == 403


class TestTheClientsAddress:
    def new_visitor(self, answer: Any) -> str:
        status, _headers, body = answer
        assert status == 200, body
        return json.loads(body)["token"]

    def test_is_what_the_trusted_proxy_saw(self, site):
        token = self.new_visitor(site.through("POST", f"/widget/{SITE}/session", b"{}", **FORGED))

        assert site.address_of(token) == "127.0.0.1"

    def test_is_read_from_a_trusted_peer_only(self, site):
        path = f"/widget/{SITE}/session"
        trusted = self.new_visitor(site.around("127.0.0.1", "POST", path, b"{}", **FORGED))
        stranger = self.new_visitor(site.around("127.0.0.2", "POST", path, b"{}", **FORGED))

        assert site.address_of(trusted) == "6.6.6.6"
        assert site.address_of(stranger) == "127.0.0.2"


def test_sockets_come_through(site):
    _status, _headers, body = site.through("POST", f"/widget/{SITE}/session", b"{}")
    address = f"{site.proxy.url.replace('https', 'wss')}/ws/widget/{SITE}"
    key = str(uuid.uuid4())
    with connect(address, origin=site.proxy.url, ssl=site.proxy.trusting()) as socket:
        socket.send(json.dumps({"type": "hello", "token": json.loads(body)["token"], "after": 0}))
        socket.recv(timeout=10)
        line = {"type": "send", "client_id": key, "text": "经过代理", "files": []}
        socket.send(json.dumps(line))
        frames: list[Any] = []
        while {"ack", "lines"} - {one["type"] for one in frames}:
            frames.append(json.loads(socket.recv(timeout=10)))

    assert any(one.get("client_id") == key for one in frames)


def test_a_socket_of_a_foreign_page_stays_out(site):
    address = f"{site.proxy.url.replace('https', 'wss')}/ws/widget/{SITE}"
    plain = site.proxy.url.replace("https", "http")
    for origin in ("https://evil.example", plain):
        with (
            pytest.raises(Exception, match="403"),
            connect(address, origin=origin, ssl=site.proxy.trusting()),
        ):
            pass


def upload(site: Site, content: bytes) -> Any:
    _status, _headers, body = site.through("POST", f"/widget/{SITE}/session", b"{}")
    token = json.loads(body)["token"]
    return site.through(
        "POST",
        f"/widget/{SITE}/files",
        form_with(content),
        Authorization=f"Bearer {token}",
        **{"Content-Type": FORM},
    )


def test_large_files_come_through_whole(site):
    content = os.urandom(19 * MIB)
    status, _headers, body = upload(site, content)
    assert status == 200, body

    url = json.loads(body)["url"]
    status, _headers, back = site.through("GET", url)

    assert (status, len(back)) == (200, len(content)), (url, site.served.log_text()[-2000:])
    assert back == content


def test_what_is_too_large_is_refused_with_our_words(site):
    status, headers, body = upload(site, bytes(25 * MIB))

    assert status == 413
    assert headers["Content-Type"].startswith("application/json")
    assert json.loads(body)["error"]


def test_a_stranger_without_the_certificate_sees_nothing(site):
    with pytest.raises(ssl.SSLCertVerificationError):
        http.client.HTTPSConnection("127.0.0.1", site.proxy.https_port).request("GET", "/")
