"""One text with everything that is read from it: the input of every stage of a scan."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from keylint.core.blob import TreePlace
from keylint.core.records import NamedTuple
from keylint.matcher.match import Match
from keylint.readers.decode import is_table
from keylint.readers.formats import format_of
from keylint.readers.parsed import ParsedText

TYPE_CHECKING = False  # a text is only read after something matched in it
if TYPE_CHECKING:
    from keylint.core.model import Fragment, Setting


class MemberName(NamedTuple):
    """The name of a member of an archive: as a path beside it, and for people."""

    name: str = ''
    container: str | None = None


class Document(ParsedText):
    """A text, or binary data, with what the matcher found in it.

    `path` is the path to report, `place` the file's place in its tree, whose path is the evidence.
    `name` is the path that determines its format and whose words name issuers: that of `place`,
    within an archive that of the `member`, which `container` names to people. `data` is UTF-8 (or
    unchanged Latin-1) if `is_text`. `matches` are those that remain after filtering; `is_flooded`
    says that the matcher stopped at its limit.
    """

    def __init__(  # noqa: PLR0913 - the facts about a text; all but two by keyword
        self,
        path: str,
        data: bytes,
        matches: Sequence[Match] = (),
        *,
        is_text: bool = True,
        place: TreePlace | None = None,
        member: MemberName = MemberName(),  # noqa: B008 - immutable
        is_flooded: bool = False,
    ) -> None:
        super().__init__(data)
        self.path = path
        self.place = place or TreePlace(path)
        self.name = member.name or self.place.path
        self.matches = matches
        self.is_text = is_text
        self.container = member.container
        self.is_flooded = is_flooded
        self.format = format_of(self.name)

    @cached_property
    def is_table(self) -> bool:
        """Tell whether names and values are in different lines: no pattern sees them together."""
        return self.is_text and is_table(self.name, self.data)

    @cached_property
    def settings(self) -> tuple[Setting, ...]:
        """List the keys and values of a structured document, else those of tables."""
        from keylint.readers.document_parts import list_settings  # noqa: PLC0415 - after a match

        return list_settings(self)

    @cached_property
    def fragments(self) -> tuple[Fragment, ...]:
        """List the parts that are read separately: the cells of a notebook, else the whole."""
        from keylint.readers.document_parts import list_fragments  # noqa: PLC0415 - as above

        return list_fragments(self)
