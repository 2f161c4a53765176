"""A proxy on loopback that passes calls on to LiveKit and counts them."""

from __future__ import annotations

from collections import Counter

import aiohttp
from aiohttp import web

PASSED_ON = ("Authorization", "Content-Type")


class CountingProxy:
    """Stands between a console and ``target``; ``calls`` counts by method. Lives in the loop that started it."""

    def __init__(self, target: str) -> None:
        self.target = target
        self.calls: Counter[str] = Counter()
        self.url = ""
        self._http: aiohttp.ClientSession | None = None
        self._runner: web.AppRunner | None = None

    async def start(self) -> str:
        """Listen on a free port; gives the address to use instead of the target's."""
        self._http = aiohttp.ClientSession()
        application = web.Application()
        application.router.add_route("*", "/{path:.*}", self._pass_on)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self.url

    async def stop(self) -> None:
        """Stop listening."""
        if self._runner is not None:
            await self._runner.cleanup()
        if self._http is not None:
            await self._http.close()

    async def _pass_on(self, request: web.Request) -> web.Response:
        self.calls[request.path.rsplit("/", 1)[-1]] += 1
        headers = {name: request.headers[name] for name in PASSED_ON if name in request.headers}
        assert self._http is not None
        url = self.target + request.path_qs
        async with self._http.request(request.method, url, headers=headers, data=await request.read()) as answer:
            kind = answer.headers.get("Content-Type", "application/protobuf")
            return web.Response(body=await answer.read(), status=answer.status, headers={"Content-Type": kind})
