"""CPython bytecode as lines of a program: constants follow the names they are stored under.

Only what is cheap to see is joined: assignments, attributes, items, dictionaries, calls with
keywords, defaults of parameters. All other texts get lines of their own. Instructions are known
for Python 2.7 and 3.0 to 3.14; for other versions only the texts are shown.
"""

from __future__ import annotations

from collections.abc import Iterator

from keylint.archives.budget import Budget
from keylint.archives.code_listing import CodeListing
from keylint.archives.marshalled import CodeObject, MarshalReader, find_layout
from keylint.archives.members import Member, Unreadable, describe_damage

_MAX_LABEL_CHARS = 200


def members(name: str, data: bytes, budget: Budget) -> Iterator[Member | Unreadable]:
    """Yield the lines of all functions as one program, labelled with the functions' names."""
    magic = int.from_bytes(data[:2], 'little')
    lines: list[str] = []
    labels: list[str] = []
    try:
        value = MarshalReader(data, find_layout(magic), budget).read_object()
        for label, line in _list_labelled_lines(value, magic, budget):
            lines.append(line.replace('\n', ' '))  # a name may contain anything
            labels.append(label)
    except (ValueError, RecursionError) as error:
        yield Unreadable('', f'the bytecode is broken: {describe_damage(error)}')
    if lines:
        program = '\n'.join(lines).encode('utf-8', 'surrogatepass')
        yield Member('', program, 'py', tuple(labels))


def _list_labelled_lines(value: object, magic: int, budget: Budget) -> Iterator[tuple[str, str]]:
    """Yield label and line for a code object and for those nested in it, each object once."""
    seen: set[int] = set()
    todo = [('', value)]
    while todo:
        outer, value = todo.pop()
        budget.tick()
        if not isinstance(value, CodeObject) or id(value) in seen:
            continue
        seen.add(id(value))
        is_top = not outer or outer == '<module>'
        label = value.name if is_top else f'{outer}.{value.name}'
        for line in CodeListing(value, magic, budget).list_lines():
            yield label[:_MAX_LABEL_CHARS], line
        todo += [
            (label, constant)
            for constant in reversed(value.constants)
            if isinstance(constant, CodeObject)
        ]
