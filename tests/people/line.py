"""The line between a person and the server, so that it can be cut."""

from __future__ import annotations

import asyncio
import urllib.parse

LAST_WORDS_SECONDS = 5.0


class Line:
    """A TCP relay on loopback in front of a server. After ``cut`` nothing passes and nobody comes through again."""

    def __init__(self, url: str) -> None:
        address = urllib.parse.urlsplit(url)
        self._host = address.hostname or "127.0.0.1"
        self._port = address.port or 80
        self._writers: set[asyncio.StreamWriter] = set()
        self._pipes: set[asyncio.Task[None]] = set()
        self._listener: asyncio.Server | None = None
        self._is_cut = False

    async def open(self) -> str:
        """Start listening; gives the ws:// address to use instead of the server's."""
        self._listener = await asyncio.start_server(self._relay, "127.0.0.1", 0)
        return f"ws://127.0.0.1:{self._listener.sockets[0].getsockname()[1]}"

    def cut(self) -> None:
        """Break every connection at once, without a goodbye."""
        self._is_cut = True
        if self._listener is not None:
            self._listener.close()
        for writer in self._writers:
            writer.transport.abort()

    async def close(self) -> None:
        """Let what was sent arrive, a goodbye above all, until both ends have closed; then cut what is left."""
        if self._pipes and not self._is_cut:
            await asyncio.wait(self._pipes, timeout=LAST_WORDS_SECONDS)
        self.cut()
        await asyncio.gather(*self._pipes, return_exceptions=True)

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._is_cut:
            writer.transport.abort()
            return
        far_reader, far_writer = await asyncio.open_connection(self._host, self._port)
        self._writers |= {writer, far_writer}
        for source, target in ((reader, far_writer), (far_reader, writer)):
            pipe = asyncio.create_task(_pump(source, target))
            self._pipes.add(pipe)


async def _pump(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    try:
        while data := await source.read(65536):
            target.write(data)
            await target.drain()
    except OSError:
        pass
    finally:
        target.close()
