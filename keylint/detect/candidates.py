"""Everything in a fragment that could be a part of a credential: self-identifying tokens, bound values, arguments."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from keylint.core.deadline import Clock, clocks
from keylint.core.model import Binding, Fragment, PartKind
from keylint.core.names import role_of
from keylint.detect.allowlist import (
    is_hash_context,
    is_public,
    is_silent,
    is_silent_url,
    repeats_name,
)
from keylint.detect.bindings import bindings, name_before
from keylint.detect.mnemonics import phrases
from keylint.matcher.match import Match, PatternKind, select_matches
from keylint.matcher.prefilter import WORDY, list_windows
from keylint.rules.rule_set import Pack
from keylint.rules.types import TokenPattern
from keylint.validators.checksums import CHECKS
from keylint.validators.randomness import UUID, is_random

_TEXT = rb'(?:Some\(|String::from\(|&)*["\'][^"\'\s]{6,240}["\'](?:\.(?:into|to_string|to_owned)\(\))?\)*'
_CALL = re.compile(
    rb'(?P<callee>[A-Za-z_](?:[\w.]|::(?=\w)){0,60})\(\s*(?P<args>'
    + _TEXT
    + rb'(?:\s*,\s*'
    + _TEXT
    + rb'){0,3})'
)
_LOGIN = re.compile(
    rb'(?:(?:https?|wss?)://|-u ["\']?|--user[ =]["\']?)(?P<key>[^\s:/@"\']{6,128}):(?P<secret>[^\s:@"\']{16,200})(?=[@"\'\s]|$)'
)
_LONGEST_CALL = 700
_ARGUMENT = re.compile(rb'["\']([^"\'\s]{6,240})["\']')
_CLIENT = re.compile(
    rb'(?i)(?:client|exchange|session|api|account|auth|trader|trading|signer|wallet|from_?key|http|rest|connect|market|spot|futures)[\w.]*$'
)
_GETTER = re.compile(
    rb'(?i)(?:\w+\.)*_?(?:get|fetch|load|find|read|show|delete|remove|cancel|close|stop|update|resume|rename)_?[a-z]'
)
# Words of letters with `-` or `_` between them, each in one case: `GENERATE_WITH_openclaw-doctor`.
# Commands of PowerShell: `ConvertTo-SecureString`.
_WORDS = re.compile(
    rb'(?:(?:[A-Z]?[a-z]++|[A-Z]{2,}+)[_\-]++){2,}+(?:[A-Z]?[a-z]+|[A-Z]{2,})|(?:[A-Z][a-z]+){1,2}-(?:[A-Z][a-z]+){1,4}'
)
# Names of classes: `key: Ed25519PublicKey`, `RSAPrivateKey | X25519PrivateKey`.
_CLASS = re.compile(rb'[A-Z][A-Za-z]{0,20}\d{0,5}(?:Private|Public)Key(?:Types|With\w+)?\W*')
_WORDY_ROLES = ('password', 'passphrase', 'mnemonic')
_PERCENT = re.compile(rb'%([0-9A-Fa-f]{2})')
_LOGIN_PARTS: tuple[tuple[str, PartKind], ...] = (('key', 'api-key'), ('secret', 'secret'))
_POSITIONS: tuple[PartKind, ...] = ('api-key', 'secret', 'passphrase')
# Kinds of matches whose pattern is a row of the table of tokens.
_TOKENS: tuple[PatternKind, ...] = ('phrase', 'token')
_KEY_FILE = re.compile(
    rb'\A([A-Za-z0-9+/_\-]{16,200}={0,2})(?:\r\n?|\n)([A-Za-z0-9+/_\-]{16,200}={0,2})(?:(?:\r\n?|\n)([^\s]{6,100}))?\s*\Z'
)


class Candidate(NamedTuple):
    """A value with what its surroundings say it is. `token` is the row of the pack that knows it by its shape alone."""

    binding: Binding
    role: PartKind | None
    is_strong: bool
    token: TokenPattern | None = None
    is_argument: bool = False


def find_candidates(
    fragment: Fragment, matches: Sequence[Match], path: str, pack: Pack, clock: Clock | None = None
) -> list[Candidate]:
    """List the candidates of a fragment, sorted by offset, at most one for each span. `matches` are those of the fragment.

    With a clock only those that are found in time.
    """
    data, clock = fragment.data, clock or clocks().finding
    spans: dict[tuple[int, int], Candidate] = {}
    settings = [Binding(_leaf(s.path), s.value, s.start, s.end, s.path) for s in fragment.settings]
    for binding in itertools.chain(_bound(data, matches), settings):
        if clock.is_over():
            break
        candidate = _judged(data, binding, pack)
        known = spans.get((binding.start, binding.end))
        if candidate is not None and (
            known is None or not known.binding.path or known.binding.path[-1].isdigit()
        ):
            clock.keep()
            spans[binding.start, binding.end] = (
                candidate  # a setting tells more than the text, an alias in YAML no more than its anchor
            )
    for candidate in [
        *_arguments(data, matches, pack),
        *_logins(data, matches, pack),
        *_key_file(data, path, pack),
    ]:
        spans.setdefault((candidate.binding.start, candidate.binding.end), candidate)
    places = _Places(spans)
    for candidate in _tokens(data, matches, pack, settings):
        if clock.is_over():
            break
        clock.keep()
        places.put(candidate)
    return sorted(spans.values(), key=lambda c: (c.binding.start, c.binding.end))


def _leaf(path: tuple[str, ...]) -> str:
    if path and not path[-1].isdigit():
        return path[-1]
    return next((part for part in reversed(path) if not part.isdigit()), '')


def _bound(data: bytes, matches: Iterable[Match]) -> Iterator[Binding]:
    for start, end in list_windows(data, matches):
        yield from bindings(data, start, end)


def _judged(data: bytes, binding: Binding, pack: Pack) -> Candidate | None:
    """The candidate that a bound value is, or None when it is certainly nothing."""
    if not binding.name:
        return None
    own, is_strong = pack.role_of(binding.name)
    role, is_strong = (
        _role_by_parent(binding.path) if own is None and binding.path else (own, is_strong)
    )
    if role is None:
        return None  # as nearly all are: what follows takes longer
    if b'%' in binding.value:
        binding = binding._replace(
            value=_PERCENT.sub(lambda m: bytes([int(m.group(1), 16)]), binding.value)
        )
    if len(binding.value) < 6 or (
        own not in _WORDY_ROLES
        and (WORDY.fullmatch(binding.value) or _WORDS.fullmatch(binding.value))
    ):
        return None
    if (role != 'url' and b'://' in binding.value[:12]) or _CLASS.fullmatch(binding.value):
        return None
    if role == 'mnemonic' and binding.value.count(b' ') < 11:
        return None
    if (is_public if role == 'mnemonic' else is_silent)(binding.value, pack) or repeats_name(
        binding.name, binding.value
    ):
        return None
    if (
        _is_common_word(binding, pack)
        or is_hash_context(data, binding.start)
        or (role == 'url' and is_silent_url(binding.value, pack))
    ):
        return None
    return Candidate(binding, role, is_strong)


def _is_common_word(binding: Binding, pack: Pack) -> bool:
    """Whether the name is a word that only a dossier takes for a part (`user`, `api-hash`), and the value has not that part's shape."""
    owners = pack.owners_of(binding.name)
    if not owners or role_of(binding.name):
        return False
    if {issuer for issuer, _ in owners} & {
        issuer for part in (binding.name, *binding.path) for issuer in pack.issuers_in(part)
    }:
        return False
    entries = [
        entry
        for issuer, role in owners
        for entry in pack.rules[issuer].credentials
        if entry.role == role
    ]
    return not any(pack.pattern(entry.shape).fullmatch(binding.value) for entry in entries)


def _role_by_parent(path: tuple[str, ...]) -> tuple[PartKind | None, bool]:
    """`{"apiKey": {"value": "…"}}`: the parent names what the leaf does not."""
    if path[-1].lower() in ('value', 'val', 'default', 'data', 'content', 'text') and len(path) > 1:
        return role_of(_leaf(path[:-1])) or (None, False)
    return None, False


def _arguments(data: bytes, matches: Sequence[Match], pack: Pack) -> Iterator[Candidate]:
    """String arguments without names of calls that build clients: `Client("key", "secret")`."""
    for pattern, end in matches:
        if pattern.kind != 'call':
            continue
        match = _CALL.search(data, max(0, end - _LONGEST_CALL), end + _LONGEST_CALL)
        while match is not None and match.end() < end:
            match = _CALL.search(data, match.end(), end + _LONGEST_CALL)
        if match is None:
            continue
        found = list(_ARGUMENT.finditer(data, match.start('args'), match.end('args')))
        callee = match['callee'].decode()
        is_client = _CLIENT.search(match['callee']) is not None or bool(pack.issuers_in(callee))
        if len(found) < 2 and (
            not is_client or (_GETTER.match(match['callee']) and UUID.fullmatch(found[0].group(1)))
        ):
            continue  # one string given to any function: an assertion, a log line; the id of what is to be fetched
        for position, argument in enumerate(found[:3]):
            binding = Binding(callee, argument.group(1), argument.start(1), argument.end(1))
            if b'{' in binding.value or is_silent(binding.value, pack):
                continue
            role = (_POSITIONS[position] if len(found) > 1 else 'token') if is_client else None
            yield Candidate(binding, role, False, is_argument=True)


def _logins(data: bytes, matches: Sequence[Match], pack: Pack) -> Iterator[Candidate]:
    """Key and secret as user and password: `https://key:secret@host`, `curl -u key:secret`."""
    for pattern, end in matches:
        if pattern.kind != 'login':
            continue
        match = _LOGIN.search(data, max(0, end - 340), end + 200)
        if match is None or not is_random(match['secret']) or is_silent(match['secret'], pack):
            continue
        for part, role in _LOGIN_PARTS:
            binding = Binding('login', match[part], match.start(part), match.end(part))
            yield Candidate(binding, role, False, is_argument=True)


def _key_file(data: bytes, path: str, pack: Pack) -> Iterator[Candidate]:
    """A file of two or three lines that holds nothing but a key, a secret and perhaps a passphrase."""
    match = _KEY_FILE.match(data) if len(data) < 1024 else None
    if match is None:
        return
    name = path.replace('\\', '/').rsplit('/', 1)[-1]
    for position in range(3):
        value = match.group(position + 1)
        if value and not is_silent(value, pack):
            binding = Binding(name, value, match.start(position + 1), match.end(position + 1))
            yield Candidate(binding, _POSITIONS[position], False, is_argument=True)


def _tokens(
    data: bytes, matches: Sequence[Match], pack: Pack, settings: list[Binding]
) -> Iterator[Candidate]:
    """Values whose shape names their issuer, wherever they stand."""
    table = pack.tokens
    ends: dict[int, list[int]] = {}
    for pattern, end in matches:
        if pattern.kind in _TOKENS:
            ends.setdefault(pattern.row, []).append(end)
    by_start = sorted(settings, key=lambda setting: setting.start) if ends else []
    for number in sorted(ends):
        row = table[number]
        for start, stop in _reach(ends[number], len(data), row.width):
            for binding, owner in _matches(data, start, stop, row, pack):
                yield Candidate(_in_document(binding, by_start), owner.role, True, owner)
    for setting in settings:
        yield from _inside(setting, data, pack)


def _in_document(binding: Binding, settings: list[Binding]) -> Binding:
    """The binding with the name and path of the setting, of those in order, whose value holds it."""
    before = bisect_right(settings, binding.start, key=lambda setting: setting.start) - 1
    first = (
        bisect_left(settings, settings[before].start, key=lambda setting: setting.start)
        if before >= 0
        else 0
    )
    for setting in settings[first : before + 1]:
        if binding.end <= setting.end:
            return binding._replace(name=setting.name, path=setting.path)
    return binding


def _inside(setting: Binding, data: bytes, pack: Pack) -> Iterator[Candidate]:
    """Tokens in a decoded setting that the raw text does not show: base64 in Kubernetes, escapes."""
    if len(setting.value) < 16 or data[setting.start : setting.end] == setting.value:
        return
    found = select_matches(pack.matcher.find_matches(setting.value), _TOKENS)
    for number in sorted({match.pattern.row for match in found}):
        row = pack.tokens[number]
        for token, owner in _matches(setting.value, 0, len(setting.value), row, pack):
            yield Candidate(setting._replace(value=token.value), owner.role, True, owner)


def _reach(ends: list[int], size: int, width: int) -> list[tuple[int, int]]:
    """The ranges in which matches of at most `width` bytes that end at `ends` can lie, merged."""
    windows: list[tuple[int, int]] = []
    for end in ends:
        start, stop = max(0, end - width - 2), min(size, end + width + 2)
        if windows and start <= windows[-1][1]:
            windows[-1] = (windows[-1][0], stop)
        else:
            windows.append((start, stop))
    return windows


def _matches(
    data: bytes, start: int, stop: int, row: TokenPattern, pack: Pack
) -> Iterator[tuple[Binding, TokenPattern]]:
    """The values with the rows of the pack that know them: the pattern of phrases is one for all of their kinds."""
    if row.check == 'bip39':
        found = (
            (phrase.start, phrase.end, pack.phrases.get(phrase.check))
            for phrase in phrases(data, start, stop)
        )
    else:
        found = (
            (m.start(row.group), m.end(row.group), row)
            for m in pack.pattern(row.pattern).finditer(data, start, stop)
        )
    for first, last, owner in found:
        value = data[first:last]
        if owner is None or (
            row.group == 0 and row.check != 'bip39' and not _is_bounded(data, first, last)
        ):
            continue
        if (is_public if row.check else is_silent)(value, pack) or (
            row.check not in (None, 'bip39') and not CHECKS[row.check](value)
        ):
            continue
        if row.role == 'url' and is_silent_url(value, pack):
            continue
        name, is_joined = name_before(data, first)
        yield Binding(name if is_joined else '', value, first, last), owner


def _is_bounded(data: bytes, first: int, last: int) -> bool:
    """Whether the match is no part of a longer token. An escape such as `\\n` before it is a boundary."""
    before, after = data[first - 1 : first], data[last : last + 1]
    if (
        before.isalnum()
        and data[first : first + 1].isalnum()
        and data[max(0, first - 2) : first] not in (b'\\n', b'\\t', b'\\r')
    ):
        return False
    return not (after.isalnum() and data[last - 1 : last].isalnum())


class _Places:
    """Puts tokens among the values that are bound already."""

    def __init__(self, spans: dict[tuple[int, int], Candidate]) -> None:
        self._spans = spans
        self._order = sorted(spans)
        self._longest = max((end - start for start, end in spans), default=0)

    def put(self, candidate: Candidate) -> None:
        """The token takes the name and path of the binding that it overlaps, and its place."""
        start, end = candidate.binding.start, candidate.binding.end
        for key in self._touching(start, end):
            other = self._spans[key]
            if other.token is not None:
                if key[1] - key[0] >= end - start:
                    return
            elif other.binding.path or not candidate.binding.name:
                binding = candidate.binding._replace(
                    name=other.binding.name, path=other.binding.path
                )
                candidate = candidate._replace(binding=binding)
            del self._spans[key]
            del self._order[bisect_left(self._order, key)]
        insort(self._order, (start, end))
        self._spans[start, end] = candidate
        self._longest = max(self._longest, end - start)

    def _touching(self, start: int, end: int) -> list[tuple[int, int]]:
        """The spans that have bytes in common with a range."""
        first = bisect_left(self._order, (start - self._longest, 0))
        last = bisect_left(self._order, (end, 0))
        return [key for key in self._order[first:last] if start < key[1]]
