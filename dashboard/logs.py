"""The last net under the rule that no token is ever logged."""

from __future__ import annotations

import logging
import re

# A JWT: three base64url parts, the first of which opens with `{"`.
TOKEN = re.compile(r"eyJ[\w-]{5,}\.[\w-]+\.[\w-]*")


class NoTokens(logging.Filter):
    """Replaces JWTs in what is logged. A traceback is cleaned too, as it may quote what a server answered."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Clean ``record`` in place; every record passes."""
        message = record.getMessage()
        if TOKEN.search(message):
            record.msg = TOKEN.sub("[token]", message)
            record.args = None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = TOKEN.sub("[token]", record.exc_text)
        return True
