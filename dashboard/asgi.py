"""The application that an ASGI server runs: pages over HTTP, live updates over WebSockets."""

from __future__ import annotations

import gc
import os
from typing import Any

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")
# Loads the apps, which the imports below need.
pages = get_asgi_application()

from channels.auth import AuthMiddlewareStack  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from channels.security.websocket import AllowedHostsOriginValidator  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.exceptions import ImproperlyConfigured  # noqa: E402

from rooms.bodies import SmallBodies  # noqa: E402
from rooms.live.keeper import keeper  # noqa: E402
from rooms.live.reader import reader  # noqa: E402
from rooms.livekit import client  # noqa: E402
from rooms.middleware import SameOrigin  # noqa: E402
from rooms.routing import websocket_urlpatterns  # noqa: E402

if settings.SETTINGS_PROBLEMS:
    raise ImproperlyConfigured("\n".join(str(problem) for problem in settings.SETTINGS_PROBLEMS))

router = ProtocolTypeRouter(
    {
        "http": SmallBodies(pages),
        "websocket": AllowedHostsOriginValidator(SameOrigin(AuthMiddlewareStack(URLRouter(websocket_urlpatterns)))),
    }
)


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Answer; the first scope of a process also starts what works while nobody looks.

    Uvicorn says when it starts and stops (lifespan). Daphne does not: there the first request starts it.
    """
    keeper().start()
    if scope["type"] != "lifespan":
        await router(scope, receive, send)
        return
    while (message := await receive())["type"] != "lifespan.shutdown":
        await send({"type": f"{message['type']}.complete"})
    await keeper().stop()
    await reader().close()
    await client.aclose()
    await send({"type": "lifespan.shutdown.complete"})


# What is loaded by now stays for good; not walking it again takes 20 to 37 ms out of each full collection.
gc.collect()
gc.freeze()
