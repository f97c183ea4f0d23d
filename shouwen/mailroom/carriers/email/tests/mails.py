"""Mails built for the tests."""

import base64

HEAD = b"From: a@example.cn\r\nSubject: hi\r\n"


def mail(body: bytes, *fields: bytes, head: bytes = HEAD) -> bytes:
    """A mail with more header fields and a body."""
    return head + b"".join(field + b"\r\n" for field in fields) + b"\r\n" + body


def text_mail(body: bytes, charset: str) -> bytes:
    """A plain mail whose text is labelled with a charset."""
    return mail(body, f"Content-Type: text/plain; charset={charset}".encode())


def multipart(*parts: bytes, kind: str = "mixed", boundary: str = "B0") -> bytes:
    """A mail of some parts, each given with its own header fields."""
    delimiter = f"--{boundary}\r\n".encode()
    body = b"".join(delimiter + part + b"\r\n" for part in parts) + f"--{boundary}--\r\n".encode()
    return mail(body, f'Content-Type: multipart/{kind}; boundary="{boundary}"'.encode())


def word(text: bytes, charset: str) -> bytes:
    """A base64 encoded word of some bytes."""
    return b"=?" + charset.encode() + b"?B?" + base64.b64encode(text) + b"?="
