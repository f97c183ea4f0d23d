"""The shared cache, which may go away: only pace limits and the like live in it."""

import logging
from typing import Any

import redis
from django.core.cache.backends.redis import RedisCache

logger = logging.getLogger(__name__)


class ForgivingRedisCache(RedisCache):
    """Redis, but when it is away nothing is known, nothing is counted and nobody is hindered."""

    def add(self, *args: Any, **kwargs: Any) -> bool:
        """True also when nothing could be written down."""
        try:
            return super().add(*args, **kwargs)
        except redis.RedisError as error:
            return bool(self._away(error, default=True))

    def get(self, key: Any, default: Any = None, version: Any = None) -> Any:
        """The default when nothing can be known."""
        try:
            return super().get(key, default, version)
        except redis.RedisError as error:
            return self._away(error, default=default)

    def set(self, *args: Any, **kwargs: Any) -> None:
        """Written down if that is possible."""
        try:
            super().set(*args, **kwargs)
        except redis.RedisError as error:
            self._away(error)

    def incr(self, *args: Any, **kwargs: Any) -> int:
        """ValueError, as for a key that is gone, when nothing can be counted."""
        try:
            return super().incr(*args, **kwargs)
        except redis.RedisError as error:
            self._away(error)
            raise ValueError("the cache is away") from error

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        """False when it could not be asked."""
        try:
            return super().delete(*args, **kwargs)
        except redis.RedisError as error:
            return bool(self._away(error))

    def _away(self, error: Exception, *, default: Any = None) -> Any:
        logger.warning("Redis is away: %s", error)
        return default
