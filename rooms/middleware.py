"""Middleware of our own. All of it runs in the event loop and in threads alike."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, cast
from urllib.parse import urlsplit

from asgiref.sync import iscoroutinefunction, markcoroutinefunction, sync_to_async
from channels.security.websocket import WebsocketDenier
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.decorators import sync_and_async_middleware
from whitenoise.middleware import WhiteNoiseMiddleware

Handler = Callable[[HttpRequest], Any]


@sync_and_async_middleware
def security_headers(get_response: Handler) -> Handler:
    """Content-Security-Policy and Permissions-Policy, from the settings of the same names."""
    policy = "; ".join(f"{name} {value}" for name, value in settings.CONTENT_SECURITY_POLICY.items())

    def protect(response: HttpResponseBase) -> HttpResponseBase:
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        return response

    if iscoroutinefunction(get_response):

        async def middleware(request: HttpRequest) -> HttpResponseBase:
            return protect(await cast(Callable[[HttpRequest], Awaitable[HttpResponseBase]], get_response)(request))

        return middleware

    return lambda request: protect(get_response(request))


class StaticFiles(WhiteNoiseMiddleware):
    """WhiteNoise's files, answered from the event loop.

    WhiteNoise itself is sync-only, which would move every request behind it into a thread, and streams files, which
    an ASGI server must first collect. The files are small, so they are sent whole.
    """

    async_capable = True

    def __init__(self, get_response: Handler) -> None:
        super().__init__(get_response)
        self.is_async = iscoroutinefunction(get_response)
        if self.is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> Any:
        """Answer with the file at the request's path, or pass the request on."""
        if self.is_async:
            return self.answer(request)
        return self.file_at(request) or self.get_response(request)

    async def answer(self, request: HttpRequest) -> HttpResponseBase:
        """``__call__`` for the event loop; only requests below STATIC_URL visit a thread."""
        file = None
        if request.path_info.startswith(self.static_prefix):
            file = await sync_to_async(self.file_at, thread_sensitive=False)(request)
        return file or await self.get_response(request)

    def file_at(self, request: HttpRequest) -> HttpResponse | None:
        """The static file that ``request`` asks for, with WhiteNoise's caching headers."""
        path = request.path_info
        static_file = self.find_file(path) if self.autorefresh else self.files.get(path)
        if static_file is None:
            return None
        found = static_file.get_response(request.method, request.META)
        body = b""
        if found.file is not None:
            with found.file:
                body = found.file.read()
        response = HttpResponse(body, status=int(found.status))
        # WhiteNoise's own list is complete, and the one that HttpResponse starts with has another type.
        del response.headers["Content-Type"]
        for name, value in found.headers:
            response.headers[name] = value
        return response


class SignedIn:
    """Loads the user before the view runs, and sends whoever is not signed in to the sign-in page.

    Views that are for everybody are marked with ``login_not_required``.
    """

    async_capable = True
    sync_capable = True

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> Any:
        """Pass the request on; ``process_view`` does the work, as it knows the view."""
        return self.get_response(request)

    async def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """A redirect to the sign-in page, or None to go on with ``request.user`` in place."""
        request.user = await request.auser()
        if request.user.is_authenticated or not getattr(view, "login_required", True):
            return None
        return redirect_to_login(request.get_full_path())


class SameOrigin:
    """ASGI: takes a WebSocket only from pages of this site, as CsrfViewMiddleware takes a POST.

    The handshake carries the session's cookie whichever site opened it, and ALLOWED_HOSTS alone would let another
    port of the same host in.
    """

    def __init__(self, application: Any) -> None:
        self.application = application

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> Any:
        """Pass the handshake on, or deny it (403)."""
        headers = dict(scope.get("headers", ()))
        origin = headers.get(b"origin", b"").decode("latin-1")
        host = headers.get(b"host", b"").decode("latin-1")
        if urlsplit(origin).netloc == host or origin in settings.CSRF_TRUSTED_ORIGINS:
            return await self.application(scope, receive, send)
        return await WebsocketDenier()(scope, receive, send)
