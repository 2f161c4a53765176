"""Forms of a project's members."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from rooms.forms.accounts import username_field
from rooms.models import Membership, Project, Role, people

EXISTING, LINK, PASSWORD = "existing", "link", "password"
ACCOUNTS = [
    (EXISTING, "They have an account"),
    (LINK, "New account, with a one-time link to set the password"),
    (PASSWORD, "New account, with this password"),
]


class MemberForm(forms.Form):
    """A user by name, their role, and whether the account is made now."""

    username = username_field()
    role = forms.ChoiceField(label="Role", choices=Role.choices, initial=Role.VIEWER)
    account = forms.ChoiceField(label="Account", choices=ACCOUNTS, initial=EXISTING, widget=forms.RadioSelect)
    password = forms.CharField(
        label="Password",
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, project: Project, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.project = project

    def clean(self) -> dict[str, Any]:
        """The account must be there, or must not, as ``account`` says; nobody is a member twice."""
        data = super().clean() or {}
        name, account = data.get("username"), data.get("account")
        if not name or not account:
            return data
        user = User.objects.filter(username=name).first()
        data["user"] = user
        if account == EXISTING and user is None:
            self.add_error("username", "There is no account of this name. Choose a new account below.")
        elif account != EXISTING and people.is_taken(name):
            self.name_taken()
        elif user is not None and Membership.objects.filter(user=user, project=self.project).exists():
            self.add_error("username", f"{name} is a member already: change the role in the list.")
        if account == PASSWORD:
            self._check_password(name, data.get("password") or "")
        return data

    def name_taken(self) -> None:
        """Say that there is an account of this name; somebody may have made it while the form was being looked at."""
        self.add_error("username", people.TAKEN)

    def _check_password(self, name: str, password: str) -> None:
        if not password:
            self.add_error("password", "Type the password of the new account.")
            return
        try:
            validate_password(password, User(username=name))
        except ValidationError as error:
            self.add_error("password", error)


class RoleForm(forms.Form):
    """Another role for a member."""

    role = forms.ChoiceField(choices=Role.choices)
