"""What an earlier run found clean: the same bytes under the same path need not be scanned again."""

from __future__ import annotations


class CleanCache:
    """Know of nothing and keep nothing: enough for few files, and where no cache is wanted.

    `pipeline.stored_clean_cache` has the one that lasts. Both go by keys of 16 bytes.
    """

    def __contains__(self, key: bytes) -> bool:
        return False

    def name(self, path: str, content: bytes) -> bytes:
        """Return the key of a path with a content; empty where nothing is kept.

        The content is all bytes of a file, or the id of a git object.
        """
        return b''

    def add(self, key: bytes) -> None:
        """Note that this run found nothing there, or did not have to look."""

    def save(self) -> None:
        """Keep what this run adds. Silent when the cache folder cannot be written."""
