"""A room that waits for its people."""

from rooms.simulator.wire import dumps

from .stage import Play, Stage


class GreenRoom(Play):
    """``green-room``: nobody there, kept open, with metadata."""

    room = "green-room"
    pace = (10.0, 20.0)

    def set_up(self, stage: Stage) -> None:
        stage.open_room(dumps({"for": "autumn-product-webinar", "opens": "15 minutes before"}), minutes_ago=95)

    def step(self, stage: Stage) -> None:
        """Nothing happens here."""
