"""README's words for pointing the console at a server, as a person reads them on the pages."""

from __future__ import annotations

from html import unescape

from django.contrib.auth.models import User
from django.urls import reverse

from rooms.models import Project
from tests.fixtures.people import AsUser
from tests.readme import block, table
from tests.servers import Server
from tests.servers.launch import free_ports

SAID = dict(table("What is wrong"))
OTHER_SECRET = "another-secret-of-32-characters!!"


async def test_the_page_says_what_readme_says(simulator: Server, alice: User, as_user: AsUser) -> None:
    port = free_ports(1)[0]
    mistakes = {
        "the key is unknown": {"api_key": "nobodys"},
        "the secret does not belong to the key": {"api_secret": OTHER_SECRET},
        "nothing listens at this port": {"url": f"ws://127.0.0.1:{port}"},
        "another program answers, or the path prefix is wrong": {"url": f"{simulator.url}/elsewhere"},
        "`wss://` or `https://` where none is spoken": {"url": simulator.url.replace("http", "wss")},
    }
    right = {"name": "New", "url": simulator.url, "api_key": simulator.key, "api_secret": simulator.secret}
    for label, changes in mistakes.items():
        answer = await as_user(alice).post(reverse("project_create"), right | changes | {"do": "save"})
        text = answer.content.decode()
        assert f"Not saved: {SAID[label]}" in text
        # The title, LiveKit's side of it in a sentence, and what to do.
        note = text.partition('role="alert"')[2].partition("</div>\n</div>")[0]
        assert note.count("<p") == 3


async def test_the_settings_page_has_readmes_lines_for_livekit_yaml(
    project: Project, alice: User, as_user: AsUser
) -> None:
    lines = block("yaml", "webhook:").replace("APIxxxxxxxx", project.api_key).rstrip()
    lines = lines.replace("https://greenroom.example.com/hooks/livekit/", f"http://testserver/hooks/{project.slug}/")
    answer = await as_user(alice).get(reverse("project_settings", args=[project.slug]))
    assert lines in unescape(answer.content.decode())
