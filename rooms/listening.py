"""Whether a server can listen at an address. Standard library only: it is asked before Django is loaded."""

from __future__ import annotations

import ipaddress
import socket


class CannotListen(Exception):
    """The address is taken, not allowed, or not this machine's; the text says so with the way out."""


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches ``host``."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_free(host: str, port: int) -> bool:
    """Whether this process could listen there. Raises CannotListen where no port would help."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # As servers do: connections of the last start that are still closing do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError as error:
            raise CannotListen(f"Port {port} needs more rights than yours. Choose one above 1023.") from error
        except socket.gaierror as error:
            raise CannotListen(f"HOST={host} is not an address of this machine.") from error
        except OSError:
            return False
    return True


def demand(host: str, port: int) -> None:
    """Raise CannotListen, in words, unless this process could listen there."""
    if not 0 < port < 65536:
        raise CannotListen(f"{port} is no port. Choose one from 1024 to 65535: make run PORT=8000")
    if not is_free(host, port):
        raise CannotListen(
            f"Port {port} on {host} is taken by another program.\nChoose another one: make run PORT={port + 1}"
        )


def demand_loopback(host: str) -> None:
    """Raise CannotListen for an address that other machines reach: the demo's passwords are public."""
    if not is_loopback(host):
        raise CannotListen(
            f"The demo has public passwords and listens on loopback only, not on {host}.\n"
            "Leave HOST unset, or set LIVEKIT_URL, LIVEKIT_API_KEY and LIVEKIT_API_SECRET for real use."
        )


def free_port(preferred: int) -> int:
    """``preferred`` if it is free on loopback, else any port that is."""
    if is_free("127.0.0.1", preferred):
        return preferred
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
