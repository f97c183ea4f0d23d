"""Room on the disk: a reserve is kept, because a database without room for its log stops altogether."""

import errno
import os
import shutil
import time
from pathlib import Path

from django.conf import settings

LOOKED_AT_MOST_EVERY_SECONDS = 1.0
_looked: dict[Path, tuple[float, bool]] = {}


def has_room(folder: Path) -> bool:
    """Whether more than the reserve (DISK_RESERVE_MB) is free where `folder` lies."""
    moment = time.monotonic()
    looked_at, answer = _looked.get(folder, (0.0, True))
    if moment - looked_at > LOOKED_AT_MOST_EVERY_SECONDS:
        answer = _is_free(folder)
        _looked[folder] = (moment, answer)
    return answer


def _is_free(folder: Path) -> bool:
    for place in (folder, *folder.parents):
        if place.exists():
            return shutil.disk_usage(place).free > settings.DISK_RESERVE_MB * 1024 * 1024
    return True


def has_room_for_work() -> bool:
    """Whether the embedded database may write; a database elsewhere looks after its own disk."""
    return not settings.IS_EMBEDDED or has_room(settings.DATA_DIR)


def require_room_for_work() -> None:
    """Refuses to begin what the embedded database could not keep; OSError says no space."""
    if not has_room_for_work():
        raise no_space()


def require_room(folder: Path) -> None:
    """Refuses to write there what would use up the reserve; OSError says no space."""
    if not has_room(folder):
        raise no_space()


def no_space() -> OSError:
    """What the system says of a full disk."""
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
