"""Read other scanners' baselines: the findings each lists as known, and what keylint can't keep."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from typing import TypedDict, cast

import yaml

from keylint.core.errors import ConfigError
from keylint.core.library_errors import describe_library_error
from keylint.core.records import NamedTuple
from keylint.core.safe_yaml import TooDeepError, load_document

_IGNORE_LINE = re.compile(
    r'(?:(?P<commit>[0-9a-f]{7,64}):)?(?P<path>[^:]+(?::[^:]+)*):(?P<rule>[^:]+):(?P<line>\d+)'
)
_REDACTED = re.compile(r'\.{3}|REDACTED|\*{3}')
_DIGEST = re.compile(r'[0-9a-f]{40}')
# detect-secrets 1.5 reports the prefix as the value of a GitHub token: the kind, not the token.
_SHARED = ('ghp', 'gho', 'ghu', 'ghs', 'ghr')
# detect-secrets filters with which a user excludes findings, and our counterparts.
_FILTERS = {
    'detect_secrets.filters.regex.should_exclude_file': (
        'files that are left out: `exclude` in keylint.toml'
    ),
    'detect_secrets.filters.regex.should_exclude_line': (
        'lines that are left out: a comment `keylint: ignore[rule] reason`'
    ),
    'detect_secrets.filters.regex.should_exclude_secret': (
        'values that are left out: `keylint baseline audit`'
    ),
    'detect_secrets.filters.wordlist.should_exclude_secret': 'a list of words',
}

_LABELS: dict[bool | None, str] = {
    True: ', labelled there as a real secret',
    False: ', labelled there as no secret',
}


class KnownEntry(NamedTuple):
    """A finding that a file lists as known.

    `name` is the file's name for it; the value is given as `value` or `digest` (SHA-1).
    `commit` is empty for the work tree, `line` is 0 if the file gives none.
    """

    name: str
    path: str
    line: int = 0
    commit: str = ''
    digest: str = ''
    value: str = ''
    verdict: str = 'unreviewed'
    reason: str = ''


class Foreign(NamedTuple):
    """What the file of another scanner (`kind`) claims, and what has no counterpart here."""

    kind: str
    claims: tuple[KnownEntry, ...]
    lost: tuple[str, ...] = ()


# The parts of other scanners' files that are read. Nothing validates them: another form raises what
# `parse_foreign` catches.
class _SecretRow(TypedDict, total=False):
    type: str
    hashed_secret: str
    is_secret: bool | None
    line_number: int | None


class _SettingsRow(TypedDict, total=False):
    name: str
    path: str
    pattern: object
    file_name: object


class _SecretsBaseline(TypedDict, total=False):
    results: dict[str, list[_SecretRow]]
    filters_used: list[_SettingsRow]
    plugins_used: list[_SettingsRow]
    exclude: dict[str, str | None] | None


class _GitleaksRow(TypedDict, total=False):
    Secret: str
    File: str
    StartLine: int
    RuleID: str
    Fingerprint: str
    Commit: str


class _KingfisherRow(TypedDict, total=False):
    filepath: str
    path: str
    linenum: int
    line: int
    rule_id: str
    fingerprint: str


class _KingfisherBaseline(TypedDict, total=False):
    ExactFindings: dict[str, list[_KingfisherRow] | None]
    repositories: list[dict[str, list[_KingfisherRow] | None]] | None


def digest_sha1(text: str) -> str:
    """Compute detect-secrets' digest of a value: required by its format, not a protection."""
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


def parse_foreign(name: str, data: bytes) -> Foreign:
    """Read another scanner's file, recognized by its form. Raises ConfigError for any other."""
    text = data.decode('utf-8-sig', 'replace')
    try:
        if text.lstrip()[:1] in ('{', '['):
            return _parse_json(name, text)
        if re.search(r'^(?:ExactFindings|fingerprint_algorithm):', text, re.MULTILINE):
            return _read_kingfisher(name, text)
        return _read_ignore_file(name, text)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise ConfigError(
            f'{name}: not in the form of any baseline that keylint knows: '
            f'{describe_library_error(error)}'
        ) from None


def _parse_json(name: str, text: str) -> Foreign:
    document = json.loads(text)
    if isinstance(document, list):
        return _read_gitleaks(document)
    if 'keylint-baseline' in document:
        raise ConfigError(f"{name}: keylint's own baseline; nothing to import")
    if 'results' in document:
        return _read_detect_secrets(document)
    raise ConfigError(f'{name}: JSON, but neither a .secrets.baseline nor a report of gitleaks')


def _read_detect_secrets(document: _SecretsBaseline) -> Foreign:
    claims = []
    shared = {digest_sha1(text) for text in _SHARED}
    for path, rows in document['results'].items():
        for row in rows:
            if not _DIGEST.fullmatch(str(row['hashed_secret'])):
                raise ValueError(f'hashed_secret of {path} is no SHA-1')
            judged = row.get('is_secret')
            verdict = 'false-positive' if judged is False else 'unreviewed'
            label = _LABELS.get(judged, '')
            name = f'{row["type"]} in {path}:{row.get("line_number", "?")}'
            digest = '' if row['hashed_secret'] in shared else row['hashed_secret']
            claims.append(
                KnownEntry(
                    name,
                    path.replace('\\', '/'),
                    int(row.get('line_number') or 0),
                    digest=digest,
                    verdict=verdict,
                    reason=f'from detect-secrets: {row["type"]}{label}',
                )
            )
    return Foreign('detect-secrets', tuple(claims), tuple(_list_lost_settings(document)))


def _list_lost_settings(document: _SecretsBaseline) -> Iterator[str]:
    """List the user's detect-secrets settings with their counterparts in keylint."""
    for row in document.get('filters_used', []):
        if row.get('path') in _FILTERS:
            yield f'{_FILTERS[row["path"]]}: {row.get("pattern") or row.get("file_name") or ""}'
        elif str(row.get('path', '')).startswith('file://'):
            yield f'a filter of your own: {row["path"]}'
    old = document.get('exclude') or {}
    if old.get('files') or old.get('lines'):
        yield (
            f'`exclude` in keylint.toml for files: {old.get("files")}; '
            f'marks in comments for lines: {old.get("lines")}'
        )
    for row in document.get('plugins_used', []):
        if row.get('path') and row['name'] != 'KeylintDetector':
            yield (
                f'a plugin of your own: {row["name"]} ({row["path"]}); '
                'dossiers of your own do its work'
            )


def _read_ignore_file(name: str, text: str) -> Foreign:
    claims, lost = [], []
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        if not line or line.startswith('#'):
            continue
        found = _IGNORE_LINE.fullmatch(line)
        if found is None:
            lost.append(f'line {number} is not a fingerprint of gitleaks')
        elif '!' in found['path']:
            lost.append(f'line {number}: {line} (inside an archive)')
        else:
            claims.append(
                KnownEntry(
                    line,
                    found['path'],
                    int(found['line']),
                    found['commit'] or '',
                    reason=f'from {_find_file_name(name)}: {found["rule"]}',
                )
            )
    if not claims and lost:
        raise ConfigError(
            f'{name}: not in the form of any baseline that keylint knows: '
            '.secrets.baseline, .gitleaksignore, gitleaks, kingfisher'
        )
    return Foreign('.gitleaksignore', tuple(claims), tuple(lost))


def _find_file_name(name: str) -> str:
    return name.replace('\\', '/').rsplit('/', 1)[-1]


def _read_gitleaks(rows: list[_GitleaksRow]) -> Foreign:
    claims, redacted = [], 0
    for row in rows:
        value = str(row.get('Secret', ''))
        if not value or _REDACTED.search(value):
            redacted, value = redacted + 1, ''
        path, line = str(row['File']), int(row['StartLine'])
        name = row.get('Fingerprint') or f'{path}:{row["RuleID"]}:{line}'
        claims.append(
            KnownEntry(
                str(name),
                path,
                line,
                str(row.get('Commit') or ''),
                value=value,
                reason=f'from a report of gitleaks: {row["RuleID"]}',
            )
        )
    lost = []
    if redacted:
        lost.append(
            f'the values of {redacted} findings, which were redacted; '
            'those are looked for by their lines'
        )
    return Foreign('gitleaks', tuple(claims), tuple(lost))


def _read_kingfisher(name: str, text: str) -> Foreign:
    try:
        document = cast('_KingfisherBaseline', load_document(text))
    except TooDeepError as error:
        raise ConfigError(f'{name}: {error}') from None
    except yaml.YAMLError as error:
        raise ValueError(str(error).split('\n', 1)[0]) from None
    if 'ExactFindings' in document:
        rows = [
            (row['filepath'], row['linenum'], 'kingfisher', row['fingerprint'])
            for row in document['ExactFindings'].get('matches') or []
        ]
    else:
        rows = [
            (row['path'], row['line'], row.get('rule_id', ''), row['fingerprint'])
            for repository in document.get('repositories') or []
            for row in repository.get('findings') or []
        ]
    seen: dict[tuple[object, object, object], KnownEntry] = {}
    # A repository's history repeats what its work tree holds.
    for path, line, rule, fingerprint in rows:
        claim = KnownEntry(
            f'{path}:{line} ({fingerprint})',
            str(path),
            int(line),
            reason=f'from a baseline of kingfisher: {rule}',
        )
        seen.setdefault((path, line, rule), claim)
    lost = []
    if seen:
        lost.append(
            'the fingerprints, which only kingfisher can compute; '
            'findings are looked for by their lines'
        )
    return Foreign('kingfisher', tuple(seen.values()), tuple(lost))
