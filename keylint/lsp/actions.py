"""Offer what can be done about a finding, and make the edits when one is chosen."""

from __future__ import annotations

import os
import re
from difflib import SequenceMatcher

from lsprotocol import types
from pygls import uris
from pygls.workspace import PositionCodec

from keylint.baseline.entries import make_baseline
from keylint.baseline.file import read_baseline, write_baseline
from keylint.baseline.match import match_findings
from keylint.baseline.update import update_entries
from keylint.core.blob import Origin
from keylint.core.model import Finding
from keylint.findings.mark_text import write_marks
from keylint.fix.edits import UnfixableError
from keylint.fix.repair import repair_file
from keylint.fix.store import EnvFiles, FileChange
from keylint.lsp.diagnostics import find_leading_part
from keylint.lsp.documents import CheckedText, check_text
from keylint.lsp.positions import split_text
from keylint.scanner.baseline_scope import build_scope
from keylint.scanner.find_baseline import find_baseline, list_baseline_paths
from keylint.scanner.texts import hold_rules
from keylint.sources.tree_places import place_file

# A line as an editor counts them, with its end.
_LINE = re.compile(r'[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+')
ACCEPT = 'keylint.acceptInBaseline'
MOVE, IGNORE, BASELINE = 'move', 'ignore', 'baseline'


def list_titles(finding: Finding, path: str) -> dict[str, str]:
    """Map what can be done about a finding to the titles that an editor shows."""
    titles = {}
    if finding.parts:
        titles[MOVE] = f'keylint: move the value to the environment ({finding.rule})'
    if next(write_marks(path, [''], 1, finding.rule), None):
        titles[IGNORE] = f'keylint: ignore with a reason ({finding.rule})'
    titles[BASELINE] = f'keylint: accept in the baseline ({finding.rule})'
    return titles


def move_value(checked: CheckedText, wanted: Finding) -> list[FileChange]:
    """List the changes of files that `keylint fix` would make for one finding.

    Raises UnfixableError with the reason why it makes none.
    """
    if checked.scanned is None:
        raise UnfixableError('the text was not scanned')
    config = checked.scanned.config
    given = tuple(
        finding if _is_same(finding, wanted) else finding._replace(state='known')
        for finding in checked.scanned.report.findings
    )
    stores = EnvFiles(os.path.dirname(checked.path))
    origin = Origin(checked.path, place=place_file(checked.path))
    tools = hold_rules(config.rules), config, stores
    outcome = repair_file(origin, checked.data, given, tools)
    if not outcome.done or outcome.before == outcome.after:
        raise UnfixableError(next((why for _, why in outcome.left), 'no repair is known'))
    changes = [FileChange(checked.path, outcome.before, outcome.after)]
    for store in stores.all.values():
        if store.is_used:
            changes += store.list_changes()
    return [change._replace(path=os.path.abspath(change.path)) for change in changes]


def mark_finding(checked: CheckedText, wanted: Finding) -> FileChange:
    """Return the text with a comment that accepts one finding.

    Raises UnfixableError where no comment would.
    """
    text = checked.data.decode()
    leading = find_leading_part(wanted)
    line = (leading.place if leading else wanted.place).line
    lines = split_text(text)
    for number, changed in write_marks(checked.path, lines, line, wanted.rule):
        after = _replace_line(text, number, changed)
        again = check_text(checked.path, after)
        if again.scanned and not any(_is_same(one, wanted) for one in again.findings):
            return FileChange(checked.path, checked.data, after.encode())
    raise UnfixableError('no comment is possible there; use the baseline')


def _replace_line(text: str, number: int, changed: str) -> str:
    """Put a text in the place of a line; the ends of lines stay what they are."""
    ending = '\r\n' if '\r\n' in text else '\n'
    lines = text.split(ending)
    lines[number - 1] = changed.replace('\n', ending)
    return ending.join(lines)


def accept_finding(checked: CheckedText, wanted: Finding) -> str:
    """Add one finding to the baseline, for somebody to review, and return the path of the file.

    Raises KeylintError.
    """
    if checked.scanned is None:
        raise UnfixableError('the text was not scanned')
    report, request, config = checked.scanned
    path = find_baseline(request, config)
    if path and os.path.isfile(path):
        baseline = read_baseline(path)
    else:
        path = path or list_baseline_paths(request, config)[0]
        baseline = make_baseline(path)
    scope = build_scope(request, config, report)
    kept = [finding for finding in report.findings if _is_same(finding, wanted)]
    found = match_findings(baseline, kept, scope, config.day(), False)
    updated, _ = update_entries(baseline, found._replace(stale=(), moved={}), scope)
    write_baseline(updated)
    return path


def _is_same(one: Finding, other: Finding) -> bool:
    return (one.rule, one.fingerprint) == (other.rule, other.fingerprint)


def make_workspace_edit(
    changes: list[FileChange], codec: PositionCodec, may_create: bool
) -> types.WorkspaceEdit:
    """Turn changes of files into an edit; `may_create` says that the editor makes new files."""
    edits: dict[str, list[types.TextEdit]] = {}
    created: list[types.CreateFile] = []
    for change in changes:
        uri = uris.from_fs_path(change.path) or ''
        edits[uri] = _list_edits(change.before.decode(), change.after.decode(), codec)
        if not os.path.exists(change.path):
            created.append(
                types.CreateFile(uri, options=types.CreateFileOptions(ignore_if_exists=True))
            )
    if not may_create:
        return types.WorkspaceEdit(changes=edits)
    texts = [
        types.TextDocumentEdit(types.OptionalVersionedTextDocumentIdentifier(uri, None), [*rows])
        for uri, rows in edits.items()
    ]
    return types.WorkspaceEdit(document_changes=[*created, *texts])


def _list_edits(before: str, after: str, codec: PositionCodec) -> list[types.TextEdit]:
    """List the replacements of lines that make one text of another."""
    old, new = _LINE.findall(before), _LINE.findall(after)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return [
        types.TextEdit(
            types.Range(_start_of(first, old, codec), _start_of(last, old, codec)),
            ''.join(new[start:end]),
        )
        for tag, first, last, start, end in matcher.get_opcodes()
        if tag != 'equal'
    ]


def _start_of(line: int, lines: list[str], codec: PositionCodec) -> types.Position:
    """Return where a line begins; behind the last one the end of the text."""
    if line < len(lines) or not lines or lines[-1].endswith(('\n', '\r')):
        return types.Position(line, 0)
    return types.Position(len(lines) - 1, codec.client_num_units(lines[-1]))
