"""Whose credential it is: evidence adds up over the parts of a group."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from keylint.core.model import Binding, Environment, PartKind
from keylint.core.names import words_of
from keylint.detect.candidates import Candidate
from keylint.detect.context import Evidence
from keylint.rules.rule_set import Pack
from keylint.rules.types import PartSpec, Rule
from keylint.validators.checksums import CHECKS

# How strongly each kind of evidence names an issuer. A text mention gives 35 to 70 (evidence.nearness).
_TOKEN = 130
_WALLET_TOKEN = 30
_IN_NAME = 100
_OWN_NAME = 95
_IN_PATH = 90
_SIBLING = 85
_WALLET_NAME = 20
# What a shape that nobody has published loses when only a mention in the text speaks for it.
_GUESS = 15
_SHAPE_BONUS = {'documented': 6, 'seen': 4, 'inferred': 0}

# Words of names whose secret is a web application's own: only a name gives such a value to an issuer, no mention nearby.
_APPLICATION = frozenset(('jwt', 'cookie', 'csrf', 'flask', 'django'))

_BARE_HEX = re.compile(rb'[0-9a-fA-F]+')
_LONG_HEX = 24

# The parts of a dossier that a name may mean: people call an agent's private key a secret.
_MEANT: dict[str, tuple[str, ...]] = {
    'api-key': ('api-key', 'token', 'private-key'),
    'secret': ('secret', 'private-key', 'token', 'api-key'),
    'token': ('token', 'secret', 'api-key', 'url'),
    'password': ('password', 'passphrase', 'secret'),
    'passphrase': ('passphrase', 'password'),
    'private-key': ('private-key', 'secret', 'mnemonic'),
    'mnemonic': ('mnemonic', 'private-key', 'secret'),
    'url': ('url', 'token'),
}


class Match(NamedTuple):
    """A candidate's fit with one issuer: the part it is there, how sure the shape is, the environment it shows."""

    role: PartKind
    confidence: str
    environment: Environment | None
    score: int


class Identity(NamedTuple):
    """The issuer of a group and each member's fit; a member that fits no shape has None."""

    rule: str
    matches: Mapping[Binding, Match | None]
    score: int
    is_named: bool

    def weight(self, members: list[Candidate]) -> tuple[int, int]:
        """How well some members fit: how many have the shape of a part, and the strongest evidence among them."""
        found = [match for member in members if (match := self.matches[member.binding]) is not None]
        return len(found), max((match.score for match in found), default=0)


def identify(
    members: list[Candidate], siblings: frozenset[str], evidence: Evidence, pack: Pack
) -> Identity | None:
    """The best issuer for the members, or None where nothing names one."""
    named = {issuer for member in members for issuer in _named(member, pack)}
    tokens = {
        member.token.rule for member in members if member.token and member.token.kind != 'wallet'
    }
    possible = tokens or named or _mentioned(members, siblings, evidence)
    if named and not tokens:
        possible = named
    wallets = (
        {rule for rule, table in pack.rules.items() if table.kind == 'wallet'}
        if not tokens
        else set()
    )
    best: Identity | None = None
    for rule in sorted(possible | wallets):
        identity = _fit(rule, members, siblings, evidence, pack)
        if identity is not None and (best is None or identity.score > best.score):
            best = identity
    if best is None or best.rule in wallets:
        return best or _unusual(named, members, pack) or _by_shapes(members, pack)
    return best


def _named(member: Candidate, pack: Pack) -> set[str]:
    name = member.binding.name
    issuers = _owner(name, pack) | set(pack.issuers_in(name))
    for part in reversed(member.binding.path):
        if not issuers and not part.isdigit():
            issuers |= set(pack.issuers_in(part))
    return issuers


def _owner(name: str, pack: Pack) -> set[str]:
    """The issuer that alone uses this name."""
    owners = {issuer for issuer, _ in pack.owners_of(name)}
    return owners if len(owners) == 1 else set()


def _mentioned(members: list[Candidate], siblings: frozenset[str], evidence: Evidence) -> set[str]:
    return set(siblings) | set(evidence.mentions) | set(evidence.in_path)


def _fit(
    rule: str, members: list[Candidate], siblings: frozenset[str], evidence: Evidence, pack: Pack
) -> Identity | None:
    matches = {member.binding: _match(rule, member, siblings, evidence, pack) for member in members}
    found = [match for match in matches.values() if match is not None]
    if not any(match.role not in ('passphrase', 'password') for match in found):
        return None
    score = max(match.score for match in found) + 3 * len(found)
    return Identity(rule, matches, score, any(match.score >= _IN_PATH for match in found))


def _match(
    rule: str, member: Candidate, siblings: frozenset[str], evidence: Evidence, pack: Pack
) -> Match | None:
    """The part of the rule's dossier that the member is, by name and shape."""
    table = pack.rules[rule]
    wanted = _MEANT[member.role] if member.role else ('api-key', 'secret', 'token')
    if member.role == 'api-key' and (member.is_strong or 'public' in member.binding.name.lower()):
        wanted = ('api-key', 'token')
    score = _score(rule, table, member, siblings, evidence, pack)
    if not score or (
        member.token is None
        and score < _IN_PATH
        and not _APPLICATION.isdisjoint(words_of(member.binding.name))
    ):
        return None
    if member.role == 'password' and score < _SIBLING:
        wanted = ('password', 'passphrase')  # of a web interface, as a rule
    if member.token and member.token.rule == rule:
        return Match(
            member.token.role,
            'documented',
            member.token.environment,
            score + _SHAPE_BONUS['documented'],
        )
    fits = [
        entry
        for entry in table.credentials
        if entry.role in wanted and _has_shape(entry, member.binding.value, pack)
    ]
    if table.kind == 'wallet' and member.role == 'secret':
        fits = [
            entry for entry in fits if entry.check is not None
        ]  # many things are 64 random bytes in base64
    if member.role is None or member.is_argument:
        fits = [entry for entry in fits if entry.confidence != 'inferred' or score >= _SIBLING]
    if not fits:
        return None
    entry = min(fits, key=lambda e: (wanted.index(e.role), -_SHAPE_BONUS[e.confidence]))
    bonus = _SHAPE_BONUS[entry.confidence] - wanted.index(entry.role)
    if entry.confidence == 'inferred' and score < _SIBLING:
        bonus -= _GUESS
    return Match(entry.role, entry.confidence, entry.environment, score + bonus)


def _has_shape(entry: PartSpec, value: bytes, pack: Pack) -> bool:
    pattern = pack.pattern(entry.shape)
    if pattern.fullmatch(value) is None:
        return False
    middle = len(value) // 2
    if (
        len(value) >= _LONG_HEX
        and entry.role in ('api-key', 'secret')
        and entry.confidence != 'inferred'
        and _BARE_HEX.fullmatch(value)
    ):
        wider = value[:middle] + b'Z' + value[middle + 1 :]
        if pattern.fullmatch(wider) is not None:
            return False  # of so many letters and digits, all would not be hex by chance: it is a hash or another issuer's
    return entry.check is None or CHECKS[entry.check](value)


def _score(
    rule: str,
    table: Rule,
    member: Candidate,
    siblings: frozenset[str],
    evidence: Evidence,
    pack: Pack,
) -> int:
    """The strongest evidence that this member belongs to the rule's issuer; 0 for none."""
    token = (
        (_WALLET_TOKEN if table.kind == 'wallet' else _TOKEN)
        if member.token and member.token.rule == rule
        else 0
    )
    name = member.binding.name
    named = 0
    if rule in pack.issuers_in(name):
        named = _IN_NAME
    elif rule in _owner(name, pack):
        named = _OWN_NAME
    elif any(rule in pack.issuers_in(part) for part in member.binding.path):
        named = _IN_PATH
    elif rule in siblings:
        named = _SIBLING
    elif table.kind == 'wallet' and _is_wallet_name(member):
        named = _WALLET_NAME
    if named or table.kind == 'wallet':
        return max(token, named)
    return max(token, evidence.nearness(rule, member.binding.start, member.binding.end))


def _is_wallet_name(member: Candidate) -> bool:
    if member.role in ('private-key', 'mnemonic'):
        return True
    return member.role == 'secret' and _BARE_HEX.fullmatch(member.binding.value) is None


def _by_shapes(members: list[Candidate], pack: Pack) -> Identity | None:
    """A key and a secret that nothing names, when their two shapes together are those of one issuer only."""
    pair = [member for member in members if member.role in ('api-key', 'secret')]
    if {member.role for member in pair} != {'api-key', 'secret'}:
        return None
    fitting = [
        rule
        for rule, table in pack.rules.items()
        if all(_fits_exactly(member, table, pack) for member in pair)
    ]
    if len(fitting) != 1:
        return None
    matches = {
        member.binding: Match(member.role, 'inferred', None, 0) if member.role else None
        for member in members
    }
    return Identity(fitting[0], matches, 1, False)


def _fits_exactly(member: Candidate, table: Rule, pack: Pack) -> bool:
    entries = [
        entry
        for entry in table.credentials
        if entry.role == member.role and entry.confidence != 'inferred'
    ]
    return any(_has_shape(entry, member.binding.value, pack) for entry in entries)


def _unusual(named: set[str], members: list[Candidate], pack: Pack) -> Identity | None:
    """A group whose name says the issuer while no shape fits: vendors change shapes without a word."""
    rules = [rule for rule in sorted(named) if pack.rules[rule].kind != 'wallet']
    if not rules:
        return None
    matches = {
        member.binding: Match(member.role, 'inferred', None, _IN_NAME) if member.role else None
        for member in members
    }
    return Identity(rules[0], matches, 1, True)
