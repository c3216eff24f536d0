"""List the texts of an event that are to be judged, each with the path that it goes to.

A file is judged as it will be after the edit where that can be told, else by what the edit adds.
What a tool of another server is given, or an unknown tool, is judged whole.

The quick way uses this: no regular expressions and no named tuples here.
"""

from __future__ import annotations

import os

from keylint.agents.edits import (
    TextReplacement,
    apply_replacements,
    edit_notebook,
    list_replacements,
    read_patch,
    reverse_replacements,
)
from keylint.agents.json_text import write_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from keylint.agents.events import AgentEvent

# The names of tools without `_`, in small letters, by what they do with a path or a shell.
_WRITES = frozenset(
    """write create writefile writetofile createfile savefile edit multiedit replace strreplace
    strreplaceeditor strreplacebasededittool replacestringinfile multireplacestringinfile editfile
    inserteditintofile searchreplace replaceinfile applypatch notebookedit editnotebook
    editnotebookfile""".split()
)
_SHELLS = frozenset(
    """bash shell powershell gitbash runinterminal runshellcommand executecommand runcommand
    localshell""".split()
)
_READS = frozenset('read readfile view'.split())
_PATHS = (
    *('file_path', 'filePath', 'path', 'absolute_path', 'notebook_path', 'target_file', 'filename'),
)
_CONTENTS = ('content', 'contents', 'file_text', 'code', 'code_edit', 'text', 'new_source')
_COMMANDS = ('command', 'command_line', 'commands', 'script')
_PATCH_MARK = '*** Begin Patch'
_MAX_BYTES = 4 << 20
_MENTION_ENDS = '.,;:!?)]}\'"`>'


class JudgedText:
    """A text to be judged.

    `kind` is `prompt`, `command`, `file`, `read`, `arguments` or `result`; `path` that of the file
    (whole, empty for other kinds), `text` what it will be, `before` what it is now. A file that is
    read has no text here: its bytes are read where they are judged.
    """

    __slots__ = ('before', 'kind', 'path', 'text')

    def __init__(self, kind: str, text: str, path: str = '', before: str = '') -> None:
        self.kind, self.text, self.path, self.before = kind, text, path, before


def list_texts(event: AgentEvent) -> list[JudgedText]:
    """List what is to be judged of an event; nothing for one that carries nothing."""
    if event.moment == 'quiet':
        return []
    if event.moment == 'prompt':
        mentioned = (JudgedText('read', '', path) for path in _list_mentions(event))
        return [JudgedText('prompt', event.prompt), *mentioned]
    tool = event.tool.replace('_', '').rpartition('.')[2]
    arguments = event.arguments
    if event.is_mcp or not isinstance(arguments, dict):
        found = _list_patched(event, str(arguments)) if isinstance(arguments, str) else []
    elif tool in _WRITES:
        found = list(_list_files(event, arguments))
    else:
        found = None
    if event.moment == 'after':
        return _list_results(event, bool(found))
    if found:
        return found
    if isinstance(arguments, dict) and not event.is_mcp:
        if tool in _SHELLS:
            return _list_commands(event, arguments)
        if tool in _READS:
            return _list_reads(event, arguments)
    return [*_flatten('arguments', arguments)]


def _list_commands(event: AgentEvent, arguments: dict[str, Any]) -> list[JudgedText]:
    command = next((arguments[key] for key in _COMMANDS if arguments.get(key)), '')
    if isinstance(command, list):
        command = ' '.join(map(str, command))
    text = str(command)
    return _list_patched(event, text) or [JudgedText('command', text)]


def _list_reads(event: AgentEvent, arguments: dict[str, Any]) -> list[JudgedText]:
    """Return the content of a file that is told with the event, else the file to be read."""
    path = _find_path(event, arguments)
    content = arguments.get('content')
    if isinstance(content, str):
        return [JudgedText('read', content, path)]
    return [JudgedText('read', '', path)] if path else []


def _list_mentions(event: AgentEvent) -> Iterator[str]:
    """List the files that a prompt names with `@`: agents take them in without asking a hook."""
    for word in event.prompt.split():
        if word.startswith('@') and len(word) > 1:
            path = join_path(event.cwd, word[1:].rstrip(_MENTION_ENDS))
            if os.path.isfile(path):
                yield path


def _list_results(event: AgentEvent, is_write: bool) -> list[JudgedText]:
    """List what a tool gave, and a file that was edited without asking before."""
    if event.agent in ('cursor', 'windsurf') and event.tool == 'edit':
        arguments = event.arguments
        return _list_written(event, arguments) if isinstance(arguments, dict) else []
    return [] if is_write else [*_flatten('result', event.result)]


def _list_written(event: AgentEvent, arguments: dict[str, Any]) -> list[JudgedText]:
    """Return a file as it is now, and as it was before its edits."""
    path = _find_path(event, arguments)
    text = read_text_file(path) if path else None
    if text is None:
        return []
    before = apply_replacements(text, reverse_replacements(list_replacements(arguments)))
    return [JudgedText('file', text, path, before or '')]


def _list_files(event: AgentEvent, arguments: dict[str, Any]) -> Iterator[JudgedText]:
    """List the files that a tool writes, each as it will be."""
    rows = arguments.get('replacements')
    if isinstance(rows, list) and not _find_path(event, arguments):
        for row in rows:
            if isinstance(row, dict):
                yield from _list_files(event, row)
        return
    patch = next((arguments.get(key) for key in ('input', 'patch', 'command')), None)
    if isinstance(patch, str) and _PATCH_MARK in patch:
        yield from _list_patched(event, patch)
        return
    path = _find_path(event, arguments)
    if not path:
        return
    before = read_text_file(path)
    replacements = list_replacements(arguments)
    content = next((arguments[key] for key in _CONTENTS if key in arguments), None)
    if 'notebook_path' in arguments or 'new_source' in arguments:
        after = edit_notebook(before or '', arguments)
        text = str(content or '') if after is None else after
        yield JudgedText('file', text, path, before or '' if after is not None else '')
    elif replacements:
        yield _replace_in_file(path, before, replacements)
    elif isinstance(content, str):
        yield JudgedText('file', content, path, before or '')
    else:
        yield from _flatten('arguments', arguments)


def _replace_in_file(path: str, before: str | None, edits: list[TextReplacement]) -> JudgedText:
    """Return the file after its replacements, else what they would put there."""
    after = apply_replacements(before or '', edits)
    if after is not None:
        return JudgedText('file', after, path, before or '')
    old, new = (
        '\n'.join(sides) for sides in zip(*((one.old, one.new) for one in edits), strict=True)
    )
    return JudgedText('file', new, path, old)


def _list_patched(event: AgentEvent, patch: str) -> list[JudgedText]:
    """List the files of a patch, each as it will be."""
    if _PATCH_MARK not in patch:
        return []
    found = []
    for file in read_patch(patch):
        path = join_path(event.cwd, file.path)
        before = '' if file.is_new else read_text_file(join_path(event.cwd, file.source))
        after = None if before is None else file.apply(before)
        text = file.text if after is None else after
        found.append(JudgedText('file', text, path, '' if after is None else before or ''))
    return found


def _flatten(kind: str, value: object) -> Iterator[JudgedText]:
    """Yield a value as JSON, whose names say what is what, and each text of several lines."""
    if isinstance(value, str):
        yield JudgedText(kind, value)
    elif value not in (None, {}, []):
        yield JudgedText(kind, write_json(value))
        yield from (JudgedText(kind, text) for text in _list_strings(value) if '\n' in text)


def _list_strings(value: object) -> Iterable[str]:
    """List all texts within a value, not recursively: it may be deep."""
    waiting, found = [value], []
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            found.append(one)
        elif isinstance(one, dict):
            waiting += one.values()
        elif isinstance(one, list | tuple):
            waiting += one
    return found


def _find_path(event: AgentEvent, arguments: dict[str, Any]) -> str:
    path = next((arguments[key] for key in _PATHS if isinstance(arguments.get(key), str)), '')
    return join_path(event.cwd, path.removeprefix('file://')) if path else ''


def join_path(folder: str, path: str) -> str:
    """Return a whole path; a relative one counts from where the agent works."""
    return os.path.abspath(os.path.join(folder or '.', os.path.expanduser(path)))


def read_text_file(path: str) -> str | None:
    """Read a plain text of moderate size; None for anything else."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, 'O_NONBLOCK', 0))
        with open(handle, 'rb') as file:
            status = os.fstat(handle)
            is_plain = status.st_mode & 0o170000 == 0o100000 and status.st_size <= _MAX_BYTES
            return file.read().decode() if is_plain else None
    except (OSError, ValueError):
        return None
