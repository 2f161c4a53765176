"""Who is calling: API keys, and the tokens that were signed with them (``auth.go`` of livekit-server 1.13.5)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from . import tokens
from .errors import PlainRefusal
from .tokens import TokenFault

BEARER = "Bearer "


@dataclass(frozen=True)
class Caller:
    """A verified token: the key that signed it, its claims, and its own text."""

    api_key: str
    claims: Mapping[str, Any]
    token: str

    @property
    def video(self) -> Mapping[str, Any]:
        """The video grant, empty when the token has none."""
        return self.claims.get("video") or {}

    @property
    def identity(self) -> str:
        return str(self.claims.get("sub") or self.claims.get("jti") or "")


class Keys:
    """The accepted API keys with their secrets; the first one signs what the server itself signs."""

    def __init__(self, secrets: Mapping[str, str]) -> None:
        self.replace(secrets)

    def replace(self, secrets: Mapping[str, str]) -> None:
        """From now on only these keys are accepted."""
        self.secrets = dict(secrets)

    @property
    def first(self) -> tuple[str, str]:
        """Key and secret for refresh tokens and webhooks."""
        return next(iter(self.secrets.items()))

    def authenticate(self, authorization: str, access_token: str = "") -> Caller | None:
        """Take the Authorization header (or the ``access_token`` value) and return its caller.

        None means that no token was sent: the method itself then refuses. Raises PlainRefusal (401) with the texts of
        livekit-server 1.13.5, which repeat the token.
        """
        if authorization:
            if not authorization.startswith(BEARER):
                raise PlainRefusal(401, "invalid authorization header. Must start with Bearer ")
            access_token = authorization[len(BEARER) :]
        return self.verify(access_token) if access_token else None

    def verify(self, token: str) -> Caller:
        """Verify one token. Raises PlainRefusal (401)."""
        try:
            parsed = tokens.parse(token)
        except ValueError:
            raise PlainRefusal(401, "invalid authorization token") from None
        api_key = parsed.issuer
        secret = self.secrets.get(api_key)
        if not secret:
            raise PlainRefusal(401, f"invalid API key: {api_key}")
        try:
            return Caller(api_key, parsed.verify(secret), token)
        except TokenFault as fault:
            raise PlainRefusal(401, f"invalid token: {token}, error: {fault}") from None
