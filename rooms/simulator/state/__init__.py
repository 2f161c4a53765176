"""The rooms that the simulator keeps, and the people and tracks in them. Nothing here knows HTTP."""
