"""The places that bytes come from: files, the index, a repository's history.

Every source yields blobs, counts what it left out, and names what it could not read.
"""

from __future__ import annotations

TYPE_CHECKING = False  # the front of the hook does not import it
if TYPE_CHECKING:
    from keylint.core.config import Config

MAX_FILE_BYTES = 256 * 1024 * 1024


def max_file_bytes(config: Config) -> int:
    """Return how large a file may be, in bytes: the user's limit wins over ours."""
    return dict(config.costs).get('file-size', 0) * 1024 * 1024 or MAX_FILE_BYTES
