"""The first administrator of a console that has no accounts yet."""

from __future__ import annotations

from django.contrib.auth import login as start_session
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from rooms.forms.accounts import FirstAdministratorForm
from rooms.models import FirstRunCode


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def first_run(request: HttpRequest) -> HttpResponse:
    """Ask for the one-time code, make the first administrator, sign them in. Gone as soon as there is an account."""
    if User.objects.exists():
        return redirect("login")
    form = FirstAdministratorForm(request.POST or None)
    locked = False
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            locked = FirstRunCode.is_locked()
            if not locked and FirstRunCode.take(form.cleaned_data["code"]):
                user = User.objects.create_superuser(form.cleaned_data["username"], "", form.cleaned_data["password"])
                start_session(request, user, "django.contrib.auth.backends.ModelBackend")
                return redirect("home")
        if not locked:
            form.wrong_code()
    status = 429 if locked else 422 if form.errors else 200
    return render(request, "first_run.html", {"form": form, "locked": locked}, status=status)
