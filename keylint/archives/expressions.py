"""Texts of expressions and constants, as a listing of bytecode shows them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

from keylint.archives.budget import Budget
from keylint.archives.marshalled import CodeObject

# Longer texts become lines of their own and are not joined with others.
MAX_TEXT_CHARS = 1 << 16
# Texts up to this length are too short for a credential.
_MAX_SHORT_CHARS = 3
# Limits for a displayed tuple: its items, and the length of each.
_MAX_ITEMS = 1000
_MAX_ITEM_CHARS = 1000
_OMITTED = '…'
_UNKNOWN = '_'


class ExpressionStack:
    """Hold the texts of expressions while instructions run, and the lines that they end in."""

    def __init__(self, budget: Budget) -> None:
        self.lines: list[str] = []
        self._budget = budget
        self._texts: list[str] = []

    def __len__(self) -> int:
        return len(self._texts)

    def push(self, text: str) -> None:
        """Push a text; one that is too long becomes a line and leaves an ellipsis."""
        if len(text) > MAX_TEXT_CHARS:
            self.add_line(text)
            text = _OMITTED
        self._texts.append(text)

    def push_omitted(self) -> None:
        """Push an ellipsis for a constant that is listed on its own."""
        self._texts.append(_OMITTED)

    def pop(self) -> str:
        """Pop the top text, `_` if the stack is empty."""
        return self._texts.pop() if self._texts else _UNKNOWN

    def take(self, count: int) -> list[str]:
        """Pop several texts in their order, none if together they are too long."""
        start = len(self._texts) - min(count, len(self._texts))
        taken = self._texts[start:]
        del self._texts[start:]
        if sum(map(len, taken)) <= MAX_TEXT_CHARS:
            return taken
        for text in taken:
            self.add_line(text)
        return []

    def add_line(self, text: str) -> None:
        """Add a line; one without a quoted text holds no constant and is dropped."""
        if '"' in text:
            self._budget.write(len(text))
            self.lines.append(text)

    def flush(self) -> None:
        """Turn everything on the stack into lines: the statement has ended."""
        for text in self._texts:
            self.add_line(text)
        self._texts.clear()

    def clear(self) -> None:
        """Drop everything on the stack."""
        self._texts.clear()


def format_constant(value: object) -> str:
    """Format a constant as source code, with texts in double quotes; `None` for dropped ones."""
    if isinstance(value, bytes):
        value = value.decode('utf-8', 'backslashreplace')
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, tuple):
        items = [item for item in value[:_MAX_ITEMS] if _is_short(item)]
        return f'[{", ".join(map(format_constant, items))}]'
    return str(value) if isinstance(value, int) else 'None'


def format_mapping(pairs: Iterable[tuple[str, str]]) -> str:
    """Write a dictionary from the texts of its keys and values."""
    return '{' + ', '.join(f'{key}: {value}' for key, value in pairs) + '}'


def list_texts(values: Sequence[object]) -> Iterator[str | bytes]:
    """Yield the texts in constants, each object once: tuples may refer to the same one again."""
    seen: set[int] = set()
    todo = list(reversed(values))
    while todo:
        value = todo.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        if isinstance(value, str | bytes) and len(value) > _MAX_SHORT_CHARS:
            yield value
        elif isinstance(value, tuple) and not isinstance(value, CodeObject):
            todo += reversed(value)


def _is_short(item: object) -> bool:
    if isinstance(item, str | bytes):
        return len(item) < _MAX_ITEM_CHARS
    return isinstance(item, int)
