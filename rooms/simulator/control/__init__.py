"""The control address: JSON over HTTP under /control, for tests and for the curious. It asks for no token."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from rooms.simulator.auth import Keys
from rooms.simulator.errors import ActRefused, PlainRefusal, TwirpError
from rooms.simulator.faults import ANY_METHOD, Fault, Faults
from rooms.simulator.grants import refresh_token
from rooms.simulator.scenarios import Theatre
from rooms.simulator.state import doors
from rooms.simulator.state.memory import Experience
from rooms.simulator.state.world import World
from rooms.simulator.wire import dumps

from . import acts

Body = dict[str, Any]


class Control:
    """The handlers of /control and what they steer."""

    def __init__(self, keys: Keys, world: World, faults: Faults, theatre: Theatre) -> None:
        self.keys = keys
        self.world = world
        self.faults = faults
        self.theatre = theatre

    def add_routes(self, application: web.Application) -> None:
        """Add every /control address."""
        routes: list[tuple[str, str, Callable[[web.Request], Awaitable[Any]]]] = [
            ("POST", "join", self.join),
            ("POST", "act", self.act),
            ("GET", "experienced", self.experienced),
            ("POST", "faults", self.add_fault),
            ("DELETE", "faults", self.clear_faults),
            ("POST", "away", self.away),
            ("GET", "calls", self.calls),
            ("DELETE", "calls", self.forget_calls),
            ("POST", "reset", self.reset),
            ("POST", "scenario", self.open_scenario),
            ("DELETE", "scenario", self.close_scenarios),
            ("POST", "keys", self.replace_keys),
        ]
        for method, name, handler in routes:
            application.router.add_route(method, f"/control/{name}", _as_json(handler))

    async def join(self, request: web.Request) -> Body:
        """{"token"} -> {"room", "identity", "sid", "refresh_token"}; refuses as /rtc does.

        With "state": "JOINED" or "media": false it is a signalling-only session.
        """
        body = await _body(request)
        caller = self.keys.authenticate("", str(body.get("token") or ""))
        active = body.get("state") != "JOINED" and body.get("media") is not False
        room, person = doors.join(self.world, caller, active=active)
        token = refresh_token(person.claims(), *self.keys.first)
        return {"room": room.name, "identity": person.identity, "sid": person.sid, "refresh_token": token}

    async def act(self, request: web.Request) -> Body:
        """{"room", "identity", "do", ...}: one act of a person, see ``acts``."""
        return acts.perform(self.world, await _body(request))

    async def experienced(self, request: web.Request) -> Body:
        """What ?room= &identity= has been told, in all sessions or only in that of ?sid=."""
        query = request.query
        events = self.world.memory.events(query.get("room", ""), query.get("identity", ""), query.get("sid", ""))
        return {"events": [self._readable(event) for event in events]}

    def _readable(self, event: Experience) -> Experience:
        """Sign the refresh tokens that events speak of."""
        if event["event"] != "token_refreshed":
            return event
        token = refresh_token(event["claims"], *self.keys.first)
        return {"event": event["event"], "refresh_token": token}

    async def add_fault(self, request: web.Request) -> Body:
        """{"method", "delay"?, "refuse"?: {status, code, msg}, "plain"?: {status, text}, "times"?}."""
        body = await _body(request)
        refusal: TwirpError | PlainRefusal | None = None
        if body.get("refuse"):
            refuse = body["refuse"]
            code = str(refuse.get("code") or "unavailable")
            refusal = TwirpError(code, str(refuse.get("msg") or ""), status=refuse.get("status"))
        elif body.get("plain"):
            refusal = PlainRefusal(int(body["plain"]["status"]), str(body["plain"].get("text") or ""))
        method, delay = str(body.get("method") or ANY_METHOD), float(body.get("delay") or 0)
        self.faults.add(Fault(method, delay, refusal, body.get("times")))
        return {}

    async def clear_faults(self, request: web.Request) -> Body:
        self.faults.clear()
        return {}

    async def away(self, request: web.Request) -> Body:
        """{"away": bool, "seconds"?}: close connections without an answer; /control still works."""
        body = await _body(request)
        self.faults.go_away(bool(body.get("away")), body.get("seconds"))
        return {}

    async def calls(self, request: web.Request) -> Body:
        """How many calls of each method have arrived."""
        return dict(self.faults.calls)

    async def forget_calls(self, request: web.Request) -> Body:
        self.faults.calls.clear()
        return {}

    async def reset(self, request: web.Request) -> Body:
        """No rooms, faults, counts or scenarios."""
        self.theatre.close()
        self.world.clear()
        self.faults.clear()
        self.faults.calls.clear()
        return {}

    async def open_scenario(self, request: web.Request) -> Body:
        """{"name", "seed"?}: start one scenario."""
        body = await _body(request)
        try:
            self.theatre.open(str(body.get("name")), body.get("seed"))
        except KeyError:
            raise ActRefused(404, "NOT_FOUND", f"no scenario is called {body.get('name')}") from None
        return {}

    async def close_scenarios(self, request: web.Request) -> Body:
        self.theatre.close()
        return {}

    async def replace_keys(self, request: web.Request) -> Body:
        """{"key", "secret"}: the only key from now on."""
        body = await _body(request)
        self.keys.replace({str(body["key"]): str(body["secret"])})
        return {}


async def _body(request: web.Request) -> Body:
    try:
        body = json.loads(await request.read() or b"{}")
    except ValueError:
        raise ActRefused(400, "INVALID_REQUEST", "the body is not JSON") from None
    if not isinstance(body, dict):
        raise ActRefused(400, "INVALID_REQUEST", "the body is not an object")
    return body


def _as_json(handler: Callable[[web.Request], Awaitable[Body]]) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def answer(request: web.Request) -> web.Response:
        try:
            return _json(await handler(request), 200)
        except PlainRefusal as refusal:
            return web.Response(text=refusal.text, status=refusal.status)
        except ActRefused as refusal:
            return _json({"error": refusal.error, "message": refusal.message}, refusal.status)
        except (KeyError, TypeError, ValueError) as error:
            return _json({"error": "INVALID_REQUEST", "message": f"{type(error).__name__}: {error}"}, 400)

    return answer


def _json(body: Body, status: int) -> web.Response:
    return web.Response(body=dumps(body).encode(), status=status, content_type="application/json")
