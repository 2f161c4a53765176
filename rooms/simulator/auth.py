"""Who is calling: API keys, and the tokens that were signed with them (``auth.go`` of livekit-server 1.13.5)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jwt

from .claims import grant_fault, registered_fault
from .errors import PlainRefusal

BEARER = "Bearer "
LEEWAY = 60  # seconds, on nbf and exp
KNOWN_ALGORITHMS = frozenset(
    ["none", "EdDSA"] + [family + size for family in ("HS", "RS", "ES", "PS") for size in ("256", "384", "512")]
)


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
        api_key = _issuer(token)
        secret = self.secrets.get(api_key)
        if not secret:
            raise PlainRefusal(401, f"invalid API key: {api_key}")
        try:
            claims = jwt.decode(
                token,
                secret,
                algorithms=["HS256"],
                leeway=LEEWAY,
                options={"verify_aud": False, "verify_iat": False, "verify_sub": False, "verify_jti": False},
            )
        except jwt.PyJWTError as error:
            raise PlainRefusal(401, f"invalid token: {token}, error: {_words(token, error)}") from None
        fault = grant_fault(claims)
        if fault:
            text = f"token is malformed: could not JSON decode claim: {fault}"
            raise PlainRefusal(401, f"invalid token: {token}, error: {text}")
        return Caller(api_key, claims, token)


def _issuer(token: str) -> str:
    """The ``iss`` of a token that is not verified yet. Raises PlainRefusal when it is no token at all."""
    try:
        algorithm = jwt.get_unverified_header(token).get("alg")
        claims = jwt.decode(token, options={"verify_signature": False})
    except (jwt.PyJWTError, ValueError):
        raise PlainRefusal(401, "invalid authorization token") from None
    if algorithm not in KNOWN_ALGORITHMS or registered_fault(claims):
        raise PlainRefusal(401, "invalid authorization token")
    return str(claims.get("iss") or "")


def _words(token: str, error: jwt.PyJWTError) -> str:
    """What golang-jwt says about the same fault."""
    if isinstance(error, jwt.InvalidAlgorithmError):
        algorithm = jwt.get_unverified_header(token).get("alg")
        return f"token signature is invalid: signing method {algorithm} is invalid"
    if isinstance(error, jwt.ExpiredSignatureError):
        return "token has invalid claims: token is expired"
    if isinstance(error, jwt.ImmatureSignatureError):
        return "token has invalid claims: token is not valid yet"
    if isinstance(error, jwt.InvalidSignatureError):
        return "token signature is invalid: signature is invalid"
    return "token is malformed: token contains an invalid number of segments"
