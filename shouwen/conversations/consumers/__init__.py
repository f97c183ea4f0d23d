"""Sockets: plain ASGI, one function a connection."""

from shouwen.conversations.consumers.router import serve_socket

__all__ = ["serve_socket"]
