"""The members of a project: their roles, and accounts for people who have none."""

from __future__ import annotations

from asgiref.sync import sync_to_async
from django.contrib import messages
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from rooms.forms.members import LINK, PASSWORD, MemberForm, RoleForm
from rooms.live import bus
from rooms.models import Membership, Project, Role, people, team
from rooms.moderation import access, audit
from rooms.moderation.access import Right, Standing
from rooms.views.projects import FLASHED_LINK, settings_page

LAST_ADMINISTRATOR = "{} is the last administrator of this project and stays. Make somebody else administrator first."


def _back(project: Project) -> HttpResponse:
    return redirect(reverse("project_settings", args=[project.slug]) + "#members")


def one_time_link(request: HttpRequest, user: User) -> str:
    """The whole address under which ``user`` sets a password, once, within PASSWORD_RESET_TIMEOUT."""
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    path = reverse("one_time_password", args=[uid, default_token_generator.make_token(user)])
    return request.build_absolute_uri(path)


async def _member(standing: Standing, user_id: int) -> Membership:
    """The membership of a user in this project; Http404 when there is none."""
    found = await standing.project.memberships.select_related("user").filter(user_id=user_id).afirst()
    if found is None:
        raise Http404("Nobody like that is a member here.")
    return found


@require_POST
@sensitive_post_parameters("password")
@access.needs(Right.ADMINISTER)
async def member_add(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Give somebody a role; makes the account first if the form says so."""
    project = standing.project
    form = MemberForm(project, request.POST)
    if not await sync_to_async(form.is_valid)():
        return await settings_page(request, standing, bound={"member": form}, status=422)
    try:
        user = await sync_to_async(_add)(project, form)
    except people.NameTaken:
        form.name_taken()
        return await settings_page(request, standing, bound={"member": form}, status=422)
    role, account = form.cleaned_data["role"], form.cleaned_data["account"]
    after = {"role": role} | ({"account": "new"} if account in {LINK, PASSWORD} else {})
    await audit.record(project, standing.actor, "member_add", target=user.username, after=after)
    if account == LINK:
        await request.session.aset(FLASHED_LINK, {"username": user.username, "link": one_time_link(request, user)})
    messages.info(request, f"{user.username} is {role} now.")
    return _back(project)


@transaction.atomic
def _add(project: Project, form: MemberForm) -> User:
    data = form.cleaned_data
    user: User | None = data["user"]
    if user is None:
        # Without a password the account cannot be used before the one-time link is.
        user = people.add(data["username"], data["password"], superuser=False)
    team.add_member(project, user, Role(data["role"]))
    return user


@require_POST
@access.needs(Right.ADMINISTER)
async def member_role(request: HttpRequest, standing: Standing, user_id: int) -> HttpResponse:
    """Another role for a member. Takes effect at once, on open pages too."""
    membership = await _member(standing, user_id)
    form = RoleForm(request.POST)
    if not form.is_valid():
        raise Http404("There is no such role.")
    before, role = membership.role, Role(form.cleaned_data["role"])
    if before != role:
        await _change(request, standing, membership, role)
    return _back(standing.project)


@require_POST
@access.needs(Right.ADMINISTER)
async def member_remove(request: HttpRequest, standing: Standing, user_id: int) -> HttpResponse:
    """Take a member's role away. The account stays."""
    await _change(request, standing, await _member(standing, user_id), None)
    if user_id == standing.user.pk:
        return redirect("home")
    return _back(standing.project)


async def _change(request: HttpRequest, standing: Standing, membership: Membership, role: Role | None) -> None:
    """Change or take away (``role`` None) a role, tell the audit and every open page."""
    user, before, project = membership.user, membership.role, standing.project
    verb = "member_role" if role else "member_remove"
    after = {"role": role.value if role else None}
    outcome, answer = "done", ""
    try:
        if role:
            await sync_to_async(team.change_role)(membership, role)
        else:
            await sync_to_async(team.remove_member)(membership)
    except team.LastAdministrator:
        outcome, answer = "refused", LAST_ADMINISTRATOR.format(user.username)
        messages.error(request, answer)
    else:
        await bus.publish_rights(project.pk, user.pk)
        messages.info(request, f"{user.username} is {role} now." if role else f"{user.username} has no role here now.")
    await audit.record(
        project,
        standing.actor,
        verb,
        target=user.username,
        before={"role": before},
        after=after,
        outcome=outcome,
        answer=answer,
    )


@require_POST
@access.needs(Right.ADMINISTER)
async def member_link(request: HttpRequest, standing: Standing, user_id: int) -> HttpResponse:
    """A one-time link for a member who lost the password. The password of now works until the link is used."""
    membership = await _member(standing, user_id)
    if not await sync_to_async(access.may_reset_password)(standing, membership.user):
        raise PermissionDenied(f"{membership.user.username} has roles elsewhere that you do not administer.")
    link = one_time_link(request, membership.user)
    await request.session.aset(FLASHED_LINK, {"username": membership.user.username, "link": link})
    await audit.record(standing.project, standing.actor, "member_link", target=membership.user.username)
    return _back(standing.project)
