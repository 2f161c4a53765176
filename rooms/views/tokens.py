"""Tokens: make one, read one. What is made is shown once; what is pasted is never kept."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from rooms.forms.exact import size
from rooms.forms.token_choices import ADMINISTRATIVE, PRESETS, THREE_STATE
from rooms.forms.tokens import SPARE_ROWS, InspectForm, TokenForm, opening, refilled, rows_of
from rooms.livekit import joining
from rooms.livekit import tokens as access_tokens
from rooms.livekit.tokens import TokenSpec
from rooms.models import Project
from rooms.moderation import access, audit
from rooms.moderation.access import Right, Standing

VERB = "token_made"
CANNOT_SIGN = "The secret of this project cannot be read, so nothing can be signed. An administrator can set it again."


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@access.needs(Right.SEE)
async def tokens(request: HttpRequest, standing: Standing) -> HttpResponse:
    """The form (``?room=&identity=&name=&preset=`` fill it in); POST makes the token and shows it, once.

    The buttons ``preset``, ``do=format`` and ``do=rows`` change the form without making anything.
    """
    if request.method != "POST":
        form = _form(standing, initial=opening(request.GET))
        return render(request, "tokens.html", _context(standing, form, []))
    if not standing.may(Right.ACT):
        raise PermissionDenied(standing.refusal(Right.ACT))
    if "preset" in request.POST or request.POST.get("do") in ("format", "rows"):
        filled = refilled(request.POST)
        context = _context(standing, _form(standing, initial=filled), rows_of(request.POST))
        context["metadata_problem"] = filled.get("metadata_problem", "")
        return render(request, "tokens.html", context)
    return await _make(request, standing)


@never_cache
@sensitive_post_parameters("token")
@require_http_methods(["GET", "HEAD", "POST"])
@access.needs(Right.SEE)
async def token_inspect(request: HttpRequest, standing: Standing) -> HttpResponse:
    """A field to paste a token into; POST shows what it says, whether a key of this project signed it, and its end."""
    form = InspectForm(request.POST if request.method == "POST" else None, auto_id="inspect-%s")
    context: dict[str, Any] = {"standing": standing, "project": standing.project, "form": form}
    if request.method == "POST" and form.is_valid():
        read = access_tokens.inspect(form.cleaned_data["token"], standing.project.secrets)
        context |= {"read": read, "header": _json(read.header), "claims": _json(read.claims)}
        # Shown anew and empty: the answer does not carry the token back.
        context["form"] = InspectForm(auto_id="inspect-%s")
    status = 422 if form.is_bound and not form.is_valid() else 200
    return render(request, "token_inspect.html", context, status=status)


@sensitive_variables("token")
async def _make(request: HttpRequest, standing: Standing) -> HttpResponse:
    project = standing.project
    form = _form(standing, data=request.POST)
    started = time.monotonic()
    if not form.is_valid() or not project.connection.secret:
        if not project.connection.secret:
            form.add_error(None, CANNOT_SIGN)
        if form.overreaches:
            await _refused(standing, form)
        return render(request, "tokens.html", _context(standing, form, form.attributes), status=422)
    spec = form.spec()
    token = access_tokens.mint(project.api_key, project.connection.secret, spec)
    await audit.record(
        project,
        standing.actor,
        VERB,
        room=spec.grants.room,
        identity=spec.identity,
        target=spec.name or spec.identity,
        after=_recorded(spec),
        duration_ms=round((time.monotonic() - started) * 1_000),
    )
    context = _context(standing, form, form.attributes)
    context |= {
        "token": token,
        "read": access_tokens.inspect(token, project.secrets),
        "recipes": joining.recipes(project.url, token, spec),
        "socket_url": joining.socket_url(project.url),
    }
    return render(request, "tokens.html", context)


async def _refused(standing: Standing, form: TokenForm) -> None:
    """Keep that somebody asked for grants that are not theirs to give."""
    asked = [field for field, _ in ADMINISTRATIVE if form.data.get(field)]
    await audit.record(
        standing.project,
        standing.actor,
        VERB,
        room=form.data.get("room", ""),
        identity=form.data.get("identity", ""),
        target=form.data.get("identity", ""),
        after={"asked for": asked or [field for field in form.errors if field != "__all__"]},
        answer="Only administrators may give these grants away.",
        outcome="refused",
    )


def _recorded(spec: TokenSpec) -> dict[str, Any]:
    """What the audit keeps of a token: all that it says, never the token."""
    kept = {
        "valid_seconds": spec.ttl,
        "kind": spec.kind,
        "grants": spec.grants.claim(),
        "name": spec.name,
        "metadata": spec.metadata,
        "attributes": dict(spec.attributes),
        "room_preset": spec.room_preset,
    }
    return {name: value for name, value in kept.items() if value}


def _form(standing: Standing, **kwargs: Any) -> TokenForm:
    return TokenForm(administers=standing.has_role_for(Right.ADMINISTER), limits=_limits(standing.project), **kwargs)


def _json(claims: Mapping[str, Any]) -> str:
    return json.dumps(dict(claims), ensure_ascii=False)


def _limits(project: Project) -> dict[str, int]:
    return {"metadata": project.metadata_limit, "attributes": project.attributes_limit}


def _context(standing: Standing, form: TokenForm, rows: list[tuple[str, str]]) -> dict[str, Any]:
    return {
        "standing": standing,
        "project": standing.project,
        "form": form,
        "attributes_size": sum(size(part) for row in rows for part in row),
        "rows": rows + [("", "")] * SPARE_ROWS,
        "presets": PRESETS,
        "three_state": [form[field] for field, _, _ in THREE_STATE],
        "administrative": [form[field] for field, _ in ADMINISTRATIVE],
        "may_make": standing.may(Right.ACT),
        "refusal": "" if standing.may(Right.ACT) else standing.refusal(Right.ACT),
        "has_role": standing.has_role_for(Right.ACT),
        "administers": form.administers,
    }
