"""Edit files as text, so that comments and layout stay."""

from __future__ import annotations

from collections.abc import Callable

DOCS = 'https://keylint.readthedocs.io'


class EditRefusedError(Exception):
    """Raised for an edit that cannot be made; the text says why and what to do by hand."""


# What an edit of a file's text (None where there is no file) makes of it, None where it stays, and
# what is to be said about it.
Edit = Callable[[str | None], tuple[str | None, str]]
# The path of a file below the folder that is set up, and its edit.
Plan = tuple[str, Edit]


def read_text(path: str) -> str | None:
    """Read a file, None if there is none. Raises EditRefusedError if it cannot be read."""
    try:
        with open(path, encoding='utf-8', newline='') as file:
            return file.read()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, 'strerror', None) or type(error).__name__
        raise EditRefusedError(f'cannot be read: {why}') from None


def append_block(text: str, block: str, gap: str = '\n') -> str:
    """Append a block to a text, in the text's own line ends."""
    end = '\r\n' if '\r\n' in text else '\n'
    head = text if not text or text.endswith('\n') else text + end
    if text:
        block = gap + block
    return head + block.replace('\n', end)


def insert_block(text: str, place: int, block: str) -> str:
    """Insert a block on lines of its own behind the line of the offset `place`."""
    end = '\r\n' if '\r\n' in text else '\n'
    if place and text[place - 1] != '\n':
        found = text.find('\n', place)
        place = found + 1 if found >= 0 else len(text)
    head = text[:place]
    gap = '' if not head or head.endswith('\n') else end
    return head + gap + block.replace('\n', end) + text[place:]
