"""Chat as most write it first: a Channels consumer, one ORM transaction a message, group_send."""

from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.db import transaction
from django.utils import timezone

from bench.plain.models import Message, Talk

Json = dict[str, Any]


class ChatConsumer(AsyncJsonWebsocketConsumer):
    """One side of one conversation."""

    async def connect(self) -> None:
        """In the group of its conversation."""
        self.talk_id = int(self.scope["url_route"]["kwargs"]["talk_id"])
        self.side = self.scope["url_route"]["kwargs"]["side"]
        self.group = f"talk-{self.talk_id}"
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.accept()

    async def disconnect(self, _code: int) -> None:
        """Out of it."""
        await self.channel_layer.group_discard(self.group, self.channel_name)

    async def receive_json(self, content: Json, **_more: Any) -> None:
        """Keep the line, acknowledge it, and show it to both sides."""
        if content["type"] != "send":
            await self.send_json({"type": "lines", "lines": []})
            return
        line = await self._keep(content)
        await self.send_json({"type": "ack", "client_id": line["client_id"], "seq": line["seq"]})
        await self.channel_layer.group_send(self.group, {"type": "show.line", "line": line})

    async def show_line(self, event: Json) -> None:
        """To the browser."""
        await self.send_json({"type": "lines", "lines": [event["line"]]})

    @database_sync_to_async
    def _keep(self, content: Json) -> Json:
        with transaction.atomic():
            talk = Talk.objects.select_for_update().get(pk=self.talk_id)
            talk.last_seq += 1
            talk.last_text = content["text"][:100]
            talk.last_at = timezone.now()
            talk.save(update_fields=["last_seq", "last_text", "last_at"])
            message = Message.objects.create(
                talk=talk,
                seq=talk.last_seq,
                client_id=content["client_id"],
                author=self.side,
                text=content["text"],
            )
        return {
            "seq": message.seq,
            "client_id": content["client_id"],
            "author": message.author,
            "text": message.text,
            "at": message.at.isoformat(),
        }
