"""Where LiveKit reports what happened. A webhook is a hint to look, never state (livekit.md 6)."""

from __future__ import annotations

import hashlib
import logging
from datetime import timedelta

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from rooms.live import reader
from rooms.livekit import webhooks
from rooms.livekit.webhooks import BODY_LIMIT, LEEWAY, MAX_AGE
from rooms.models import Project

logger = logging.getLogger(__name__)

# Seconds for which the id of an event is remembered: as long as its token would be accepted again.
REMEMBERED = MAX_AGE + 2 * LEEWAY
STAMP_EVERY = timedelta(seconds=5)


@login_not_required
@csrf_exempt
@require_POST
async def webhook(request: HttpRequest, slug: str) -> HttpResponse:
    """Verify over the raw bytes, nudge the reader, note the time: 200.

    413 over ``BODY_LIMIT``; 401 with an empty body for anything that is not signed with a key of this project in these
    minutes, also where there is no such project; 404 for a deleted one, whose LiveKit still has the address; 400 for
    what is signed and no event; 409 for an event that was here before. LiveKit repeats a delivery on connection errors,
    429 and 5xx only (6.4), so none of these is repeated.
    """
    body = _body(request)
    if body is None:
        return HttpResponse(status=413)
    project = await Project.objects.filter(slug=slug).afirst()
    if project is None:
        return HttpResponse(status=401)
    if project.deleted_at is not None:
        return HttpResponse(status=404)
    try:
        event = webhooks.verify(body, request.headers.get("Authorization", ""), project.secrets)
    except webhooks.WebhookRefused as refused:
        logger.info("Webhook for project %s refused: %s", slug, refused)
        return HttpResponse(status=400 if isinstance(refused, webhooks.Malformed) else 401)
    key = _key(project, event, body)
    if not await cache.aadd(key, True, REMEMBERED):
        return HttpResponse(status=409)
    try:
        await reader.nudge(project.pk, event.room)
        await _stamp(project)
    except Exception:
        # LiveKit sends it again after a 500: then it must not look like a replay.
        await cache.adelete(key)
        raise
    return HttpResponse(status=200)


def _body(request: HttpRequest) -> bytes | None:
    """Return the raw body, or None when it is longer than the limit, which the header may say before it is read."""
    declared = request.headers.get("Content-Length", "")
    if declared.isdigit() and int(declared) > BODY_LIMIT:
        return None
    body = request.read(BODY_LIMIT + 1)
    return body if len(body) <= BODY_LIMIT else None


def _key(project: Project, event: webhooks.WebhookEvent, body: bytes) -> str:
    # Ids are LiveKit's text: hashed, they fit any cache. An event without one is known by its bytes.
    name = event.id.encode() if event.id else body
    return f"webhook:{project.pk}:{hashlib.sha256(name).hexdigest()}"


async def _stamp(project: Project) -> None:
    """Keep the time of the last webhook for the settings page, with at most one write in ``STAMP_EVERY``."""
    now = timezone.now()
    stale = now - STAMP_EVERY
    if project.last_webhook_at is not None and project.last_webhook_at > stale:
        return
    old = Q(last_webhook_at__isnull=True) | Q(last_webhook_at__lte=stale)
    await Project.objects.filter(old, pk=project.pk).aupdate(last_webhook_at=now)
