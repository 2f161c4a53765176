"""Any web page may call, as LiveKit's server allows it."""

from aiohttp import web

FOR_ANYBODY = ("/rtc/validate", "/rtc/v1/validate")
MAX_AGE = "86400"  # seconds
_METHODS = frozenset(["OPTIONS", "HEAD", "GET", "POST", "PATCH", "DELETE"])


def preflight(request: web.Request) -> web.Response | None:
    """The answer to a preflight request, None for any other."""
    wanted = request.headers.get("Access-Control-Request-Method", "")
    if request.method != "OPTIONS" or wanted not in _METHODS or "Origin" not in request.headers:
        return None
    headers = {
        "Access-Control-Allow-Headers": request.headers.get("Access-Control-Request-Headers", ""),
        "Access-Control-Allow-Methods": wanted,
        "Access-Control-Allow-Origin": request.headers["Origin"],
        "Access-Control-Max-Age": MAX_AGE,
        "Vary": "Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
    }
    return web.Response(status=204, headers=headers)


def allow(request: web.Request, response: web.StreamResponse) -> web.StreamResponse:
    """Let the calling page read ``response``."""
    response.headers["Vary"] = "Origin"
    if "Origin" in request.headers and request.method in _METHODS:
        response.headers["Access-Control-Allow-Origin"] = request.headers["Origin"]
        response.headers["Access-Control-Expose-Headers"] = "*"
    if request.path in FOR_ANYBODY:
        response.headers["Access-Control-Allow-Origin"] = "*"
    return response
