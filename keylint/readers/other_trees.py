"""Read trees outside of documents: from strings, setters, keywords, elements, tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from keylint.readers.element_trees import read_element_trees
from keylint.readers.environment_trees import ENVIRONMENT_ENDINGS, read_environment_trees
from keylint.readers.formats import Format
from keylint.readers.literals import read_literals
from keylint.readers.python_trees import may_hold_keywords, read_python_trees
from keylint.readers.setter_trees import read_setter_trees
from keylint.readers.string_trees import read_string_trees
from keylint.readers.struct_texts import blank_types
from keylint.readers.table_trees import (
    read_csv_trees,
    read_html_trees,
    read_insert_trees,
    read_list_trees,
    read_markdown_trees,
)
from keylint.readers.tree import Node, PartlyReadError, build_trees


def read_table_rows(data: bytes, form: Format) -> Iterator[Node]:
    """Yield the rows of the tables of a text."""
    if form.settings == 'table':
        yield from read_csv_trees(data)
    elif form.has_blocks:
        yield from read_markdown_trees(data)
        yield from read_list_trees(data)
        yield from read_html_trees(data)
    elif form.ending in ('html', 'htm'):
        yield from read_html_trees(data)
    elif form.ending == 'sql':
        yield from read_insert_trees(data)


def read_other_trees(data: bytes, form: Format, places: Sequence[int]) -> Iterator[Node]:
    """Yield the trees of a text that are not documents of its format.

    `places` are sorted offsets: parts without any of them need not be read.
    """
    if form.ending == 'xml':
        yield from read_element_trees(data)
        return
    if form.tree is not None or form.settings == 'table':
        return
    if form.ending in ENVIRONMENT_ENDINGS:
        yield from read_environment_trees(data)
    yield from read_string_trees(data)
    if form.language == 'python' and may_hold_keywords(data, places):
        yield from read_python_trees(data)
    if form.language is not None:
        yield from read_setter_trees(data)
    if form.language == 'other' or form.ending in ('c', 'cs', 'h', 'cpp'):
        yield from _read_structs(data, form)


def _read_structs(data: bytes, form: Format) -> Iterator[Node]:
    """Yield the literals of structs, read as those of mappings without their types."""
    plain = blank_types(data)
    if plain == data:
        return
    for settings in read_literals(plain, form.has_blocks):
        try:
            yield from build_trees(settings)
        except PartlyReadError:
            continue
