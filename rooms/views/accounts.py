"""Signing in and out, and one's own password."""

from __future__ import annotations

from typing import Any, cast

from asgiref.sync import async_to_sync
from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user_model, update_session_auth_hash
from django.contrib.auth import login as start_session
from django.contrib.auth import logout as end_session
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlsafe_base64_decode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from rooms.forms.accounts import NewPasswordForm, OwnPasswordForm, SignInForm
from rooms.live import bus
from rooms.moderation import throttle
from rooms.moderation.addresses import client_address, local_address

UNCOUNTED = (
    "Greenroom cannot reach its Redis, where it counts wrong passwords, and lets nobody guess uncounted. "
    "Whoever is signed in goes on working. Try again in a few seconds."
)
AGAIN_SECONDS = 5


def _destination(request: HttpRequest) -> str:
    """Where ``next`` leads, if that is a page of this site; else the start."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return local_address(request, wanted) or reverse(settings.LOGIN_REDIRECT_URL)


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """The sign-in page; the first-run page while there is nobody who could sign in."""
    if request.user.is_authenticated:
        return redirect(_destination(request))
    if not get_user_model().objects.exists():
        return redirect("first_run")
    if request.method == "POST":
        return _sign_in(request)
    return render(request, "login.html", {"form": SignInForm(request), "next": _destination(request)})


def _sign_in(request: HttpRequest) -> HttpResponse:
    """Look at name and password, unless too many wrong ones came lately; what django-axes holds is not counted."""
    name, address = request.POST.get("username", "").strip(), client_address(request)
    if not AxesProxyHandler.is_allowed(request, {"username": name}):
        return locked_out(request)
    try:
        seconds = throttle.wait(name, address) if name else 0
    except throttle.Uncounted:
        return _not_now(request, 503, "Nobody can sign in just now.", UNCOUNTED, AGAIN_SECONDS)
    if seconds:
        return _wait(request, seconds, "Too many wrong passwords came for this name or from this address.")
    form = SignInForm(request, request.POST)
    if form.is_valid():
        throttle.signed_in(name, address)
        start_session(request, form.get_user())
        return redirect(_destination(request))
    return render(request, "login.html", {"form": form, "next": _destination(request)}, status=422)


@login_not_required
def locked_out(request: HttpRequest, original_response: Any = None, credentials: Any = None) -> HttpResponse:
    """429: too many wrong passwords for this name from this address. Called by django-axes."""
    seconds = int(settings.AXES_COOLOFF_TIME.total_seconds())
    return _wait(request, seconds, "This name waits at this address. Nothing else is locked.")


def _wait(request: HttpRequest, seconds: int, words: str) -> HttpResponse:
    """429 with how long to wait."""
    text = f"{words} Wait {throttle.in_words(seconds)}, then try again."
    return _not_now(request, 429, "Too many wrong passwords.", text, seconds)


def _not_now(request: HttpRequest, status: int, lead: str, text: str, seconds: int) -> HttpResponse:
    """The sign-in page with why it lets nobody in; the name that was typed stays."""
    form = SignInForm(request, initial={"username": request.POST.get("username", "")})
    context = {"form": form, "next": _destination(request), "lead": lead, "text": text}
    response = render(request, "login.html", context, status=status)
    response.headers["Retry-After"] = str(seconds)
    return response


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """End the session, and the sockets of the pages that are still open."""
    user_id = request.user.pk
    end_session(request)
    if user_id is not None:
        _close_pages(user_id)
    return redirect(settings.LOGOUT_REDIRECT_URL)


def _close_pages(user_id: int) -> None:
    """Have every page look again whether its session still counts; those that are open and may, load anew."""
    async_to_sync(bus.publish_rights)(None, user_id)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """One's own password. The other sessions of the user end when it changes, with the pages they hold open."""
    form = OwnPasswordForm(cast(User, request.user), request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = form.save()
        update_session_auth_hash(request, user)
        _close_pages(user.pk)
        messages.info(request, "Your password is changed. Your other sessions are signed out.")
        return redirect("account")
    return render(request, "account.html", {"form": form}, status=422 if form.errors else 200)


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def one_time_password(request: HttpRequest, uid: str, token: str) -> HttpResponse:
    """The page behind a one-time link: set a password, once, within PASSWORD_RESET_TIMEOUT."""
    try:
        user = User.objects.get(pk=int(urlsafe_base64_decode(uid)), is_active=True)
    except (ValueError, OverflowError, User.DoesNotExist) as error:
        raise Http404("no such link") from error
    if not default_token_generator.check_token(user, token):
        return render(request, "password_link.html", {"expired": True}, status=410)
    form = NewPasswordForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.save()
        _close_pages(user.pk)
        throttle.signed_in(user.username, client_address(request))
        messages.info(request, f"The password of {user.username} is set. Sign in with it.")
        return redirect("login")
    context = {"form": form, "username": user.username}
    return render(request, "password_link.html", context, status=422 if form.errors else 200)
