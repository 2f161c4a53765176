"""The observer's own process: LiveKit's native library, and one hidden participant in each room that is asked for.

``python -m rooms.livekit.observer`` is started by `rooms.livekit.observing` and never imported by the console: a
crash or a hang of the library ends here. Both ways go JSON lines.

Orders, on stdin:

- {"do": "join", "seat", "url", "token", "listen", "topics"}: go into a room; ``listen``: receive the microphones;
  ``topics``: of which chat topics to tell what is said.
- {"do": "meter", "seat", "who"}: of which people to tell how loud they are, and of nobody else.
- {"do": "leave", "seat"}.

News, on stdout: {"say": "alive"} every second and, for a seat,

- "in" (``sid`` of the room); "look": something happened, read the room; "gone" (``reason``: media, door, refused or
  signal for a join that failed, "cut", or LiveKit's DisconnectReason by name);
- "speaking" (``who``), "quality" (``who``, ``quality``: excellent, good, poor, lost, or "" for not known any more) and
  "level" (``who``, ``level`` from 0 to 10), where it listens;
- "said" (``who``, "" for the server; ``topic``, ``text``, ``more``: it was longer) and "missed" (``count``).

The process ends when stdin does.
"""
