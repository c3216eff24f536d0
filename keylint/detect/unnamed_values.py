"""Values without a name of their own: arguments of calls, logins, files that hold only a key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from keylint.core.lazy_patterns import defer_regex
from keylint.core.lazy_re import re
from keylint.core.model import Candidate
from keylint.core.names import is_public_name
from keylint.core.terms import PartKind
from keylint.detect.allowlist import is_allowlisted
from keylint.detect.key_calls import takes_ids, takes_keys, takes_secrets
from keylint.matcher.match import Match
from keylint.rules.rule_set import RuleSet
from keylint.validators.checksums import CHECKS
from keylint.validators.randomness import is_random
from keylint.validators.wallets import is_chain_id

_TEXT = (
    rb'(?:Some\(|String::from\(|&)*["\'][^"\'\s]{6,240}["\']'
    rb'(?:\.(?:into|to_string|to_owned)\(\))?\)*'
)
_CALL = defer_regex(
    rb'(?P<callee>[A-Za-z_](?:[\w.]|::(?=\w)){0,60})[({]\s*(?P<args>'
    + _TEXT
    + rb'(?:\s*,\s*'
    + _TEXT
    + rb'){0,3})'
)
_ARGUMENT = defer_regex(rb'["\']([^"\'\s]{6,240})["\']')
_SPOKEN = defer_regex(rb'[A-Za-z][A-Za-z_.\-]{1,40}')
# A match of the call pattern ends within its call, and no call is longer than this.
_CALL_BYTES = 700
_LOGIN = defer_regex(
    rb'(?:(?:https?|wss?)://|-u ["\']?|--user[ =]["\']?)'
    rb'(?P<key>[^\s:/@"\']{6,128}):(?P<secret>[^\s:@"\']{16,200})(?=[@"\'\s]|$)'
)
# Bytes before and behind the end of a match of the login pattern.
_LOGIN_BYTES, _LOGIN_BYTES_AFTER = 340, 200
_KEY_FILE = defer_regex(
    rb'\A([A-Za-z0-9+/_\-]{16,200}={0,2})(?:\r\n?|\n)([A-Za-z0-9+/_\-]{16,200}={0,2})'
    rb'(?:(?:\r\n?|\n)([^\s]{6,100}))?\s*\Z'
)
_MAX_KEY_FILE_BYTES = 1024
# The name of a file that holds digests: `baseline.hashes`, `SHA256SUMS`, `manifest.txt`.
_OF_DIGESTS = defer_regex(
    r'(?i)hash(?:es)?(?![a-z])|sha-?\d|(?<![a-z])md5|sums?(?![a-z])|digest|manifest'
)
_HEX_KEY = defer_regex(rb'[0-9a-fA-F]{64}')
# What arguments and lines are by their order.
# The parts of a login by the groups of its pattern.
_LOGIN_PARTS: tuple[tuple[str, PartKind], ...] = (('key', 'api-key'), ('secret', 'secret'))
_POSITIONS: tuple[PartKind, ...] = ('api-key', 'secret', 'passphrase')
_PRIVATE_KEYS: tuple[PartKind, ...] = ('private-key', 'private-key', 'private-key')


def find_arguments(data: bytes, matches: Sequence[Match], pack: RuleSet) -> Iterator[Candidate]:
    """Yield unnamed string arguments of calls that build clients: `Client("key", "secret")`."""
    for pattern, end in matches:
        call = _find_call(data, end) if pattern.kind == 'call' else None
        if call is None:
            continue
        found = list(_ARGUMENT.finditer(data, call.start('args'), call.end('args')))
        callee = call['callee'].decode()
        is_client = takes_keys(callee, len(found), pack.issuers_in)
        if not is_client and (len(found) < 2 or takes_ids(callee)):
            continue  # one string for any function: an assertion, a log line, an id to be fetched
        is_after_a_key = False
        for position, argument in enumerate(found[:3]):
            value = argument.group(1)
            if b'{' in value or is_allowlisted(value, pack):
                continue
            if position and not is_client and _names_public_value(found[position - 1].group(1)):
                continue
            if not ((is_client and len(found) > 1) or takes_secrets(callee)) and is_chain_id(value):
                continue
            role = None
            if is_client:
                role = _POSITIONS[position] if len(found) > 1 else 'token'
            if role == 'passphrase' and not is_after_a_key:
                continue  # the third text of a call whose first two are no key and no secret
            is_after_a_key = True
            start, stop = argument.span(1)
            yield Candidate(callee, value, start, stop, role=role, is_argument=True)


def _names_public_value(argument: bytes) -> bool:
    """Tell whether an argument names what follows, and as public: `setenv("ORDER_ID", "…")`."""
    return _SPOKEN.fullmatch(argument) is not None and is_public_name(argument.decode())


def _find_call(data: bytes, end: int) -> re.Match[bytes] | None:
    """Find the call in which a match ends."""
    limit = end + _CALL_BYTES
    call = _CALL.search(data, max(0, end - _CALL_BYTES), limit)
    while call is not None and call.end() < end:
        call = _CALL.search(data, call.end(), limit)
    return call


def find_logins(data: bytes, matches: Sequence[Match], pack: RuleSet) -> Iterator[Candidate]:
    """Yield key and secret given as user and password: `https://key:secret@host`, `curl -u …`."""
    for pattern, end in matches:
        if pattern.kind != 'login':
            continue
        login = _LOGIN.search(data, max(0, end - _LOGIN_BYTES), end + _LOGIN_BYTES_AFTER)
        if login is None or not is_random(login['secret']) or is_allowlisted(login['secret'], pack):
            continue
        for group, role in _LOGIN_PARTS:
            start, stop = login.span(group)
            yield Candidate('login', login[group], start, stop, role=role, is_argument=True)


def _is_wallet_key(value: bytes, is_bare: bool) -> bool:
    """Tell whether a line is a wallet's key, which no exchange's key or secret looks like.

    Two lines of 64 digits may be a key and its secret: only `is_bare` takes those without 0x.
    """
    digits = value.removeprefix(b'0x')
    is_hex = _HEX_KEY.fullmatch(digits) is not None and (is_bare or digits != value)
    return is_hex or CHECKS['solana-base58'](value)


def read_key_file(data: bytes, path: str, pack: RuleSet) -> Iterator[Candidate]:
    """Yield the values of a file that holds only a key, a secret and perhaps a passphrase.

    Keys of wallets, one a line, are each a key of its own.
    """
    lines = _KEY_FILE.match(data) if len(data) < _MAX_KEY_FILE_BYTES else None
    if lines is None:
        return
    name = path.replace('\\', '/').rsplit('/', 1)[-1]
    roles = _POSITIONS
    values = [value for value in lines.groups() if value]
    if _OF_DIGESTS.search(name) and all(_HEX_KEY.fullmatch(value) for value in values):
        return
    if all(is_chain_id(value) for value in values):
        return  # a list of mints or wallets, one a line: what a bot looks for
    if all(_is_wallet_key(value, is_bare=len(values) == len(_POSITIONS)) for value in values):
        roles = _PRIVATE_KEYS
    for number, role in enumerate(roles, start=1):
        value = lines.group(number)
        if value and not is_allowlisted(value, pack):
            start, stop = lines.span(number)
            yield Candidate(name, value, start, stop, role=role, is_argument=True)
