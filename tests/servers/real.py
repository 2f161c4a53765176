"""The real livekit-server: where it is found, and how it is started on loopback."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from tests.servers import launch
from tests.servers.server import Configuration, Server, ServerMissing

VERSION = "1.13.5"
HOW_TO_GET_IT = (
    f"no livekit-server found: `make livekit` installs {VERSION} with Go 1.26 into the cache, "
    "or set LIVEKIT_SERVER to a binary"
)


def cached_binary() -> Path:
    """Where `make livekit` puts the pinned version, outside the working tree."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "greenroom" / f"livekit-server-{VERSION}"


def find_binary() -> str:
    """The binary to test against: LIVEKIT_SERVER, PATH, then the cache. Raises ServerMissing."""
    named = os.environ.get("LIVEKIT_SERVER", "")
    if named:
        if os.access(named, os.X_OK):
            return named
        raise ServerMissing(f"LIVEKIT_SERVER names {named!r}, which is not an executable file")
    on_path = shutil.which("livekit-server")
    if on_path:
        return on_path
    if os.access(cached_binary(), os.X_OK):
        return str(cached_binary())
    raise ServerMissing(HOW_TO_GET_IT)


def yaml_of(configuration: Configuration, port: int, media_port: int, tcp_port: int) -> str:
    """The loopback-only configuration (livekit.md 1.5), with what ``configuration`` asks for."""
    # 192.0.2.0/24 is kept for documentation: nobody is there.
    node_ip, media = ("127.0.0.1", "true") if configuration.media else ("192.0.2.9", "false")
    keys = [(configuration.key, configuration.secret), *configuration.other_keys]
    lines = [
        f"port: {port}",
        'bind_addresses: ["127.0.0.1"]',
        "keys:",
        *[f'  "{key}": "{secret}"' for key, secret in keys],
        "rtc:",
        "  use_external_ip: false",
        f"  node_ip: {node_ip}",
        f"  enable_loopback_candidate: {media}",
        "  interfaces: { includes: [lo] }",
        f"  udp_port: {media_port}",
        f"  tcp_port: {tcp_port if configuration.media else 0}",
        '  stun_servers: ["127.0.0.1:9"]',
        "room:",
        f"  auto_create: {str(configuration.auto_create).lower()}",
        f"  enable_remote_unmute: {str(configuration.remote_unmute).lower()}",
        "logging: { level: info }",
    ]
    if configuration.webhook_url:
        lines += ["webhook:", f'  api_key: "{configuration.key}"', f'  urls: ["{configuration.webhook_url}"]']
    return "\n".join(lines) + "\n"


def start_real(configuration: Configuration, folder: Path) -> Server:
    """Start livekit-server with its configuration and log in ``folder``; it answers when this returns.

    Raises ServerMissing when there is no binary, ServerDied when it does not come up.
    """
    binary = find_binary()
    port, media_port, tcp_port = launch.free_ports(3)
    port = configuration.port or port
    folder.mkdir(parents=True, exist_ok=True)
    config_path = folder / f"livekit-{port}.yaml"
    config_path.write_text(yaml_of(configuration, port, media_port, tcp_port))
    log_path = folder / f"livekit-{port}.log"
    process = launch.start([binary, "--config", str(config_path)], log_path)
    url = f"http://127.0.0.1:{port}"
    launch.wait_for_health(process, url, log_path)
    return Server(
        url=url,
        key=configuration.key,
        secret=configuration.secret,
        kind="real",
        remote_unmute=configuration.remote_unmute,
        configuration=configuration,
        log_path=log_path,
        process=process,
    )
