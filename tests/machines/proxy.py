"""A real nginx in front of the product, with the very file that operators copy: deploy/nginx.conf."""

import datetime
import ipaddress
import ssl
import subprocess
from collections.abc import Sequence
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.utils import timezone

from tests.architecture.layout import ROOT
from tests.needs import need

SITE = ROOT / "deploy" / "nginx.conf"
FRAME = """
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 1024; }}
http {{
    default_type application/octet-stream;
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


class Proxy:
    """nginx on its own folder and ports."""

    def __init__(self, folder: Path, http_port: int, https_port: int) -> None:
        self._program = str(need("nginx")["nginx"])
        self.folder = folder
        self.http_port, self.https_port = http_port, https_port
        self.url = f"https://127.0.0.1:{https_port}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, upstreams: Sequence[str], *prefix: str) -> None:
        """It passes on to the upstreams (host:port); `prefix` runs it elsewhere."""
        self._certify()
        (self.folder / "site.conf").write_text(self._site(upstreams))
        (self.folder / "nginx.conf").write_text(FRAME.format(folder=self.folder))
        command = [*prefix, self._program, "-c", str(self.folder / "nginx.conf")]
        subprocess.run([*command, "-t"], check=True, capture_output=True)
        self.process = subprocess.Popen(command, stderr=subprocess.DEVNULL)

    def stop(self) -> None:
        """It has ended."""
        if self.process:
            self.process.terminate()
            self.process.wait(20)

    def trusting(self) -> ssl.SSLContext:
        """What a browser that knows the certificate uses."""
        return ssl.create_default_context(cafile=str(self.folder / "fullchain.pem"))

    def _site(self, upstreams: Sequence[str]) -> str:
        """The operators' file with the places changed that it says are to be changed."""
        servers = "\n".join(f"    server {one} max_fails=1 fail_timeout=2s;" for one in upstreams)
        changed = {
            "    server 127.0.0.1:8000 max_fails=1 fail_timeout=2s;": servers,
            "listen 80;": f"listen {self.http_port};",
            "listen 443 ssl http2;": f"listen {self.https_port} ssl http2;",
            "/etc/ssl/shouwen": str(self.folder),
            "https://$host$request_uri": f"https://$host:{self.https_port}$request_uri",
        }
        text = SITE.read_text()
        for before, after in changed.items():
            assert before in text
            text = text.replace(before, after)
        return text

    def _certify(self) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "shouwen tests")])
        now = timezone.now()
        here = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=7))
            .add_extension(x509.SubjectAlternativeName([here]), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(key, hashes.SHA256())
        )
        plain = serialization.NoEncryption()
        form = serialization.PrivateFormat.PKCS8
        pem = serialization.Encoding.PEM
        (self.folder / "privkey.pem").write_bytes(key.private_bytes(pem, form, plain))
        (self.folder / "privkey.pem").chmod(0o600)
        (self.folder / "fullchain.pem").write_bytes(certificate.public_bytes(pem))
