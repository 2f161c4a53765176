"""The accounts of all of Greenroom, for those who administer all of it."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from asgiref.sync import sync_to_async
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from rooms.forms.members import LINK
from rooms.forms.people import AccountForm, OnOffForm
from rooms.live import bus
from rooms.models import people
from rooms.moderation import access, audit
from rooms.moderation.access import Actor
from rooms.moderation.addresses import client_address
from rooms.templatetags.words import visible
from rooms.views.members import one_time_link
from rooms.views.people_rows import listing
from rooms.views.projects import FLASHED_LINK

LAST_SUPERUSER = "Nobody else administers all of Greenroom. Make somebody else do so first."

View = Callable[..., Any]
Change = Callable[[User, bool], bool]


def for_keepers(view: View) -> View:
    """Let ``view(request, acting_user, **kwargs)`` run for those who administer all of Greenroom; 403 for others."""

    @functools.wraps(view)
    async def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        user = await request.auser()
        if not isinstance(user, User) or not access.keeps_accounts(user):
            raise PermissionDenied("Accounts are kept by those who administer all of Greenroom.")
        answer: HttpResponse = await view(request, user, **kwargs)
        return answer

    return guarded


def _actor(request: HttpRequest, user: User) -> Actor:
    return Actor(user.pk, user.get_username(), client_address(request))


async def _account(user_id: int) -> User:
    found = await User.objects.filter(pk=user_id).afirst()
    if found is None:
        raise Http404("There is no such account.")
    return found


@require_safe
@for_keepers
async def accounts(request: HttpRequest, acting_user: User) -> HttpResponse:
    """The list: filtered by the address, by name, 50 accounts a page."""
    return await _page(request, acting_user, AccountForm(auto_id="new-%s"))


async def _page(request: HttpRequest, acting_user: User, form: AccountForm, status: int = 200) -> HttpResponse:
    link = await request.session.apop(FLASHED_LINK, None)
    context = {**await sync_to_async(listing)(request.GET, acting_user), "form": form, "one_time_link": link}
    return await sync_to_async(render)(request, "accounts.html", context, status=status)


@require_POST
@sensitive_post_parameters("password")
@for_keepers
async def account_add(request: HttpRequest, acting_user: User) -> HttpResponse:
    """Make an account, with a password or with a one-time link to set it."""
    form = AccountForm(request.POST, auto_id="new-%s")
    if not await sync_to_async(form.is_valid)():
        return await _page(request, acting_user, form, status=422)
    data = form.cleaned_data
    try:
        user = await sync_to_async(people.add)(data["username"], data["password"], superuser=data["superuser"])
    except people.NameTaken:
        form.name_taken()
        return await _page(request, acting_user, form, status=422)
    after = {"administers all": data["superuser"]}
    await audit.record(None, _actor(request, acting_user), "account_add", target=user.username, after=after)
    if data["account"] == LINK:
        await _flash_link(request, user)
    messages.info(request, f"{visible(user.username)} has an account now.")
    # A browser keeps the fragment of the form where the answer names none, and would scroll past the link.
    return redirect(reverse("accounts") + "#main")


def _switch(change: Change, verb: str, field: str, *, on: str, off: str) -> View:
    """A view that turns one switch of an account, tells the audit and every open page.

    ``on`` and ``off`` are said of the account's name. Nobody turns their own; 404 for no account and no such position.
    """

    @require_POST
    @for_keepers
    async def turn(request: HttpRequest, acting_user: User, user_id: int) -> HttpResponse:
        form, user = OnOffForm(request.POST), await _account(user_id)
        if not form.is_valid():
            raise Http404("A switch is on or off.")
        if not access.may_change_account(acting_user, user):
            raise PermissionDenied("Nobody switches off or demotes their own account. Somebody else can.")
        wanted: bool = form.cleaned_data["on"]
        outcome, answer, changed = "done", "", True
        try:
            changed = await sync_to_async(change)(user, wanted)
        except people.LastSuperuser:
            outcome, answer = "refused", LAST_SUPERUSER
            messages.error(request, answer)
        else:
            messages.info(request, f"{visible(user.username)} {on if wanted else off}")
        if changed:
            before, after = {field: not wanted}, {field: wanted}
            actor = _actor(request, acting_user)
            await audit.record(
                None, actor, verb, target=user.username, before=before, after=after, outcome=outcome, answer=answer
            )
            await bus.publish_rights(None, user.pk)
        return _back(request)

    return turn


account_active = _switch(
    people.set_active,
    "account_active",
    "active",
    on="is switched on, and signs in as before.",
    off="is switched off: signed out everywhere, and every page of theirs is closed. Their roles are kept.",
)
account_superuser = _switch(
    people.set_superuser,
    "account_superuser",
    "administers all",
    on="administers all of Greenroom now.",
    off="has the roles of the projects only now.",
)


@require_POST
@for_keepers
async def account_link(request: HttpRequest, acting_user: User, user_id: int) -> HttpResponse:
    """A one-time link to set a new password. The password of now works until the link is used."""
    user = await _account(user_id)
    if not user.is_active:
        raise PermissionDenied(f"{visible(user.username)} is switched off. A link would lead nowhere.")
    await _flash_link(request, user)
    await audit.record(None, _actor(request, acting_user), "account_link", target=user.username)
    return _back(request)


async def _flash_link(request: HttpRequest, user: User) -> None:
    await request.session.aset(FLASHED_LINK, {"username": user.username, "link": one_time_link(request, user)})


def _back(request: HttpRequest) -> HttpResponse:
    """To the list as it was filtered."""
    query = request.GET.urlencode()
    return redirect(reverse("accounts") + (f"?{query}" if query else ""))
