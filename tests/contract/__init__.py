"""LiveKit's behaviour as cases: the same on the real server and on the simulator, or the simulator is wrong."""
