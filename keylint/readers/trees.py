"""Read any text as trees: configuration by its format, programs and prose by the literals in them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from keylint.readers.formats import FORMATS, Format
from keylint.readers.parsed import ParsedText
from keylint.readers.tree import Node, PartlyReadError, build_trees

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
_FENCE = re.compile(
    rb'^[ \t]*(?P<mark>```+|~~~+)[ \t]*(?P<name>'
    + '|'.join(_FENCED).encode()
    + rb')\b[^\n]*\n(?P<text>(?:(?![ \t]*(?P=mark))[^\n]*\n)*)',
    re.MULTILINE | re.IGNORECASE,
)
_MOST = 64_000_000


def read_trees(text: ParsedText, form: Format) -> Iterator[Node]:
    """Give the trees of a text one after another. Raises Unread behind the last one when some of it cannot be read as a document."""
    data = text.data
    if len(data) > _MOST:
        raise PartlyReadError(f'larger than {_MOST // 1_000_000} MB: not read as a document')
    if form.tree == 'yaml':
        yield from _read_yaml(text)
    elif form.tree == 'sections' and data.lstrip()[:1] != b'{':
        yield from build_trees(text.sections.tree_settings())
    elif form.tree == 'hcl':
        from keylint.readers.json import stream_json  # noqa: PLC0415 - each reader only for its format

        yield from build_trees(stream_json(data, has_root=True))
    elif form.tree == 'braces' or data.lstrip()[:1] in (b'{', b'['):
        yield from build_trees(text.json.tree_settings())
    else:
        rest = data
        for name, start, end in find_blocks(data) if form.has_blocks else ():
            yield from _read_block(name, data, start, end)
            rest = rest[:start] + b' ' * (end - start) + rest[end:]
        yield from _read_literals(rest, form)


def _read_yaml(text: ParsedText) -> Iterator[Node]:
    """Read what stands before a break in the text as YAML, what stands behind it by its braces: templates are no YAML."""
    from keylint.readers.yaml import BrokenYaml  # noqa: PLC0415

    try:
        yield from build_trees(text.yaml.tree_settings())
    except BrokenYaml as broken:
        yield from _read_literals(b' ' * broken.end + text.data[broken.end :], FORMATS['yaml'])


def _read_literals(data: bytes, form: Format) -> Iterator[Node]:
    """Read the literals of a program or a text. Only Python's own brackets are sure to be brackets: elsewhere nothing is ever too deep."""
    from keylint.readers.literals import read_literals  # noqa: PLC0415

    unread: PartlyReadError | None = None
    for inner in read_literals(data, form.has_blocks):
        try:
            yield from build_trees(inner)
        except PartlyReadError as error:
            unread = error
    if unread is not None and form.language == 'python':
        raise unread


def find_blocks(data: bytes) -> Iterator[tuple[str, int, int]]:
    """Find format and byte span of every fenced block of settings in a text."""
    for match in _FENCE.finditer(data):
        yield _FENCED[match['name'].decode().lower()], *match.span('text')


def _read_block(kind: str, data: bytes, start: int, end: int) -> Iterator[Node]:
    """Read the trees of a block, their places in the whole text."""
    from keylint.readers.key_value import stream_sections  # noqa: PLC0415
    from keylint.readers.yaml import stream_yaml  # noqa: PLC0415

    read = stream_yaml if kind == 'yaml' else stream_sections
    try:
        yield from build_trees(
            setting._replace(start=start + setting.start, end=start + setting.end)
            for setting in read(data[start:end])
        )
    except PartlyReadError:
        return
