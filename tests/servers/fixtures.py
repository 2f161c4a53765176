"""pytest fixtures for servers, to be imported into a conftest: `from tests.servers.fixtures import *`.

A failing test gets what the servers logged while it ran.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Generator, Iterator
from typing import Any

import pytest

from tests.servers.manager import Servers
from tests.servers.real import find_binary
from tests.servers.server import Configuration, Kind, Server, ServerMissing

__all__ = ["log_marks", "pytest_runtest_makereport", "servers"]

LOG_TAIL = 8000
LINE = 300  # characters; livekit-server logs whole session descriptions
MARKS = pytest.StashKey[dict[str, tuple[Server, int]]]()
SERVERS = pytest.StashKey[Servers]()
RTC_MISSING = "the livekit package is missing: `make test` brings it where there is a livekit-server (`make livekit`)"


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """Servers of this run; each configuration is started when first asked for."""
    with Servers(tmp_path_factory.mktemp("servers")) as running:
        yield running


@pytest.fixture(autouse=True)
def log_marks(request: pytest.FixtureRequest, servers: Servers) -> None:
    """Remember how long each log is, so that a failure shows only what came during the test."""
    request.node.stash[MARKS] = {server.url: (server, server.log_size()) for server in servers.logs()}
    request.node.stash[SERVERS] = servers


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, None]:
    """Attach the servers' logs to the report of a failing test."""
    outcome = yield
    report: pytest.TestReport = outcome.get_result()
    running = item.stash.get(SERVERS, None)
    if running is None or not report.failed:
        return
    marks = item.stash.get(MARKS, {})
    for server in running.logs():
        _, since = marks.get(server.url, (server, 0))
        title = f"log of the {server.kind} server {server.url}"
        said = "\n".join(line[:LINE] for line in server.log(since=since).splitlines())[-LOG_TAIL:]
        if said and title not in dict(report.sections):
            report.sections.append((title, said))


def running_server(servers: Servers, kind: Kind, configuration: Configuration | None = None) -> Server:
    """A running server, or a skip as ``demand`` does."""
    demand(kind)
    return servers.get(kind, configuration)


def demand(kind: Kind) -> None:
    """Skip where there is no such server, with the way to get it; with GREENROOM_REQUIRE_LIVEKIT=1 fail instead."""
    missing = why_not_real() if kind == "real" else ""
    if missing and is_required():
        pytest.fail(f"GREENROOM_REQUIRE_LIVEKIT=1, but {missing}", pytrace=False)
    if missing:
        pytest.skip(missing)


def is_required() -> bool:
    """Whether this run demands the real server, as .ci/run does."""
    return os.environ.get("GREENROOM_REQUIRE_LIVEKIT") == "1"


def why_not_real() -> str:
    """What is missing for tests on the real server and how to get it; empty when nothing is."""
    try:
        find_binary()
    except ServerMissing as missing:
        return str(missing)
    return RTC_MISSING if importlib.util.find_spec("livekit.rtc") is None else ""
