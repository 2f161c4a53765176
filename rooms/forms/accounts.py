"""Forms around accounts: sign in, passwords, the first administrator."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, SetPasswordForm
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError


class SignInForm(AuthenticationForm):
    """User name and password."""

    error_messages = {
        "invalid_login": "That name and password do not match.",
        "inactive": "This account is switched off. Ask an administrator of your project.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "User name"


class OwnPasswordForm(PasswordChangeForm):
    """Old and new password of the user who is signed in."""

    error_messages = {
        **PasswordChangeForm.error_messages,
        "password_incorrect": "This is not your password.",
        "password_mismatch": "The two new passwords differ.",
    }


class NewPasswordForm(SetPasswordForm):
    """A new password, behind a one-time link."""

    error_messages = {**SetPasswordForm.error_messages, "password_mismatch": "The two passwords differ."}


def username_field() -> forms.Field:
    """The user name as Django's accounts have it: letters, digits and @ . + - _, at most 150."""
    column: Any = User._meta.get_field("username")
    return forms.CharField(label="User name", max_length=150, validators=column.validators)


class FirstAdministratorForm(forms.Form):
    """The one-time code from the terminal, and the first account."""

    code = forms.CharField(label="Code from the terminal", max_length=64)
    username = username_field()
    password = forms.CharField(label="Password", widget=forms.PasswordInput, strip=False)

    def clean_password(self) -> str:
        """Django's password rules."""
        password: str = self.cleaned_data["password"]
        validate_password(password, User(username=self.cleaned_data.get("username", "")))
        return password

    def wrong_code(self) -> None:
        """Say under the field that the code is another one."""
        self.add_error("code", ValidationError("This is not the code that the terminal shows."))
