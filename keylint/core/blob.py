"""Bytes to scan and where they came from.

Annotations are evaluated here: if they were strings, each would be compiled on import.
"""

from keylint.core.records import NamedTuple


class TreePlace(NamedTuple):
    """The place of a file in its tree: the same evidence, however the file was named.

    `path` is relative to the top of the repository; outside of one, to the folder that was given.
    `root` is that folder (for a bare repository the one with its objects), empty if there is none.
    """

    path: str
    root: str = ''


class Origin(NamedTuple):
    """One place where a blob was seen: the path to report, and the place in its tree if known."""

    path: str
    commit: str | None = None
    place: TreePlace | None = None

    @property
    def tree_place(self) -> TreePlace:
        """Return the place in the tree; for a blob outside of any tree, its path as given."""
        return self.place or TreePlace(self.path)


class Blob(NamedTuple):
    """Bytes and the place they came from."""

    data: bytes
    origin: Origin


class UnreadFile(NamedTuple):
    """A file that a worker will open.

    Its fields are the name for the system, the path to report, and the place in its tree.
    """

    name: str
    path: str
    place: TreePlace | None = None
