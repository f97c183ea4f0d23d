"""A network between browser and server that can be cut or swallow everything."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator

PIECE = 65536


class Network:
    """Listens on a port of its own and passes bytes on to `target`, as its mode says."""

    def __init__(self, target: int) -> None:
        self._target = target
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

    def mend(self) -> None:
        """It works again."""
        self._mode = "open"

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
                there = socket.create_connection(("127.0.0.1", self._target))
                self._ends += [here, there]
                for source, sink in ((here, there), (there, here)):
                    threading.Thread(target=self._pass_on, args=(source, sink), daemon=True).start()

    def _pass_on(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while piece := source.recv(PIECE):
                while self._mode == "swallow":
                    time.sleep(0.02)
                sink.sendall(piece)
        _close(source)
        _close(sink)


def _close(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()


@contextlib.contextmanager
def network_to(port: int) -> Iterator[Network]:
    """A network in front of the server on `port`."""
    network = Network(port)
    try:
        yield network
    finally:
        network.close()
