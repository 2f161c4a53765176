"""What else may stand at an address that somebody took for LiveKit's."""

from __future__ import annotations

import asyncio
import datetime
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import ClientSession, web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def serving(handler: Handler, tls: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    """``host:port`` of a server that answers everything with ``handler``."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handler)
    runner = web.AppRunner(app, handler_cancellation=True)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
    await site.start()
    try:
        yield f"127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def answering(status: int, text: str = "", content_type: str = "text/html", **headers: str) -> Handler:
    """Answer every request the same way."""

    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=status, text=text, content_type=content_type, headers=headers)

    return answer


async def never(request: web.Request) -> web.Response:
    """Take the request and say nothing."""
    await asyncio.Event().wait()
    return web.Response()


async def hang_up(request: web.Request) -> web.Response:
    """Close the connection in place of an answer."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


def proxy(target: str, prefix: str, *, drop_authorization: bool = False) -> Handler:
    """A reverse proxy that takes ``prefix`` off the path."""

    async def forward(request: web.Request) -> web.Response:
        if not request.path.startswith(prefix):
            return web.Response(status=404, text="nothing here")
        headers = {name: request.headers[name] for name in ("Authorization", "Content-Type") if name in request.headers}
        if drop_authorization:
            headers.pop("Authorization")
        async with (
            ClientSession() as http,
            http.post(target + request.path.removeprefix(prefix), data=await request.read(), headers=headers) as answer,
        ):
            return web.Response(
                status=answer.status, body=await answer.read(), headers={"Content-Type": answer.headers["Content-Type"]}
            )

    return forward


def certificate(folder: Path, name: str, *, expired: bool = False) -> tuple[ssl.SSLContext, Path]:
    """A server's TLS context with a certificate for the host ``name``, signed by itself, and the certificate's file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    until = now + datetime.timedelta(days=-1 if expired else 1)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=2))
        .not_valid_after(until)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / "certificate.pem", folder / "key.pem"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return context, public
