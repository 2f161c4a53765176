"""Forms of the accounts of all of Greenroom."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from rooms.forms.accounts import username_field
from rooms.forms.members import LINK, PASSWORD
from rooms.models import people


class AccountForm(forms.Form):
    """A new account: its name, how its password is set, and whether it administers all of Greenroom."""

    username = username_field()
    account = forms.ChoiceField(
        label="How the password is set",
        choices=[(LINK, "By a one-time link"), (PASSWORD, "Typed here")],
        initial=LINK,
        widget=forms.RadioSelect,
    )
    password = forms.CharField(
        label="Password",
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    superuser = forms.BooleanField(label="Administers all of Greenroom", required=False)

    def clean_username(self) -> str:
        """A name that nobody has, in whatever case."""
        name = str(self.cleaned_data["username"])
        if people.is_taken(name):
            raise ValidationError(people.TAKEN)
        return name

    def name_taken(self) -> None:
        """Say that somebody took the name while the form was being looked at."""
        self.add_error("username", people.TAKEN)

    def clean(self) -> dict[str, Any]:
        """The password must fit Django's rules where one is given, and must be given where it is to be set here."""
        data = super().clean() or {}
        if data.get("account") != PASSWORD:
            return {**data, "password": ""}
        if not data.get("password"):
            self.add_error("password", "Type the password of the new account.")
            return data
        try:
            validate_password(data["password"], User(username=data.get("username", "")))
        except ValidationError as error:
            self.add_error("password", error)
        return data


class OnOffForm(forms.Form):
    """One switch of an account."""

    on = forms.TypedChoiceField(choices=[("1", "on"), ("0", "off")], coerce=lambda value: value == "1")
