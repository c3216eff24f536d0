"""What of a report stands in a golden file: short lines in which every value is a digest.

A line is readable where a reviewer needs it (place, rule, severity, parts); a digest of the whole
JSON of a finding stands at its end, so that nothing of it changes unseen.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from hashlib import blake2b
from typing import Any

_KEY = b'the frozen corpus of keylint'
_OF_THE_RUN = frozenset(('seconds', 'unchanged'))
_LONG_RUN = re.compile(r'[A-Za-z0-9+/=_\-]{20,}')
_DURATION = re.compile(r'\b\d+(?:\.\d+)? ?(?:s|ms|seconds)\b')
_GENERATED = re.compile(r'"generated_at": "[^"]*"')
# Shorter values are words that stand anywhere in a report.
_SHORTEST_VALUE = 6

Rename = Callable[[str], str]


def digest(text: str, size: int = 4) -> str:
    """Name a text by a short keyed digest, from which nobody learns it."""
    return blake2b(text.encode('utf-8', 'surrogatepass'), key=_KEY, digest_size=size).hexdigest()


def canonical(value: Any) -> str:
    """Write a value of JSON so that equal ones are equal texts."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


class Scrubber:
    """Replaces in texts the values of a place, long runs, and the folder that a test runs in."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._values: set[str] = set()
        self._ordered: list[str] = []

    @property
    def values(self) -> frozenset[str]:
        """All values that reports have shown."""
        return frozenset(self._values)

    def learn(self, report: Any) -> None:
        """Take in the values that a report of JSON shows."""
        for finding in report.get('findings', []):
            for part in finding['parts']:
                value = part.get('value') or ''
                self._values |= {value, *value.split()}
        shown = (
            text for text in self._values if len(text) >= _SHORTEST_VALUE and not text.isalpha()
        )
        self._ordered = sorted(shown, key=lambda text: (-len(text), text))

    def hide_values(self, text: str) -> str:
        """Replace values, and nothing else: paths and digests stay."""
        for value in self._ordered:
            text = text.replace(value, f'<{digest(value)}>')
        return text

    def __call__(self, text: str) -> str:
        text = _GENERATED.sub(
            '"generated_at": ""', self.hide_values(text.replace(self._root, '<root>'))
        )
        return _DURATION.sub('0s', _LONG_RUN.sub(_hide_run, text))


def _hide_run(run: re.Match[str]) -> str:
    return (
        f'<{digest(run.group())}>' if any(sign.isdigit() for sign in run.group()) else run.group()
    )


def _place(entry: dict[str, Any]) -> str:
    return f'{entry["line"]}:{entry["column"]}-{entry["end_line"]}:{entry["end_column"]}'


def finding_line(finding: dict[str, Any], rename: Rename) -> str:
    """Write a finding in one line."""
    where = rename(finding['path'])
    if finding['container']:
        where += f' in {finding["container"]}'
    if finding['cell'] is not None:
        where += f' cell {canonical(finding["cell"])}'
    if finding['commit']:
        where = f'{digest(canonical(finding["commit"]))} {where}'
    parts = ' '.join(
        f'{part["role"]}@{_place(part)}={digest(part.get("value") or "")}'
        for part in finding['parts']
    )
    said = [
        finding['rule'],
        f'{finding["severity"]}/{finding["confidence"]}',
        finding['issuer'] or '-',
        finding['environment'] or '-',
        finding['state'],
        f'[{parts}]',
        finding['fingerprint'][:8],
        digest(canonical(finding)),
    ]
    return f'{where}:{_place(finding)} {" ".join(said)}'


def place_line(place: dict[str, Any], rename: Rename) -> str:
    """Write one of the places of a finding in one line."""
    where = rename(place['path'])
    if place['container']:
        where += f' in {place["container"]}'
    if place['cell'] is not None:
        where += f' cell {canonical(place["cell"])}'
    said = f'{place["rule"]} {place["severity"]} {place["fingerprint"][:8]}'
    return f'{where}:{_place(place)} {said}'


def scan_lines(report: dict[str, Any], scrub: Scrubber, rename: Rename) -> Iterable[str]:
    """Write a report of a scan, one line a finding, a failure and a warning."""
    summary = {key: value for key, value in report['summary'].items() if key not in _OF_THE_RUN}
    yield f'summary {canonical(summary)}'
    other = {
        key: value for key, value in report.items() if key not in ('keylint', 'findings', 'summary')
    }
    for kind, entries in sorted(other.items()):
        rows = entries if isinstance(entries, list) else [entries]
        yield from (f'{kind} {rename(scrub(canonical(entry)))}' for entry in rows)
    for finding in report['findings']:
        yield scrub.hide_values(finding_line(finding, rename))
        if len(finding['places']) > 1:
            for place in finding['places']:
                yield scrub.hide_values(f'  place {place_line(place, rename)}')


def leak_line(leak: dict[str, Any]) -> str:
    """Write a leak of a report of `publish` in one line."""
    path = (
        digest(leak['path'])
        if leak['path'].startswith(('commit ', 'object ', 'tag '))
        else leak['path']
    )
    verdict, life = leak['verdict'], leak['life'] or {}
    said = [
        f'{path}:{_place(leak)}',
        leak['rule'],
        leak['environment'] or '-',
        verdict['action'],
        f'[{digest(canonical(verdict["reasons"]))}]',
        f'{life.get("commits")} commits',
        ','.join([*life.get('refs', ()), *life.get('others', ())]),
        leak['fingerprint'][:8],
        digest(canonical(leak)),
    ]
    return ' '.join(said)


def json_lines(report: dict[str, Any], scrub: Scrubber) -> Iterable[str]:
    """Write any other report: an entry of a list a line, with a digest of what is too long."""
    for key, value in report.items():
        if key == 'keylint':
            continue
        if key == 'summary':
            value = {name: said for name, said in value.items() if name not in _OF_THE_RUN}
        for entry in value if isinstance(value, list) else [value]:
            if key == 'leaks':
                yield f'leak {scrub.hide_values(leak_line(entry))}'
                continue
            text = scrub(canonical(entry))
            yield f'{key} {text}' if len(text) <= 400 else f'{key} {text[:300]}… {digest(text)}'
