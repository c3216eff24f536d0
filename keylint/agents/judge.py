"""Judge the texts of an event as a scan would, and say in one sentence what stands against it."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable

from keylint.agents.texts import JudgedText
from keylint.core.blob import UnreadFile
from keylint.core.errors import KeylintError, describe_crash
from keylint.core.model import Finding
from keylint.core.records import NamedTuple
from keylint.core.report import Failure, Skipped
from keylint.core.terms import SEVERITIES
from keylint.findings.foreign_text import (
    collect_traces,
    mask_values,
    quote_message,
    quote_text,
    redact_report,
)
from keylint.scanner.texts import ScannedText, is_ignored, scan_text
from keylint.sources.files import load_file
from keylint.sources.tree_places import place_file

# What texts without a file are called: the ending says how they are read.
_NAMES = {'prompt': 'prompt.txt', 'command': 'command.sh'}
_SENTENCES = {
    'prompt': 'the prompt contains a secret ({what}); it would go to the provider of the model, '
    'so take it out, and revoke it if it was ever sent',
    'command': 'the command contains a secret ({what}); keep the value in the environment '
    'and let the command name the variable',
    'file': '{path} would contain a secret ({what}); read the value from the environment '
    'and keep it in an .env file that git ignores',
    'read': '{path} contains a secret ({what}); it would go to the provider of the model, '
    'so ask the user for what you need to know of the file',
    'arguments': 'the tool call contains a secret ({what}); it would leave this machine, '
    'so take it out of the arguments',
    'result': 'the result of the tool contains a secret ({what}); do not repeat or store it, '
    'and tell the user to revoke it',
}
# Of a key that is only declared, not the value is wrong but what the key may do.
_DECLARED = (
    '{path} would declare this about a key ({what}); `keylint explain {rule}` says what to do'
)
_MAX_NAMED = 2


class JudgedEvent(NamedTuple):
    """What stands against an event, and what of it could not be judged; both empty: nothing."""

    objection: str = ''
    unjudged: str = ''


def judge_texts(texts: Iterable[JudgedText], folder: str) -> JudgedEvent:
    """Judge texts until one of them holds what must not go there.

    `folder` is where the agent works: what is in no file is judged by its configuration.
    """
    unjudged = ''
    for text in texts:
        try:
            objection, failure = _judge_text(text, folder)
        except KeylintError as error:
            objection, failure = '', f'keylint: this was not checked: {quote_text(str(error))}'
        except Exception as error:  # noqa: BLE001 - its text may quote what the agent was given
            objection = ''
            failure = f'keylint: this was not checked: {describe_crash(error)}'
        if objection:
            return JudgedEvent(objection)
        unjudged = unjudged or failure
    return JudgedEvent('', unjudged)


def _judge_text(text: JudgedText, folder: str) -> tuple[str, str]:
    """Return what stands against a text, and why it could not be judged."""
    if text.kind == 'file' and is_ignored(text.path):
        return '', ''  # where values belong
    scanned = _scan(text, folder)
    if isinstance(scanned, Failure):
        return '', f'keylint: this was not checked: {quote_text(scanned.error)}'
    if scanned is None:
        return '', ''
    found = _list_blocking(scanned)
    if found and text.before:
        found = _subtract(found, _list_blocking(scan_text(text.path, encode(text.before))))
    if found:
        return _form_sentence(text, scanned, found, folder), ''
    for failure in redact_report(scanned.report).failures:
        return '', f'keylint: this was not checked: {quote_text(failure.error)}'
    return '', ''


def _scan(text: JudgedText, folder: str) -> ScannedText | Failure | None:
    """Scan a text; a file that is only named is read. None for what is no file."""
    if text.kind == 'read' and not text.text:
        loaded = load_file(UnreadFile(text.path, text.path, place_file(text.path)))
        if isinstance(loaded, Skipped):
            return None
        return loaded if isinstance(loaded, Failure) else scan_text(text.path, loaded.data)
    path = text.path or os.path.join(os.path.abspath(folder or '.'), name_text(text))
    return scan_text(path, encode(text.text), is_file=bool(text.path))


def name_text(text: JudgedText) -> str:
    """Return the name under which a text without a file is judged."""
    known = _NAMES.get(text.kind, '')
    return known or ('data.json' if text.text.startswith(('{', '[')) else 'data.txt')


def encode(text: str) -> bytes:
    """Return the bytes of a text; halves of pairs, which UTF-8 has not, count as unknown."""
    return text.encode('utf-8', 'replace')


def _list_blocking(scanned: ScannedText) -> list[Finding]:
    """List the findings for which `keylint scan` would end with 1."""
    threshold = SEVERITIES.index(scanned.config.fail_on)
    return [
        finding
        for finding in scanned.report.open
        if SEVERITIES.index(finding.severity) >= threshold
    ]


def _subtract(found: list[Finding], before: list[Finding]) -> list[Finding]:
    """Leave out the findings that the file had before: an edit elsewhere does not add them."""
    known = Counter(map(_key_of, before))
    added = []
    for finding in found:
        if known[_key_of(finding)]:
            known[_key_of(finding)] -= 1
        else:
            added.append(finding)
    return added


def _key_of(finding: Finding) -> tuple[object, ...]:
    return finding.rule, finding.fingerprint, tuple(sorted(part.role for part in finding.parts))


def _form_sentence(
    text: JudgedText, scanned: ScannedText, found: list[Finding], folder: str
) -> str:
    """Say in one sentence what stands against a text, without a word of a value."""
    traces = collect_traces(scanned.report.findings)
    found.sort(key=lambda finding: -SEVERITIES.index(finding.severity))
    named = [_describe_finding(text, one) for one in found[:_MAX_NAMED]]
    if len(found) > _MAX_NAMED:
        named.append(f'and {len(found) - _MAX_NAMED} more')
    what = '; '.join(named)
    path = _shorten_path(text.path, folder) or 'the text'
    sentence = _SENTENCES[text.kind] if found[0].parts else _DECLARED
    shown = {
        'path': quote_text(path, traces),
        'what': mask_values(what, traces),
        'rule': found[0].rule,
    }
    return quote_message(f'keylint: {sentence.format(**shown)}.')


def _describe_finding(text: JudgedText, finding: Finding) -> str:
    line = f', line {finding.place.line}' if text.path else ''
    return f'{finding.title}, {finding.rule}{line}'


def _shorten_path(path: str, folder: str) -> str:
    inside = os.path.relpath(path, os.path.abspath(folder or '.')) if path else ''
    return os.path.basename(path) if inside.startswith('..') else inside
