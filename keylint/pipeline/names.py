"""Find values in names of files, folders, branches and tags: all who list them see them.

A name is no text with an assignment, and many are digests. So a value in one is what the run has
found elsewhere, what a token's own shape tells, or a random run beside the word for an issuer or a
secret.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from keylint.core.claims import UNKNOWN_ENVIRONMENT
from keylint.core.config import Config
from keylint.core.lazy_patterns import defer_regex
from keylint.core.model import Finding, FindingPart, SecretPart, SourceRange
from keylint.core.names import find_role
from keylint.core.records import NamedTuple
from keylint.core.report import BlobResult
from keylint.core.value_traces import ValueTrace, blank_traced, trace_value
from keylint.findings.filtering import split_hidden
from keylint.findings.fingerprint import is_guessable, make_digest
from keylint.findings.redaction import preview_value
from keylint.pipeline.scan import OBJECT, read_document, scan
from keylint.rules.builtin import GENERIC_RULES
from keylint.rules.load import Rules
from keylint.validators.plain_words import has_words
from keylint.validators.randomness import is_random

RULE = 'generic-credential'
_START = SourceRange(1, 1, 1, 1)
_PIECE = defer_regex(r'[A-Za-z0-9+=~]+')
_UUID = defer_regex(r'[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}')
_HEX = defer_regex(r'[0-9a-f]+|[0-9A-F]+')
_DIGEST_CHARS = (16, 20, 32, 40, 64, 96, 128)
_MIN_PIECE_CHARS = 16
_MAY_HOLD = defer_regex(r'[A-Za-z0-9+=~]{16}|[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-')
_ZEROS = defer_regex('\x00+')
_HELP = 'https://keylint.readthedocs.io/rules/'
_DO = (
    'Find out whose key it is and revoke it there first: a name is shown in listings, '
    'logs and URLs',
    'Rename it; a repository that was pushed still shows the old name in its history',
)


class NamedValue(NamedTuple):
    """A value in a name: the path or ref, what the name is of (`file`, `folder` …), the value.

    `name` is the path from the top of the tree, which names the finding; `prefix` is that path, or
    the ref, up to the part with the value.
    """

    path: str
    kind: str
    value: str
    prefix: str
    name: str


def find_values_in_paths(
    paths: Mapping[str, str], rules: Rules, config: Config, traces: Collection[ValueTrace]
) -> BlobResult:
    """Return a finding for each value in the name of a file or a folder, once for each folder.

    `paths` maps the paths to report to those from the top of their tree, which are looked at.
    """
    return make_name_findings(list_values_in_paths(paths, rules, traces), config)


def list_values_in_paths(
    paths: Mapping[str, str], rules: Rules, traces: Collection[ValueTrace]
) -> list[NamedValue]:
    """List the values in the names of files and folders, once for each folder."""
    found: dict[tuple[str, str], NamedValue] = {}
    known: dict[str, list[str]] = {}  # of each part: folders hold many files
    for path, name in paths.items():
        parts = name.split('/')
        for number, part in enumerate(parts):
            if part not in known:
                known[part] = list(_list_values(part, rules, traces))
            kind = 'file' if number == len(parts) - 1 else 'folder'
            for value in known[part]:
                prefix = '/'.join(parts[: number + 1])
                found.setdefault((prefix, value), NamedValue(path, kind, value, prefix, name))
    return list(found.values())


def find_values_in_refs(
    refs: Iterable[str], rules: Rules, config: Config, traces: Collection[ValueTrace]
) -> BlobResult:
    """Return a finding for each value in the name of a branch or a tag."""
    found: dict[str, NamedValue] = {}
    for ref in refs:
        for part in ref.split('/'):
            for value in _list_values(part, rules, traces):
                kind = 'tag' if ref.startswith('refs/tags/') else 'branch'
                found.setdefault(value, NamedValue(ref, kind, value, ref, ref))
    return make_name_findings(found.values(), config)


def _list_values(name: str, rules: Rules, traces: Collection[ValueTrace]) -> Iterator[str]:
    """Give the values in one part of a path."""
    rest = name
    if traces:
        blanked = blank_traced(name.encode('utf-8', 'surrogateescape'), traces)
        rest = blanked.decode('utf-8', 'surrogateescape')
        if len(rest) == len(name):
            # Bytes and characters are as many where a value is plain text.
            for zeros in _ZEROS.finditer(rest):
                yield name[zeros.start() : zeros.end()]
    if not _MAY_HOLD.search(rest):
        return
    token = _find_token(rest, rules)
    if token:
        yield token
        return
    runs = [*_UUID.findall(rest), *_PIECE.findall(_UUID.sub(' ', rest))]
    for run in runs:
        if _is_value(run) and _is_named_secret(run, rest, rules):
            yield run


def _is_value(run: str) -> bool:
    if len(run) < _MIN_PIECE_CHARS or has_words(run):
        return False
    return is_random(run.encode())


def _is_named_secret(run: str, name: str, rules: Rules) -> bool:
    """Tell whether what stands around a run speaks of a part of a credential, or of an issuer.

    Digests and UUIDs name orders and exports of an exchange as well: the issuer alone does not do.
    """
    before, _, after = name.partition(run)
    words = [before, after.partition('.')[0]]
    if any(find_role(text) is not None for text in words):
        return True
    is_digest = _UUID.fullmatch(run) or (_HEX.fullmatch(run) and len(run) in _DIGEST_CHARS)
    return not is_digest and any(rules.pack.issuers_in(text) for text in words)


def _find_token(text: str, rules: Rules) -> str:
    """Return a token that its own shape tells; empty if there is none."""
    config = Config(show_secrets=True, severity='low', confidence='high')
    # Not under the name itself, whose words would be evidence.
    document = read_document('name.txt', text.encode('utf-8', 'replace'), rules, OBJECT)
    for finding in scan(document, rules, config, OBJECT).findings:
        for part in finding.parts:
            if part.value and part.value in text:
                return part.value
    return ''


def make_name_findings(found: Iterable[NamedValue], config: Config) -> BlobResult:
    """Make the findings of values in names, and tell what the configuration hides of them."""
    shown, hidden = split_hidden(map(_make_finding, found), config)
    return BlobResult(tuple(shown), hidden=hidden)


def _make_finding(found: NamedValue) -> Finding:
    value = found.value.encode('utf-8', 'surrogateescape')
    hit = SecretPart(RULE, 'secret', value, 0, len(value), 'medium')
    is_placed = is_guessable(hit)
    subject = found.name.encode('utf-8', 'surrogateescape') if is_placed else value
    part = FindingPart('secret', _START, preview_value(hit), None, trace_value(value))
    rule = GENERIC_RULES[RULE]
    return Finding(
        path=found.path,
        place=_START,
        rule=RULE,
        severity=rule.severity.secret,
        confidence='medium',
        issuer=None,
        claims=(UNKNOWN_ENVIRONMENT,),
        title=f"a value in a {found.kind}'s name",
        message=(
            f'The name of a {found.kind} contains a value. Listings, logs and addresses '
            'show names, even if the content is kept secret.'
        ),
        do=_DO,
        parts=(part,),
        fingerprint=make_digest(RULE, b'name\x00' + subject),
        help_url=f'{_HELP}{RULE}/',
        local=make_digest(RULE, b'name') if is_placed else '',
    )
