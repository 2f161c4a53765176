"""What can be done, one entry for each verb.

Buttons, menus, dialogs, the keyboard help, the rights that are asked for and the names in the audit are all made from
these entries. An act has one function in ``rooms.moderation.actions`` and, where it asks first, one form.
"""

from dataclasses import dataclass
from typing import Literal

from rooms.moderation.access import Right

Scope = Literal["person", "track", "room", "project"]


@dataclass(frozen=True, slots=True)
class Verb:
    """One thing that somebody with the right may do.

    ``label`` is the button, ``act`` the sentence on the button of a dialog ("Remove {who}"), ``done`` what is said
    afterwards. ``asks`` means that the verb opens a dialog before it acts. ``hurts`` says in words what it may take
    away, ``undo`` whether it can be taken back (None: there is nothing to take back) and ``undo_words`` how or why not.
    ``ability`` names what a server may lack ("remote_unmute", "move", "forward"). ``reason`` marks the verbs for
    which a project can require a reason.
    """

    name: str
    label: str
    act: str
    done: str
    icon: str
    scope: Scope
    right: Right = Right.ACT
    asks: bool = True
    form: str = ""
    hurts: str = ""
    undo: bool | None = True
    undo_words: str = ""
    key: str = ""
    ability: str = ""
    tone: str = ""
    reason: bool = False

    @property
    def caption(self) -> str:
        """The label as a button carries it: with an ellipsis when the verb asks first."""
        return f"{self.label}…" if self.asks else self.label


PERSON = (
    Verb(
        "promote",
        "Bring up",
        "Bring {who} on stage",
        "{who} may publish now.",
        "circle-arrow-up",
        "person",
        asks=False,
        undo_words="Return to audience takes it back.",
        key="p",
    ),
    Verb(
        "return_to_audience",
        "Return to audience",
        "Return {who} to the audience",
        "{who} is in the audience.",
        "circle-arrow-down",
        "person",
        form="ReasonForm",
        hurts="Takes down every track that is published.",
        undo_words="Bring up gives the right back, but not the tracks: those have to be published again.",
        key="p",
    ),
    Verb(
        "permission",
        "Change permission",
        "Save permission of {who}",
        "Permission of {who} is saved.",
        "shield",
        "person",
        form="PermissionForm",
        hurts="Tracks that are no longer allowed are taken down.",
        undo_words="Save the old values again. Tracks have to be published again.",
    ),
    Verb(
        "name",
        "Rename",
        "Rename {who}",
        "{who} has a new name.",
        "pencil",
        "person",
        form="NameForm",
        hurts="Everybody in the room sees the new name.",
        undo_words="Save the old name again. A person without a name cannot be made nameless again.",
    ),
    Verb(
        "metadata",
        "Edit metadata",
        "Save metadata of {who}",
        "Metadata of {who} is saved.",
        "braces",
        "person",
        form="MetadataForm",
        hurts="Replaces the whole metadata.",
        undo_words="Save the old metadata again. It cannot be made empty.",
    ),
    Verb(
        "attributes",
        "Edit attributes",
        "Save attributes of {who}",
        "Attributes of {who} are saved.",
        "tag",
        "person",
        form="AttributesForm",
        hurts="Only the keys that you change are written.",
        undo_words="Save the old values again.",
    ),
    Verb(
        "send_data",
        "Send data",
        "Send data to {who}",
        "The data for {who} was handed to the room. Whether it arrived, LiveKit does not say.",
        "send",
        "person",
        form="DataForm",
        undo=False,
        undo_words="What was sent cannot be called back.",
    ),
    Verb(
        "move",
        "Move",
        "Move {who}",
        "{who} was moved.",
        "arrow-right-left",
        "person",
        form="DestinationForm",
        hurts="Leaves this room.",
        undo_words="Can be undone by moving back.",
        ability="move",
    ),
    Verb(
        "forward",
        "Forward",
        "Forward {who}",
        "{who} is forwarded.",
        "forward",
        "person",
        form="DestinationForm",
        hurts="Is seen and heard in both rooms.",
        undo_words="Remove the forwarded participant from the other room.",
        ability="forward",
    ),
    Verb(
        "remove",
        "Remove",
        "Remove {who}",
        "{who} was removed.",
        "user-x",
        "person",
        form="ReasonForm",
        hurts="Disconnects at once and ends every track.",
        undo=False,
        undo_words="Cannot be undone. Only the removed person can come back.",
        key="r",
        tone="danger",
        reason=True,
    ),
)

TRACK = (
    Verb(
        "mute",
        "Mute",
        "Mute {what} of {who}",
        "{what} of {who} is muted. The person can unmute it again.",
        "mic-off",
        "track",
        asks=False,
        hurts="The others hear or see nothing of this track.",
        undo_words="The person can unmute. From here only where the server allows it.",
        key="m",
    ),
    Verb(
        "unmute",
        "Unmute",
        "Unmute {what} of {who}",
        "{what} of {who} is unmuted. LiveKit asked the app to do so; a device that was stopped may stay silent.",
        "mic",
        "track",
        asks=False,
        hurts="A microphone or a camera goes on without its owner doing so.",
        undo_words="Mute takes it back.",
        key="m",
        ability="remote_unmute",
    ),
)

ROOM = (
    Verb(
        "create_room",
        "Create room",
        "Create room",
        "Room {who} is open.",
        "plus",
        "project",
        form="RoomForm",
        undo_words="Close the room.",
        key="c",
    ),
    Verb(
        "room_metadata",
        "Edit metadata",
        "Save metadata of the room",
        "Metadata of the room is saved.",
        "braces",
        "room",
        form="MetadataForm",
        hurts="Replaces the whole metadata. Everybody in the room is told.",
        undo_words="Save the old metadata again.",
    ),
    Verb(
        "send_room_data",
        "Send data",
        "Send data",
        "The data was handed to the room. Whether it arrived, LiveKit does not say.",
        "send",
        "room",
        form="RoomDataForm",
        undo=False,
        undo_words="What was sent cannot be called back.",
    ),
    Verb(
        "close_room",
        "Close room",
        "Close room",
        "Room {who} is closed.",
        "door-closed",
        "room",
        form="ReasonForm",
        hurts="Everybody is disconnected.",
        undo=False,
        undo_words="Cannot be undone. Whoever holds a token may open a new room of this name.",
        tone="danger",
        reason=True,
    ),
)

VERBS: dict[str, Verb] = {verb.name: verb for verb in (*PERSON, *TRACK, *ROOM)}

# What else the audit tells of: (words, icon). Such entries have no button of this registry.
RECORDED: dict[str, tuple[str, str]] = {
    "project_create": ("Project created", "folder-plus"),
    "project_connection": ("Connection changed", "plug"),
    "project_settings": ("Settings changed", "settings-2"),
    "project_delete": ("Project deleted", "trash-2"),
    "project_unlock": ("Project unlocked", "lock-open"),
    "project_lock": ("Project locked", "lock"),
    "member_add": ("Member added", "user-plus"),
    "member_role": ("Role changed", "users"),
    "member_remove": ("Member removed", "user-minus"),
    "member_link": ("Password link made", "key"),
    "account_add": ("Account added", "user-plus"),
    "account_active": ("Account switched", "power"),
    "account_superuser": ("Administers all of Greenroom", "shield"),
    "account_link": ("Password link made", "key"),
    "ability_forgotten": ("Server is asked again", "rotate-ccw"),
    "token_made": ("Token made", "ticket"),
}
# Those of RECORDED that belong to no project.
OF_ACCOUNTS = frozenset(name for name in RECORDED if name.startswith("account_"))


def verb_words(name: str) -> str:
    """The words of a verb or of a recorded event for lists and filters; an unknown name is given back as it is."""
    if name in VERBS:
        verb = VERBS[name]
        return f"{verb.label} (room)" if verb.scope == "room" and verb.name != "close_room" else verb.label
    return RECORDED[name][0] if name in RECORDED else name


def verb_icon(name: str) -> str:
    """The icon of a verb or of a recorded event; a plain dot for an unknown one."""
    if name in VERBS:
        return VERBS[name].icon
    return RECORDED[name][1] if name in RECORDED else "dot"


def verbs_of(scope: Scope) -> tuple[Verb, ...]:
    """Every verb of one scope, in the order in which menus show them."""
    return tuple(verb for verb in VERBS.values() if verb.scope == scope)


# In an address the verb stands behind the room, so that it need not say "room" again; create has its own page.
PATHS = {"room_metadata": "metadata", "send_room_data": "send_data", "close_room": "close"}
ROOM_PATHS = {path: name for name, path in PATHS.items()}
