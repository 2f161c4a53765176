"""A LiveKit-compatible server that keeps its rooms in memory and carries no media.

It is a project of its own that happens to live here: nothing in it knows Greenroom, and Greenroom only knows its
address. It answers as livekit-server 1.13.5 answers, down to status codes and texts. Run it with
``python -m rooms.simulator`` (see ``--help``).
"""
