"""Make the text that a file will be after the edit of an agent.

An edit that does not fit the file gives None: the agent will refuse it, or means another file.
"""

from __future__ import annotations

from keylint.agents.json_text import parse_json, write_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# The names that agents give to the two sides of a replacement.
_OLD = ('old_string', 'old_str', 'oldString', 'old_text', 'oldText', 'search')
_NEW = ('new_string', 'new_str', 'newString', 'new_text', 'newText', 'replace')
_ALL = ('replace_all', 'replaceAll', 'allow_multiple')
_PATCH_START = '*** '
_SEARCH, _MIDDLE, _REPLACE = ('------- SEARCH', '<<<<<<< SEARCH'), '=======', ('+++++++', '>>>>>>>')


class TextReplacement:
    """A text to be put in the place of another, once or everywhere."""

    __slots__ = ('is_for_all', 'new', 'old')

    def __init__(self, old: str, new: str, is_for_all: bool = False) -> None:
        self.old, self.new, self.is_for_all = old, new, is_for_all


def list_replacements(arguments: dict[str, Any]) -> list[TextReplacement]:
    """List the replacements that a tool is given, in its `edits` or beside the path."""
    rows = arguments.get('edits') or arguments.get('replacements')
    read = (
        _read_replacement(row)
        for row in (rows if isinstance(rows, list) else [arguments])
        if isinstance(row, dict)
    )
    diff = arguments.get('diff')
    return [one for one in read if one is not None] + (
        _read_blocks(diff) if isinstance(diff, str) else []
    )


def _read_replacement(row: dict[str, Any]) -> TextReplacement | None:
    new = next((row[key] for key in _NEW if isinstance(row.get(key), str)), None)
    if new is None:
        return None
    old = next((row[key] for key in _OLD if isinstance(row.get(key), str)), '')
    return TextReplacement(old, new, any(row.get(key) is True for key in _ALL))


def _read_blocks(diff: str) -> list[TextReplacement]:
    """Read blocks of SEARCH and REPLACE, as Cline writes them."""
    found: list[TextReplacement] = []
    sides: tuple[list[str], list[str]] = ([], [])
    side = -1
    for line in diff.splitlines(keepends=True):
        if line.startswith(_SEARCH):
            sides, side = ([], []), 0
        elif side == 0 and line.startswith(_MIDDLE):
            side = 1
        elif side == 1 and line.startswith(_REPLACE):
            found.append(TextReplacement(''.join(sides[0]), ''.join(sides[1])))
            side = -1
        elif side >= 0:
            sides[side].append(line)
    return found


def apply_replacements(before: str, replacements: list[TextReplacement]) -> str | None:
    """Return the text with all replacements made, None where one does not fit.

    The empty text to be replaced is that of a new file.
    """
    text = before
    for one in replacements:
        if not one.old:
            text = one.new if not text else text + one.new
        elif one.old not in text:
            return None
        else:
            text = text.replace(one.old, one.new, -1 if one.is_for_all else 1)
    return text


def reverse_replacements(replacements: list[TextReplacement]) -> list[TextReplacement]:
    """Return what takes the replacements back, the last one first."""
    return [
        TextReplacement(one.new, one.old, one.is_for_all)
        for one in reversed(replacements)
        if one.new != one.old and one.new
    ]


def edit_notebook(before: str, arguments: dict[str, Any]) -> str | None:
    """Return a notebook with a cell replaced, inserted or deleted; None where it is none."""
    try:
        book = parse_json(before)
        cells: list[Any] = book['cells']
        wanted = arguments.get('cell_id')
        ids = [cell.get('id') for cell in cells]
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    at = ids.index(wanted) if wanted in ids else -1
    mode = arguments.get('edit_mode') or 'replace'
    source = str(arguments.get('new_source') or '')
    if mode == 'delete' and at >= 0:
        del cells[at]
    elif mode == 'replace' and at >= 0:
        cells[at]['source'] = source.splitlines(keepends=True)
    else:
        kind = arguments.get('cell_type') or 'code'
        cells.insert(at + 1, {'cell_type': kind, 'source': source.splitlines(keepends=True)})
    return write_json(book)


class PatchedFile:
    """What a patch does with a file: its path, and the hunks as replacements.

    `text` are all lines that it adds.
    """

    __slots__ = ('hunks', 'is_new', 'path', 'source', 'text')

    def __init__(self, path: str, is_new: bool) -> None:
        self.path = self.source = path
        self.is_new = is_new
        self.hunks: list[TextReplacement] = []
        self.text = ''

    def add_line(self, line: str) -> None:
        """Take a line of a hunk in."""
        if line.startswith('@@') or not self.hunks:
            self.hunks.append(TextReplacement('', ''))
            if line.startswith('@@'):
                return
        hunk, sign, rest = self.hunks[-1], line[:1], line[1:]
        if sign != '+' and not self.is_new:
            hunk.old += f'{rest}\n'
        if sign != '-':
            hunk.new += f'{rest}\n'
        if sign == '+':
            self.text += f'{rest}\n'

    def apply(self, before: str) -> str | None:
        """Return the text of the file after the patch, None where a hunk does not fit."""
        hunks = [one for one in self.hunks if one.old or one.new]
        if before and not before.endswith('\n'):
            before += '\n'
        return apply_replacements(before, hunks)


def read_patch(patch: str) -> list[PatchedFile]:
    """Read a patch as Codex writes it: `*** Begin Patch`, files, hunks.

    Files that are deleted are left out.
    """
    found: list[PatchedFile] = []
    is_open = False
    for line in patch.splitlines():
        if not line.startswith(_PATCH_START):
            if is_open and found:
                found[-1].add_line(line)
            continue
        word, _, path = line.removeprefix(_PATCH_START).partition(': ')
        if word in ('Add File', 'Update File'):
            found.append(PatchedFile(path.strip(), word == 'Add File'))
            is_open = True
        elif word == 'Move to' and found:
            found[-1].path = path.strip()
        elif word != 'End of File':
            is_open = False
    return found
