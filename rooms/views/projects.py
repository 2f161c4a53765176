"""Projects: making one, and its settings page with a form for each group of settings."""

from __future__ import annotations

from typing import Any

from asgiref.sync import sync_to_async
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rooms.forms.members import MemberForm
from rooms.forms.projects import GROUPS, ConnectionForm, DeletionForm, free_slug
from rooms.live import bus
from rooms.live.outside import outside
from rooms.livekit import client, observing
from rooms.livekit.client import Connection, ProbeResult
from rooms.models import Membership, Project, Role
from rooms.moderation import access, audit
from rooms.moderation.access import Right, Standing
from rooms.views import capabilities

FLASHED_LINK = "one_time_link"
SAVE_ANYWAY = "anyway"
TEST_ONLY = "test"


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("api_secret")
async def project_create(request: HttpRequest) -> HttpResponse:
    """The form for a new project. Saving tries the connection; ``do=anyway`` saves one that does not answer."""
    request.user = await request.auser()
    if not await sync_to_async(access.may_create_projects)(request.user):
        raise PermissionDenied("Projects are made by administrators. You are administrator of none.")
    if request.method != "POST":
        return await _creation_page(request, ConnectionForm())
    form = ConnectionForm(request.POST)
    if not await sync_to_async(form.is_valid)():
        return await _creation_page(request, form, status=422)
    probe = await client.probe(_connection(form))
    wanted = request.POST.get("do")
    if wanted == TEST_ONLY or not (probe.ok or wanted == SAVE_ANYWAY):
        return await _creation_page(request, form, probe, status=200 if probe.ok else 422)
    project = await sync_to_async(_create)(form, request.user)
    standing = await access.project_for(request, project.slug, Right.ADMINISTER)
    await audit.record(
        project, standing.actor, "project_create", target=project.name, after=_plain(project), answer=probe.words
    )
    return redirect("rooms", slug=project.slug)


async def _creation_page(
    request: HttpRequest, form: ConnectionForm, probe: ProbeResult | None = None, status: int = 200
) -> HttpResponse:
    context = {"form": form, "probe": probe}
    return await sync_to_async(render)(request, "project_form.html", context, status=status)


def _connection(form: ConnectionForm) -> Connection:
    data = form.cleaned_data
    return Connection(url=data["url"], key=data["api_key"], secret=data["api_secret"])


@transaction.atomic
def _create(form: ConnectionForm, user: Any) -> Project:
    """Save the new project; whoever makes it is its administrator."""
    project: Project = form.save(commit=False)
    project.slug = free_slug(project.name)
    project.set_secret(form.cleaned_data["api_secret"], user.get_username())
    project.save()
    Membership.objects.create(user=user, project=project, role=Role.ADMINISTRATOR)
    return project


def _plain(project: Project) -> dict[str, Any]:
    """What the audit keeps of a connection: never the secret."""
    return {"name": project.name, "url": project.url, "api_key": project.api_key}


@require_GET
@access.needs(Right.ADMINISTER)
async def project_settings(request: HttpRequest, standing: Standing) -> HttpResponse:
    """The settings page."""
    return await settings_page(request, standing)


@require_POST
@sensitive_post_parameters("api_secret")
@access.needs(Right.ADMINISTER)
async def project_connection(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Test the connection, and save it if it answers or if ``do=anyway``."""
    project = standing.project
    before = _plain(project)
    # The form writes into the instance that it is given, also when it is not saved.
    form = ConnectionForm(request.POST, instance=await Project.objects.aget(pk=project.pk))
    if not await sync_to_async(form.is_valid)():
        return await settings_page(request, standing, bound={"connection": form}, status=422)
    probe = await client.probe(_connection(form))
    wanted = request.POST.get("do")
    if wanted == TEST_ONLY or not (probe.ok or wanted == SAVE_ANYWAY):
        return await settings_page(
            request, standing, bound={"connection": form}, probe=probe, status=200 if probe.ok else 422
        )
    new_secret = form.new_secret
    await sync_to_async(_save_connection)(form, standing.user.get_username())
    after = _plain(form.instance) | ({"api_secret": "replaced"} if new_secret else {})
    await audit.record(project, standing.actor, "project_connection", before=before, after=after, answer=probe.words)
    await bus.publish_project(project.pk)
    messages.info(request, f"Saved. {probe.words}")
    return redirect(reverse("project_settings", args=[project.slug]) + "#connection")


def _save_connection(form: ConnectionForm, username: str) -> None:
    """Save; a key that is replaced may still sign webhooks until LiveKit's configuration follows."""
    project = form.save(commit=False)
    if form.new_secret:
        _, project.previous_api_key, project.previous_api_secret = form.was
        project.set_secret(form.cleaned_data["api_secret"], username)
    project.save()


@require_POST
@access.needs(Right.ADMINISTER)
async def project_group(request: HttpRequest, standing: Standing, group: str) -> HttpResponse:
    """Save one group of settings; it takes effect with the next request and the next reading."""
    if group not in GROUPS:
        raise Http404("There is no such group of settings.")
    form = GROUPS[group](request.POST, instance=await Project.objects.aget(pk=standing.project.pk))
    if not await sync_to_async(form.is_valid)():
        return await settings_page(request, standing, bound={group: form}, status=422)
    changed = {name: form.cleaned_data[name] for name in form.changed_data}
    if changed:
        before = {name: getattr(standing.project, name) for name in changed}
        await sync_to_async(form.instance.save)(update_fields=list(changed))
        await audit.record(standing.project, standing.actor, "project_settings", before=before, after=changed)
        await bus.publish_project(standing.project.pk)
        messages.info(request, "Saved. It holds from now on.")
    return redirect(reverse("project_settings", args=[standing.project.slug]) + f"#{group}")


async def settings_page(
    request: HttpRequest,
    standing: Standing,
    *,
    bound: dict[str, forms.BaseForm] | None = None,
    probe: ProbeResult | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page, with the forms in ``bound`` in place of fresh ones: what was typed and what is wrong with it."""
    return await sync_to_async(_settings_page)(request, standing, probe, status, bound or {})


def _settings_page(
    request: HttpRequest, standing: Standing, probe: ProbeResult | None, status: int, bound: dict[str, forms.BaseForm]
) -> HttpResponse:
    project = standing.project
    fresh = {group: form(instance=project) for group, form in GROUPS.items() if group not in bound}
    address = request.build_absolute_uri(reverse("webhook", args=[project.slug]))
    members = list(project.memberships.select_related("user"))
    context = {
        "connection": ConnectionForm(instance=project),
        "member": MemberForm(project),
        "deletion": DeletionForm(project),
        "creates_only_here": access.creates_only_through(standing),
        **fresh,
        **bound,
        "probe": probe,
        "capabilities": capabilities.rows(project),
        "observer_installed": observing.installed(),
        "observer_outside": outside(project.pk) if project.observer else None,
        "memberships": [
            {"membership": each, "may_reset": access.may_reset_password(standing, each.user)} for each in members
        ],
        "roles": Role.choices,
        "one_time_link": request.session.pop(FLASHED_LINK, None),
        "webhook_address": address,
        "webhook_lines": f"webhook:\n  api_key: {project.api_key}\n  urls:\n    - {address}",
    }
    return render(request, "project_settings.html", context, status=status)
