"""One text with everything that is read from it: what every stage of a scan is given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from keylint.matcher.match import NAME_KINDS, Match
from keylint.readers.decode import is_table
from keylint.readers.formats import format_of
from keylint.readers.parsed import ParsedText

TYPE_CHECKING = False  # imported only where something is read
if TYPE_CHECKING:
    from keylint.core.model import Fragment, Setting
    from keylint.readers.tree import Node


class Document(ParsedText):
    """A text, or binary data, with what the matcher found in it.

    `path` is where it is reported, `name` the path that tells its format and whose words name issuers: within an archive that of
    the member, which `container` names to people. `data` is UTF-8 (or unchanged Latin-1) when `is_text`. `matches` are those that
    are left after filtering; `is_flooded` says that the matcher stopped at its limit.
    """

    def __init__(
        self,
        path: str,
        data: bytes,
        matches: Sequence[Match] = (),
        *,
        is_text: bool = True,
        name: str = '',
        container: str | None = None,
        is_flooded: bool = False,
    ) -> None:
        super().__init__(data)
        self.path = path
        self.name = name or path
        self.matches = matches
        self.is_text = is_text
        self.container = container
        self.is_flooded = is_flooded
        self.format = format_of(self.name)

    @cached_property
    def is_table(self) -> bool:
        """True if names and values stand in different lines, so that no pattern sees them together."""
        return self.is_text and is_table(self.name, self.data)

    @cached_property
    def settings(self) -> tuple[Setting, ...]:
        """The keys and values of a structured document; of other texts the rows of tables around what matched."""
        from keylint.matcher.prefilter import list_windows  # noqa: PLC0415 - only where a name was seen
        from keylint.readers.settings import read_settings  # noqa: PLC0415
        from keylint.readers.tables import settings as read_rows  # noqa: PLC0415

        found = read_settings(self, self.format, self.name)
        return found or tuple(read_rows(self.data, list_windows(self.data, self.matches)))

    @cached_property
    def fragments(self) -> tuple[Fragment, ...]:
        """The parts that are read by themselves: the cells of a notebook, else the whole.

        A document is read as settings only where a telling name was seen.
        """
        from keylint.core.model import Fragment  # noqa: PLC0415 - only behind a match

        if self.format.language == 'notebook':
            from keylint.readers.notebook import read_fragments  # noqa: PLC0415 - only for notebooks

            cells = read_fragments(self.data)
            if cells is not None:
                return tuple(cell._replace(container=self.container) for cell in cells)
        has_names = self.is_table or any(m.pattern.kind in NAME_KINDS for m in self.matches)
        settings = self.settings if has_names and self.is_text else ()
        return (Fragment(self.data, container=self.container, settings=settings),)

    def read_trees(self) -> Iterator[Node]:
        """Give the trees of the text. Raises Unread behind the last one when some of it cannot be read as a document."""
        from keylint.readers.trees import read_trees  # noqa: PLC0415 - only where a key may be declared

        return read_trees(self, self.format)
