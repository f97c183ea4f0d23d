"""The HTTP server of one web process, and how it leaves without failing anybody.

It stops accepting, closes sockets with 1012 so that browsers come back to another process, lets
requests end, and answers what still comes on open connections with `Connection: close`.
"""

import asyncio
import signal
import socket
import time
from types import FrameType

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from shouwen.core.draining import begin_draining
from shouwen.core.patience import Patience
from shouwen.core.waiting import say_ready

# Sockets are closed a few at a time: all browsers coming back at once would be a wave.
SOCKETS_AT_ONCE = 100
SOCKETS_PAUSE_SECONDS = 0.05
# An open connection without a request may still bring one for so long.
IDLE_SECONDS = 2.0
# Requests end within so long: when the whole machine stops, and when another process takes over.
STOP_SECONDS = 8.0
HAND_OVER_SECONDS = 60.0
# The parent's signals beside SIGTERM: say 503 but serve on; leave, another process is there.
DRAIN, HAND_OVER = signal.SIGUSR1, signal.SIGUSR2


class LeavingServer(uvicorn.Server):
    """uvicorn, but a connection without a request is not cut off while one may be on its way."""

    patience = STOP_SECONDS
    _slow = Patience()

    async def on_tick(self, counter: int) -> bool:
        """Ten times a second; every second those who never end their request are let go."""
        if counter % 10 == 0:
            self._slow.end_with(self.server_state.connections, at=time.monotonic())
        return await super().on_tick(counter)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Accepting; the parent knows."""
        signal.signal(DRAIN, _drain)
        signal.signal(HAND_OVER, self._hand_over)
        await super().startup(sockets=sockets)
        say_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """All requests have their answer, all sockets are closed; by force after a few seconds."""
        begin_draining()
        for server in self.servers:
            server.close()
        for one in sockets or []:
            one.close()
        begun = time.monotonic()
        while self._is_busy() and time.monotonic() - begun < self.patience:
            await self._close_sockets()
            if time.monotonic() - begun > IDLE_SECONDS:
                self._close_idle()
            await asyncio.sleep(SOCKETS_PAUSE_SECONDS)
        await super().shutdown(sockets=[])

    def _is_busy(self) -> bool:
        return bool(self.server_state.connections) and not self.force_exit

    def _hand_over(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        self.patience = HAND_OVER_SECONDS
        self.should_exit = True

    async def _close_sockets(self) -> None:
        talking = [one for one in self.server_state.connections if _is_open_socket(one)]
        for number, one in enumerate(talking, start=1):
            one.shutdown()
            if number % SOCKETS_AT_ONCE == 0:
                await asyncio.sleep(SOCKETS_PAUSE_SECONDS)

    def _close_idle(self) -> None:
        for one in tuple(self.server_state.connections):
            if isinstance(one, HttpToolsProtocol):
                one.shutdown()


def _is_open_socket(connection: object) -> bool:
    return (
        isinstance(connection, WebSocketsSansIOProtocol)
        and connection.handshake_complete
        and not connection.transport.is_closing()
    )


def _drain(number: int, frame: FrameType | None) -> None:
    """SIGUSR1: tell proxies to send nothing more here, and go on serving what they send."""
    del number, frame
    begin_draining()
