"""The topics on which participants chat, as administrators name them."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from rooms.livekit import observing
from rooms.models import Project
from tests.fixtures.people import AsUser


async def test_chat_topics_are_cleaned_and_never_none(
    project: Project, alice: User, as_user: AsUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(observing, "installed", lambda: True)
    address = reverse("project_group", args=["studio", "chat"])
    answer = await as_user(alice).post(address, {"chat_topics": " , "})
    assert answer.status_code == 422
    assert "Name at least one topic" in answer.content.decode()
    await as_user(alice).post(address, {"chat_topics": "lk.chat,support , lk.chat"})
    assert (await Project.objects.aget()).chat_topics == "lk.chat, support"
