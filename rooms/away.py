"""What the cache and the channel layer raise while they are away: Redis's own error, where Redis is used at all."""

from __future__ import annotations

AWAY: tuple[type[Exception], ...]
try:
    from redis.exceptions import RedisError
except ImportError:
    # Without the extra ``redis`` both live in this process.
    AWAY = ()
else:
    AWAY = (RedisError,)
