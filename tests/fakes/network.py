"""A network between two that talk: it can be cut, swallow everything, be slow, or break now and then."""

import contextlib
import random
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

PIECE = 65536


class Network:
    """Listens on a port of its own and passes bytes on to `target`, a port or the path of a socket,
    as its mode says.
    """

    def __init__(self, target: int | Path) -> None:
        self._target = target
        self._delay = 0.0
        self._breaks = 0.0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._ends: list[socket.socket] = []
        self._mode = "open"
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._listen, daemon=True).start()

    def cut(self) -> None:
        """Every connection breaks, and no new one comes about."""
        self._mode = "cut"
        for end in self._ends:
            _close(end)
        self._ends = []

    def swallow(self) -> None:
        """Connections stay, but nothing gets through and nobody is told."""
        self._mode = "swallow"

    def slow(self, seconds: float) -> None:
        """Every piece is this late."""
        self._delay = seconds

    def break_some(self, share: float) -> None:
        """This share of the pieces breaks its connection."""
        self._breaks = share

    def mend(self) -> None:
        """It works again."""
        self._mode, self._delay, self._breaks = "open", 0.0, 0.0

    def close(self) -> None:
        """The port is free again."""
        self.cut()
        self._listener.close()

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                here, _address = self._listener.accept()
                if self._mode == "cut":
                    here.close()
                    continue
                there = self._reach()
                self._ends += [here, there]
                for source, sink in ((here, there), (there, here)):
                    threading.Thread(target=self._pass_on, args=(source, sink), daemon=True).start()

    def _reach(self) -> socket.socket:
        if isinstance(self._target, int):
            return socket.create_connection(("127.0.0.1", self._target))
        there = socket.socket(socket.AF_UNIX)
        there.connect(str(self._target))
        return there

    def _pass_on(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while piece := source.recv(PIECE):
                while self._mode == "swallow":
                    time.sleep(0.02)
                if random.random() < self._breaks:
                    break
                time.sleep(self._delay)
                sink.sendall(piece)
        _close(source)
        _close(sink)


def _close(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()


@contextlib.contextmanager
def network_to(port: int | Path) -> Iterator[Network]:
    """A network in front of the server on `port`, or at the path of its socket."""
    network = Network(port)
    try:
        yield network
    finally:
        network.close()
