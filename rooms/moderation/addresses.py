"""Where a request comes from (what the audit writes and the sign-in page counts by), and where it may be led."""

from __future__ import annotations

import ipaddress
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

# Who has one address of version 6 has the whole of its /64 network.
NETWORK_BITS = 64


def client_address(request: HttpRequest, credentials: Any = None) -> str:
    """The IP address of the browser, believing as many proxies as TRUSTED_PROXIES says.

    Each proxy adds the address it was called from to the right end of X-Forwarded-For, so what stands further left
    than our own proxies is whatever the client claims. ``credentials`` is what django-axes hands over; unused.
    """
    return address_of(request.META.get("REMOTE_ADDR", ""), request.META.get("HTTP_X_FORWARDED_FOR", ""))


def address_of(peer: str, forwarded_for: str) -> str:
    """``client_address`` for the two values themselves, as a socket has them."""
    proxies = settings.TRUSTED_PROXIES
    hops = [hop.strip() for hop in forwarded_for.split(",") if hop.strip()]
    claimed = hops[-proxies] if proxies and len(hops) >= proxies else peer
    try:
        return str(ipaddress.ip_address(claimed))
    except ValueError:
        return peer


def neighbourhood(address: str) -> str:
    """What one party holds of addresses: the address itself, or the /64 network of one of version 6."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is None:
        return str(ipaddress.ip_network((parsed, NETWORK_BITS), strict=False))
    return str(parsed)


def local_address(request: HttpRequest, address: str) -> str:
    """``address`` if it leads to a page of this site, else the empty text."""
    safe = url_has_allowed_host_and_scheme(address, {request.get_host()}, request.is_secure())
    return address if safe else ""
