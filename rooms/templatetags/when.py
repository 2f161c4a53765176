"""Times on a page: exact from the server, ticking in the browser.

The server prints the moment itself, so that a row that was rendered long ago is never wrong; static/js/clock.js makes
"4 min 12 s" of it and keeps it going.
"""

from datetime import UTC, datetime

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

UNKNOWN = mark_safe('<span class="quiet">not known</span>')


def element(moment: datetime | None, tick: str, words: str) -> SafeString:
    """A ``<time>`` in UTC whose text clock.js replaces by the sort ``tick``; "not known" for None."""
    if moment is None:
        return UNKNOWN
    utc = moment.astimezone(UTC)
    return format_html(
        '<time datetime="{}" data-tick="{}" title="{}">{}</time>',
        utc.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        tick,
        f"{utc:%d %b %Y, %H:%M:%S} UTC".lstrip("0"),
        utc.strftime(words),
    )


@register.simple_tag
def since(moment: datetime | None) -> SafeString:
    """How long something lasts: "4 min 12 s"."""
    return element(moment, "since", "%H:%M:%S")


@register.simple_tag
def ago(moment: datetime | None) -> SafeString:
    """How long ago something was: "4 min 12 s ago"."""
    return element(moment, "ago", "%H:%M:%S")


@register.simple_tag
def clock(moment: datetime | None) -> SafeString:
    """The time of day, in the reader's own zone: "12:04:11"."""
    return element(moment, "clock", "%H:%M:%S")


@register.simple_tag
def day(moment: datetime | None) -> SafeString:
    """Day and time, in the reader's own zone: "20 Nov, 12:04:11"."""
    return element(moment, "day", "%d %b, %H:%M:%S")
