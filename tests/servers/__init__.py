"""LiveKit servers for tests: the real livekit-server and Greenroom's simulator, started and stopped the same way."""

from tests.servers.manager import Servers
from tests.servers.server import Configuration, Server, ServerDied, ServerMissing

__all__ = ["Configuration", "Server", "ServerDied", "ServerMissing", "Servers"]
