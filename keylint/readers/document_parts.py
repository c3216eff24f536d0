"""The parts of a document that detection receives: its settings and its fragments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from keylint.core.model import Fragment, Setting
from keylint.matcher.match import NAME_KINDS, TABLE_KINDS, Match
from keylint.matcher.prefilter import list_windows
from keylint.readers.notebook import read_fragments
from keylint.readers.settings import read_settings
from keylint.readers.tables import settings as read_rows
from keylint.readers.text_tables import read_tables

TYPE_CHECKING = False  # a document imports this module on first use of its parts
if TYPE_CHECKING:
    from keylint.readers.document import Document


def list_settings(document: Document) -> tuple[Setting, ...]:
    """List the keys and values of a structured document.

    For other texts, list the cells of the tables around the matches.
    """
    found = read_settings(document, document.format, document.name)
    return found or tuple(list_cells(document.data, document.matches))


def list_cells(data: bytes, matches: Sequence[Match]) -> Iterator[Setting]:
    """List the values whose names are elsewhere: in the header of a table, in a list of names."""
    yield from read_rows(data, list_windows(data, matches))
    yield from read_tables(data, [match for match in matches if match.pattern.kind in TABLE_KINDS])


def list_fragments(document: Document) -> tuple[Fragment, ...]:
    """List the parts that are read separately: the cells of a notebook, else the whole.

    The settings of a document are read only if a name matched that may denote a secret.
    """
    if document.format.language == 'notebook':
        cells = read_fragments(document.data)
        if cells is not None:
            return tuple(cell._replace(container=document.container) for cell in cells)
    has_names = document.is_table or any(m.pattern.kind in NAME_KINDS for m in document.matches)
    settings = document.settings if has_names and document.is_text else ()
    return (Fragment(document.data, container=document.container, settings=settings),)
