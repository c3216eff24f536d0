"""Where bytes come from.

Every source yields blobs, counts what it left out, and names what it could not read.
"""

from __future__ import annotations

from keylint.core.config import Config
from keylint.core.limits import LIMIT_OPTIONS

_FILE_SIZE = LIMIT_OPTIONS['file-size']
MAX_FILE_BYTES = _FILE_SIZE.default * _FILE_SIZE.unit


def max_file_bytes(config: Config) -> int:
    """Return how large a file may be, in bytes: the user's limit over ours."""
    return dict(config.costs).get('file-size', 0) * _FILE_SIZE.unit or MAX_FILE_BYTES
