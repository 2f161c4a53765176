"""One running simulator: its parts, its HTTP front, its life."""

import asyncio
import signal
from collections.abc import Callable

from aiohttp import web

from . import cors, load, rtc, signalling, twirp
from .auth import Keys
from .control import Control
from .errors import PlainRefusal, TwirpError
from .faults import Faults
from .options import Options
from .scenarios import Theatre
from .state import ids
from .state.world import World
from .webhooks import Webhooks
from .wire import dumps

SHUTDOWN_PATIENCE = 0.5  # seconds that calls under way get when the simulator stops
HEADER_LIMIT = 1024 * 1024  # bytes, of Go's server: a token may be long
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
BODY_LIMIT = 64 * 1024 * 1024  # bytes; livekit-server 1.13.5 has none


class Simulator:
    """All parts of one server. ``start`` listens, ``stop`` ends it; ``url`` is known in between."""

    def __init__(self, options: Options) -> None:
        ids.seed(options.seed)
        self.options = options
        self.keys = Keys(dict(options.keys))
        self.world = World(options.manner)
        self.faults = Faults()
        self.webhooks = Webhooks(options.webhooks, self.keys)
        self.theatre = Theatre(self.world, options.seed, options.speed)
        self.url = ""
        self._runner: web.AppRunner | None = None
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> str:
        """Fill the rooms, begin to listen and return the address. Raises OSError when the port is taken."""
        load.fill(self.world, rooms=self.options.rooms, people=self.options.people)
        if self.webhooks.urls:
            self.world.hooks.append(self.webhooks.announce)
        application = web.Application(client_max_size=BODY_LIMIT)
        Control(self.keys, self.world, self.faults, self.theatre).add_routes(application)
        application.router.add_route("*", "/{path:.*}", self.front)
        self._runner = web.AppRunner(
            application,
            access_log=None,
            shutdown_timeout=SHUTDOWN_PATIENCE,
            max_line_size=HEADER_LIMIT,
            max_field_size=HEADER_LIMIT,
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, self.options.bind, self.options.port).start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"
        for name in self.options.scenarios:
            self.theatre.open(name)
        self._tasks.append(asyncio.create_task(self.world.close_idle_rooms()))
        return self.url

    async def stop(self) -> None:
        """Stop listening and drop everything."""
        self.theatre.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._runner:
            await self._runner.cleanup()
        await self.webhooks.close()

    async def front(self, request: web.Request) -> web.StreamResponse:
        """Every path but /control, behind LiveKit's authentication."""
        if self.faults.away:
            if request.transport:
                request.transport.abort()
            return web.Response()
        asked_first = cors.preflight(request)
        return asked_first or cors.allow(request, await self._guarded(request))

    async def _guarded(self, request: web.Request) -> web.StreamResponse:
        """The answer, or the refusal in its own form."""
        path = request.path.replace("//", "/", 1) if request.path.startswith("//") else request.path
        try:
            return await self._answer(request, path)
        except PlainRefusal as refusal:
            return web.Response(text=refusal.text, status=refusal.status)
        except TwirpError as error:
            return web.Response(body=dumps(error.body()).encode(), status=error.status, content_type=twirp.JSON)

    async def _answer(self, request: web.Request, path: str) -> web.StreamResponse:
        method = twirp.method_name(path)
        if method:
            self.faults.calls[method] += 1
            await self.faults.strike(method)
        authorization = request.headers.get("Authorization", "")
        caller = self.keys.authenticate(authorization, "" if authorization else await _value(request, "access_token"))
        if path.startswith(twirp.SERVICE_PATH):
            return await twirp.answer(request, path, caller, self.world)
        if path == "/":
            return web.Response(text="OK")
        if path in rtc.CONNECT and signalling.is_upgrade(request):
            return await signalling.serve(request, caller, self.world, self.keys)
        if rtc.is_here(path):
            return rtc.answer(path, request.query, caller, self.world)
        return web.Response(text="404 page not found\n", status=404)


async def _value(request: web.Request, name: str) -> str:
    """A value of a form that was sent, or of the query."""
    form = await request.post() if request.content_type in FORMS else {}
    value = form.get(name) or request.query.get(name, "")
    return value if isinstance(value, str) else ""


async def serve(options: Options, ready: Callable[[str], None]) -> None:
    """Run until SIGTERM or SIGINT; ``ready`` is called once with the line that says where it listens."""
    simulator = Simulator(options)
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    try:
        url = await simulator.start()
        ready(f"ready {url}")
        await stopped.wait()
    finally:
        await simulator.stop()
