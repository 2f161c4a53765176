"""The LiveKit layer: pure parts by themselves, calls on the simulator and on a real server."""
