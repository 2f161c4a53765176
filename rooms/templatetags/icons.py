"""Icons: ``{% icon "mic" %}`` in a page, ``{% sprite %}`` once per page.

Lucide's drawings come from the lucide package (ISC; some are Feather's, MIT). Only the symbols named here are printed;
a name that is not here stops the page with an error, so that no button is ever left without its picture.
"""

from functools import cache
from xml.etree import ElementTree

import lucide
from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

# fmt: off
ICONS = frozenset((
    "arrow-down", "arrow-left", "arrow-right-from-line", "arrow-right-left", "arrow-right-to-line", "arrow-up", "bot",
    "braces", "check", "chevron-left", "chevron-right", "chevrons-up-down", "circle-alert", "circle-arrow-down",
    "circle-arrow-up", "circle-dashed", "circle-question-mark", "circle-slash", "circle-user-round", "circle-x",
    "clock", "copy", "database", "disc", "door-closed", "door-open", "dot", "download", "ellipsis", "eye", "eye-off",
    "folder-plus", "forward", "gauge", "git-merge", "hand", "history", "hourglass", "info", "key", "keyboard",
    "layout-list", "link", "list-filter", "lock", "lock-open", "log-in", "log-out", "message-square", "mic", "mic-off",
    "pause", "pencil", "phone", "play", "plug", "plus", "power", "radio", "rotate-ccw", "screen-share",
    "screen-share-off", "scroll-text", "search", "send", "settings-2", "shield", "tag", "ticket", "trash-2",
    "triangle-alert", "undo-2", "user", "user-minus", "user-plus", "user-x", "users", "video", "video-off", "volume-2",
    "volume-off", "waypoints", "webhook", "wifi-off", "x",
))
# fmt: on


class UnknownIconError(ValueError):
    """A template or an entry of a registry names an icon that ICONS does not hold."""


@cache
def drawing(name: str, small: bool) -> SafeString:
    """The reference to one symbol of the sprite, 16 px or (``small``) 14 px; UnknownIconError when ICONS lacks it."""
    if name not in ICONS:
        raise UnknownIconError(f"{name!r} is not among the icons of rooms/templatetags/icons.py")
    return format_html(
        '<svg class="icon{}" aria-hidden="true"><use href="#{}"/></svg>', " small" if small else "", name
    )


@register.simple_tag
def icon(name: str, small: bool = False) -> SafeString:
    """One icon beside a word or in a control that has an ``aria-label``: it is hidden from screen readers."""
    return drawing(str(name), bool(small))


@cache
def symbol(name: str) -> str:
    """Lucide's drawing of ``name`` as an SVG symbol without sizes, classes and strokes: those are the sheet's."""
    drawn = ElementTree.fromstring(lucide._render_icon(name, None))  # noqa: S314  the source is the installed package
    shapes = "".join(ElementTree.tostring(shape, encoding="unicode").strip() for shape in drawn)
    return f'<symbol id="{name}" viewBox="0 0 24 24">{shapes.replace(" />", "/>")}</symbol>'


@cache
def sheet() -> SafeString:
    """Every symbol in one hidden drawing."""
    symbols = "".join(symbol(name) for name in sorted(ICONS))
    notice = "<!-- Icons: Lucide, ISC licence; some of them from Feather, MIT licence -->"
    return mark_safe(  # noqa: S308  nothing of it comes from outside the installed package
        f'{notice}<svg class="sprite" aria-hidden="true" focusable="false">{symbols}</svg>'
    )


@register.simple_tag
def sprite() -> SafeString:
    """All symbols that pages may use, to stand once at the start of the page; made once per process."""
    return sheet()
