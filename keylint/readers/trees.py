"""Read any text as trees: configuration by its format, programs and prose by their literals."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from keylint.core.lazy_patterns import defer_regex
from keylint.readers.elixir_texts import ELIXIR_ENDINGS, to_braces
from keylint.readers.formats import FORMATS, Format
from keylint.readers.json import stream_json
from keylint.readers.literals import read_literals
from keylint.readers.parsed import ParsedText
from keylint.readers.struct_texts import blank_types
from keylint.readers.tree import BrokenYamlError, Node, PartlyReadError, build_trees

# Blocks of a text: CommonMark, fenced code blocks with an info string.
_FENCED = {
    'yaml': 'yaml',
    'yml': 'yaml',
    'toml': 'toml',
    'ini': 'toml',
    'env': 'toml',
    'dotenv': 'toml',
    'properties': 'toml',
    'cfg': 'toml',
}
_FENCE = defer_regex(
    rb'^[ \t]*(?P<mark>```+|~~~+)[ \t]*(?P<name>'
    + '|'.join(_FENCED).encode()
    + rb')\b[^\n]*\n(?P<text>(?:(?![ \t]*(?P=mark))[^\n]*\n)*)',
    re.MULTILINE | re.IGNORECASE,
)
_MAX_BYTES = 64_000_000
# Programs whose literals have types before their braces.
_TYPED_ENDINGS = ('go', 'rs', 'java', 'kt', 'cs', 'swift', 'scala')


def read_trees(
    text: ParsedText, form: Format, places: Sequence[int] | None = None
) -> Iterator[Node]:
    """Yield the trees of a text one after another.

    With `places`, sorted offsets, yields only literals that contain one of them. Raises
    PartlyReadError after the last tree if some of the text cannot be read as a document.
    """
    data = text.data
    if len(data) > _MAX_BYTES:
        raise PartlyReadError(f'larger than {_MAX_BYTES // 1_000_000} MB: not read as a document')
    if form.tree == 'yaml':
        yield from _read_yaml(text, places)
    elif form.tree == 'sections' and data.lstrip()[:1] != b'{':
        yield from build_trees(text.sections.tree_settings())
    elif form.tree == 'hcl':
        yield from build_trees(stream_json(data, has_root=True))
    elif form.tree == 'braces' or data.lstrip()[:1] in (b'{', b'['):
        yield from build_trees(text.json.tree_settings())
    else:
        yield from _read_prose(data, form, places)


def _read_yaml(text: ParsedText, places: Sequence[int] | None) -> Iterator[Node]:
    """Read a text as YAML, and after a syntax error by its braces: templates are not YAML."""
    try:
        yield from build_trees(text.yaml.tree_settings())
    except BrokenYamlError as broken:
        rest = b' ' * broken.end + text.data[broken.end :]
        yield from _read_literals(rest, FORMATS['yaml'], places)


def _read_prose(data: bytes, form: Format, places: Sequence[int] | None) -> Iterator[Node]:
    """Read the fenced blocks of a text, if its format has them, then the literals around them.

    A program is read for its literals only.
    """
    rest = data
    if form.has_blocks:
        for name, start, end in find_blocks(data):
            yield from _read_block(name, data, start, end)
            rest = rest[:start] + b' ' * (end - start) + rest[end:]
    yield from _read_literals(rest, form, places)


def _read_literals(data: bytes, form: Format, places: Sequence[int] | None) -> Iterator[Node]:
    """Read the literals of a program or a text.

    Only in Python is a bracket surely a bracket; in other texts, nothing counts as too deep.
    """
    unread: PartlyReadError | None = None
    if places is not None and not places:
        return
    if form.ending in ELIXIR_ENDINGS:
        data = to_braces(data)
    elif form.ending in _TYPED_ENDINGS:
        data = blank_types(data)
    for inner in read_literals(data, form.has_blocks, places, is_python=form.language == 'python'):
        try:
            yield from build_trees(inner)
        except PartlyReadError as error:
            unread = error
    if unread is not None and form.language == 'python':
        raise unread


def find_blocks(data: bytes) -> Iterator[tuple[str, int, int]]:
    """Find the format and byte span of every fenced block of settings in a text."""
    for match in _FENCE.finditer(data):
        yield _FENCED[match['name'].decode().lower()], *match.span('text')


def _read_block(kind: str, data: bytes, start: int, end: int) -> Iterator[Node]:
    """Read the trees of a block; their offsets count in the whole text."""
    block = ParsedText(data[start:end])
    settings = block.yaml.tree_settings() if kind == 'yaml' else block.sections.tree_settings()
    try:
        yield from build_trees(
            setting._replace(start=start + setting.start, end=start + setting.end)
            for setting in settings
        )
    except PartlyReadError:
        return
