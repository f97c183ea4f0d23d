"""The plain way's application."""

import os

import django
from channels.routing import ProtocolTypeRouter, URLRouter
from django.urls import path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.plain.settings")
django.setup(set_prefix=False)

from bench.plain.consumers import ChatConsumer  # noqa: E402 - needs a set-up Django

routes = [path("ws/plain/<int:talk_id>/<slug:side>", ChatConsumer.as_asgi())]
application = ProtocolTypeRouter({"websocket": URLRouter(routes)})
