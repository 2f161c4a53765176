"""What a server has been seen to be able to do. LiveKit tells nobody beforehand: its answers are all there is."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from django.utils import timezone

from rooms.live import bus
from rooms.models import Ability, Project

CLOUD_HOST = ".livekit.cloud"
CLOUD_ONLY = ("revoke", "move", "forward")


async def learn(project: Project, name: str, *, able: bool, answer: str, status: int) -> None:
    """Remember the newest answer about ability ``name`` ("remote_unmute", "move" or "forward").

    When it is another than before, every open page is told, so that its buttons say so too.
    """
    before = await Ability.objects.filter(project=project, name=name).afirst()
    await Ability.objects.aupdate_or_create(
        project=project,
        name=name,
        defaults={"able": able, "answer": answer, "status": status, "seen_at": timezone.now()},
    )
    if before is None or before.able != able:
        await bus.publish_project(project.pk)


async def known(project: Project) -> dict[str, Ability]:
    """The abilities of which this server has answered something, by name."""
    return {ability.name: ability async for ability in Ability.objects.filter(project=project)}


async def forget(project: Project, name: str) -> bool:
    """Ask the server afresh next time; says whether anything was known."""
    deleted, _ = await Ability.objects.filter(project=project, name=name).adelete()
    if deleted:
        await bus.publish_project(project.pk)
    return deleted > 0


def is_cloud(url: str, abilities: Mapping[str, Ability]) -> bool:
    """Whether this server revokes tokens: LiveKit Cloud by its host, or one that has moved or forwarded somebody."""
    host = urlsplit(url).hostname or ""
    return host.endswith(CLOUD_HOST) or any(name in abilities and abilities[name].able for name in CLOUD_ONLY)
