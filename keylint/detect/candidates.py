"""List everything in a fragment that could be a part of a credential.

That is: self-identifying tokens, values bound to telling names, and arguments without names.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from keylint.core.deadline import Deadline, make_deadlines
from keylint.core.model import Candidate, Fragment, Setting
from keylint.core.names import find_role, squeeze_name
from keylint.core.terms import PartKind
from keylint.detect.allowlist import (
    is_allowlisted,
    is_allowlisted_url,
    is_hash_context,
    is_public,
    repeats_name,
)
from keylint.detect.tokens import SpanIndex, find_tokens
from keylint.detect.unnamed_values import find_arguments, find_logins, read_key_file
from keylint.matcher.match import Match
from keylint.matcher.prefilter import WORDY, list_windows
from keylint.rules.rule_set import RuleSet
from keylint.syntax.values import ValueReader
from keylint.syntax.words import NAME_KEYS, VALUE_KEYS

# Words of letters with `-` or `_` between them, each in one case: `GENERATE_WITH_openclaw-doctor`.
# Commands of PowerShell: `ConvertTo-SecureString`.
_WORDS = re.compile(
    rb'(?:(?:[A-Z]?[a-z]++|[A-Z]{2,}+)[_\-]++){2,}+(?:[A-Z]?[a-z]+|[A-Z]{2,})'
    rb'|(?:[A-Z][a-z]+){1,2}-(?:[A-Z][a-z]+){1,4}'
)
# Names of classes: `key: Ed25519PublicKey`, `RSAPrivateKey | X25519PrivateKey`.
_CLASS = re.compile(rb'[A-Z][A-Za-z]{0,20}\d{0,5}(?:Private|Public)Key(?:Types|With\w+)?\W*')
# Roles whose values may be words.
_WORDY_ROLES = ('password', 'passphrase', 'mnemonic')
_PERCENT = re.compile(rb'%([0-9A-Fa-f]{2})')
_MIN_VALUE_BYTES = 6
_MIN_PHRASE_BLANKS = 11


def find_candidates(
    fragment: Fragment,
    matches: Sequence[Match],
    path: str,
    pack: RuleSet,
    clock: Deadline | None = None,
    unnamed: list[Candidate] | None = None,
) -> list[Candidate]:
    """List the candidates of a fragment, sorted by offset, at most one for each span.

    `matches` are those of the fragment. With a clock only what is found in time. Values of the text
    that no name makes a part are added to `unnamed`.
    """
    data, clock = fragment.data, clock or make_deadlines().finding
    found: dict[tuple[int, int], Candidate] = {}
    settings = _name_settings(fragment.settings)
    for value in itertools.chain(_read_windows(data, matches, pack), settings):
        if clock.is_over():
            break
        candidate = _judge_value(data, value, pack)
        if candidate is None:
            if unnamed is not None and not value.path:
                unnamed.append(value)
            continue
        # A setting tells more than the text, an alias in YAML no more than its anchor.
        known = found.get(candidate.span)
        if known is None or not known.path or known.path[-1].isdigit():
            clock.keep()
            found[candidate.span] = candidate
    for candidate in itertools.chain(
        find_arguments(data, matches, pack),
        find_logins(data, matches, pack),
        read_key_file(data, path, pack),
    ):
        found.setdefault(candidate.span, candidate)
    index = SpanIndex(found)
    for token in find_tokens(data, matches, pack, settings):
        if clock.is_over():
            break
        clock.keep()
        index.add(token)
    return sorted(found.values(), key=lambda candidate: candidate.span)


def _name_settings(settings: Sequence[Setting]) -> list[Candidate]:
    """Name the settings by their keys; a mere value by what stands beside it: `name`, `label`."""
    names: dict[tuple[str, ...], str] = {}
    for setting in settings:
        if setting.path and squeeze_name(setting.path[-1]) in NAME_KEYS:
            text = setting.value.decode('utf-8', 'replace')
            if setting.path[:-1] not in names and find_role(text) is not None:
                names[setting.path[:-1]] = text
    return [_name_setting(setting, names) for setting in settings]


def _name_setting(setting: Setting, names: Mapping[tuple[str, ...], str]) -> Candidate:
    name = _name_of_path(setting.path)
    if squeeze_name(name) in VALUE_KEYS and setting.path[-1:] == (name,):
        name = names.get(setting.path[:-1], name)
    return Candidate(name, setting.value, setting.start, setting.end, setting.path)


def _name_of_path(path: tuple[str, ...]) -> str:
    """Return the last key of a path that is no index of a list."""
    return next((part for part in reversed(path) if not part.isdigit()), '')


def _read_windows(data: bytes, matches: Iterable[Match], pack: RuleSet) -> Iterator[Candidate]:
    reader = ValueReader(data, pack.read_name)
    for start, end in list_windows(data, matches):
        yield from reader.read(start, end)


def _judge_value(data: bytes, value: Candidate, pack: RuleSet) -> Candidate | None:
    """Return a bound value with its role, or None when it is certainly no secret."""
    if not value.name:
        return None
    own, is_strong = pack.role_of(value.name)
    role = own
    if own is None and value.path:
        role, is_strong = _find_role_by_parent(value.path)
    if role is None:
        return None  # as nearly all are: what follows takes longer
    value = value._replace(value=_unquote(value.value), role=role, is_strong=is_strong)
    if (own not in _WORDY_ROLES and _is_wordy(value.value)) or _has_wrong_form(value):
        return None
    allowlisted = is_public if role == 'mnemonic' else is_allowlisted
    if allowlisted(value.value, pack) or repeats_name(value.name, value.value):
        return None
    if (
        _is_common_word(value, pack)
        or is_hash_context(data, value.start)
        or (role == 'url' and is_allowlisted_url(value.value, pack))
    ):
        return None
    return value


def _unquote(value: bytes) -> bytes:
    """Decode the percent-encoded bytes of a value."""
    if b'%' not in value:
        return value
    return _PERCENT.sub(lambda digits: bytes([int(digits.group(1), 16)]), value)


def _is_wordy(value: bytes) -> bool:
    return WORDY.fullmatch(value) is not None or _WORDS.fullmatch(value) is not None


def _has_wrong_form(candidate: Candidate) -> bool:
    """Tell whether a value cannot be what its name promises: too short, an address, a class."""
    value, role = candidate.value, candidate.role
    if len(value) < _MIN_VALUE_BYTES or (role != 'url' and b'://' in value[:12]):
        return True
    if role == 'mnemonic' and value.count(b' ') < _MIN_PHRASE_BLANKS:
        return True
    return _CLASS.fullmatch(value) is not None


def _is_common_word(candidate: Candidate, pack: RuleSet) -> bool:
    """Tell whether only a rule takes the name for a part, and the value has not that part's shape.

    Such names are common words: `user`, `api-hash`. A name or path that speaks of the issuer counts
    all the same.
    """
    owners = pack.owners_of(candidate.name)
    if not owners or find_role(candidate.name):
        return False
    names = (candidate.name, *candidate.path)
    if {issuer for issuer, _ in owners} & {i for name in names for i in pack.issuers_in(name)}:
        return False
    shapes = (
        entry.shape
        for issuer, role in owners
        for entry in pack.rules[issuer].credentials
        if entry.role == role
    )
    return not any(pack.pattern(shape).fullmatch(candidate.value) for shape in shapes)


def _find_role_by_parent(path: tuple[str, ...]) -> tuple[PartKind | None, bool]:
    """Find the role by the parent's name: `{"apiKey": {"value": "…"}}`."""
    if path[-1].lower() in ('value', 'val', 'default', 'data', 'content', 'text') and len(path) > 1:
        return find_role(_name_of_path(path[:-1])) or (None, False)
    return None, False
