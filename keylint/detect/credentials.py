"""A fragment's credentials: candidates, grouped, identified, filtered."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from keylint.core.deadline import Clocks, clocks
from keylint.core.model import Confidence, Credential, Environment, Fragment, Hit, PartKind, Setting
from keylint.core.names import ROLE_WORDS, squeezed, words_of
from keylint.detect.candidates import Candidate, find_candidates
from keylint.detect.context import Evidence, gather
from keylint.detect.environment import environment_of
from keylint.detect.issuer import Identity, identify
from keylint.matcher.match import Match
from keylint.rules.rule_set import Pack
from keylint.rules.types import Rule
from keylint.validators.checksums import is_short_lived
from keylint.validators.randomness import UUID, is_random

_GAP_LINES = 8
# Kinds whose key is the whole credential.
_KEY_SUFFICES = ('rpc', 'data', 'ai')
_SECRETS = frozenset(('secret', 'private-key', 'mnemonic', 'token', 'url', 'password'))
_NAME_SETTINGS = frozenset(
    (
        'exchange',
        'name',
        'exchangename',
        'exchangeid',
        'broker',
        'provider',
        'platform',
        'venue',
        'market',
        'id',
        'type',
        'connector',
        'gateway',
        'issuer',
        'service',
        'kind',
        'account',
        'ccxtid',
        'driver',
    )
)
_SHORTEST_KEY = 40
_HEX_KEY = re.compile(rb'(?:0x)?[0-9a-fA-F]{64}')
GENERIC = 'generic-credential'
GENERIC_PASSWORD = 'generic-password'  # noqa: S105 - a rule's name


class _Group:
    """Candidates of one account while they are being collected."""

    __slots__ = ('end', 'issuers', 'members', 'parent', 'roles', 'rules', 'stems')

    def __init__(self, parent: tuple[str, ...]) -> None:
        self.members: list[Candidate] = []
        self.roles: set[str] = set()
        self.stems: set[str] = set()
        self.rules: set[str] = set()
        self.issuers: set[str] = set()
        self.parent = parent
        self.end = 0


def find_credentials(
    fragment: Fragment,
    matches: Sequence[Match],
    path: str,
    pack: Pack,
    number: int = 0,
    limits: Clocks | None = None,
) -> list[Credential]:
    """Find the credentials of a fragment, sorted by offset: those that are found in time.

    `matches` are those of the fragment, `number` is its place in the document, `path` what its issuers and format are judged by.
    """
    limits = limits or clocks()
    credentials = _of_plugins(fragment, pack, matches, number)
    found = find_candidates(fragment, matches, path, pack, limits.finding)
    if not found:
        return credentials
    values = [(c.binding.start, c.binding.end) for c in found if c.role != 'url']
    # Behind the last value that is looked at nothing needs evidence.
    evidence = gather(
        fragment.data[: values[-1][1]] if limits.finding.why and values else fragment.data,
        path,
        pack,
        values,
    )
    named = _named_parents(fragment.settings, pack)
    groups = _groups(found, evidence, pack)
    for place, group in enumerate(groups):
        if limits.joining.is_over():
            break
        siblings = _siblings(group.parent, named)
        following = next(iter(groups[place + 1 : place + 2]), None)
        members = group.members
        while members:
            identity = identify(members, siblings, evidence, pack)
            kept, strangers = _parted(members, identity, pack)
            if strangers and _moves(kept, group, following, evidence, pack):
                members = strangers
                continue
            if not strangers:
                kept, strangers = _freed(members, identity, siblings, evidence, pack)
                identity = identify(kept, siblings, evidence, pack) if strangers else identity
            for credential in _credentials(kept, identity, fragment, pack, number):
                limits.joining.keep()
                credentials.append(credential)
            members = [] if _moves(strangers, group, following, evidence, pack) else strangers
    return sorted(credentials, key=lambda c: (c.hits[0].start, c.rule))


def _freed(
    members: list[Candidate],
    identity: Identity | None,
    siblings: frozenset[str],
    evidence: Evidence,
    pack: Pack,
) -> tuple[list[Candidate], list[Candidate]]:
    """The self-identifying tokens of a group and the rest of it, when the rest is not the issuer's: a key pair beside a node's URL."""
    own = [member for member in members if _is_own_token(member, identity)]
    rest = [member for member in members if member not in own]
    if identity is None or not own or not rest:
        return members, []
    alone = identify(rest, siblings, evidence, pack)
    if alone is not None and pack.rules[alone.rule].kind == 'wallet':
        return members, []
    if alone is not None and alone.rule != identity.rule:
        return (own, rest) if alone.weight(rest) > identity.weight(rest) else (members, [])
    is_theirs = any(
        identity.matches[member.binding] or identity.rule in pack.issuers_in(member.binding.name)
        for member in rest
    )
    return (own, rest) if own[0].role == 'url' and not is_theirs else (members, [])


def _is_own_token(member: Candidate, identity: Identity | None) -> bool:
    return identity is not None and member.token is not None and member.token.rule == identity.rule


def _moves(
    part: list[Candidate], group: _Group, following: _Group | None, evidence: Evidence, pack: Pack
) -> bool:
    """Whether a part of a group went to the next one, which has what it lacks: the key of a pair that a stranger broke in two."""
    if (
        not part
        or following is None
        or group.parent != following.parent
        or following.roles & {_slot(member) for member in part}
    ):
        return False
    gap = evidence.gap(part[-1].binding.end, following.members[0].binding.start)
    if (gap > _GAP_LINES and not group.parent) or not all(
        _same_rule(following, member, pack) for member in part
    ):
        return False
    following.members[:0] = part
    following.roles |= {_slot(member) for member in part}
    return True


def _parted(
    members: list[Candidate], identity: Identity | None, pack: Pack
) -> tuple[list[Candidate], list[Candidate]]:
    """The members that belong to the issuer, and those of a part that it does not have: a wallet key beside an RPC key."""
    if identity is None:
        return members, []
    strangers = [
        member
        for member in members
        if identity.matches[member.binding] is None and _is_stranger(member, identity, pack)
    ]
    return (
        (members, strangers)
        if len(strangers) == len(members)
        else ([m for m in members if m not in strangers], strangers)
    )


def _is_stranger(member: Candidate, identity: Identity, pack: Pack) -> bool:
    rule = pack.rules[identity.rule]
    if rule.kind == 'wallet' and member.role == 'password':
        return (
            member.role not in rule.roles
        )  # a phrase has a passphrase; the password beside it is a database's
    is_key = member.token is not None or member.role in ('private-key', 'mnemonic')
    return is_key and (member.role not in rule.roles or _is_of_a_wallet(member, identity, pack))


def _is_of_a_wallet(member: Candidate, identity: Identity, pack: Pack) -> bool:
    """Whether the member is a wallet's key by its shape, and no name gives it to the issuer."""
    return _HEX_KEY.fullmatch(
        member.binding.value
    ) is not None and identity.rule not in pack.issuers_in(member.binding.name)


def _of_plugins(
    fragment: Fragment, pack: Pack, matches: Sequence[Match], number: int
) -> list[Credential]:
    if not any(match.pattern.kind == 'plugin' for match in matches):
        return []
    from keylint.detect.plugins import plugin_hits  # noqa: PLC0415 - only when one of their patterns woke

    return [
        Credential(hit.rule, (hit,), 'unknown', number)
        for hit in plugin_hits(fragment.data, matches, pack)
    ]


def _groups(found: Iterable[Candidate], evidence: Evidence, pack: Pack) -> list[_Group]:
    """Candidates that belong to one account: the same parent or nearby lines, the same stem of the name, each part once."""
    groups: list[_Group] = []
    for candidate in found:
        stem = _stem(candidate)
        role = _slot(candidate)
        home = next(
            (g for g in reversed(groups[-12:]) if _fits(g, candidate, evidence, stem, role, pack)),
            None,
        )
        if home is None:
            home = _Group(candidate.binding.path[:-1])
            groups.append(home)
        home.members.append(candidate)
        home.roles.add(role)
        home.stems |= {stem} - {''}
        home.issuers |= set(pack.issuers_in(candidate.binding.name))
        home.rules |= {candidate.token.rule} if candidate.token else set()
        home.end = candidate.binding.end
    return groups


def _slot(candidate: Candidate) -> str:
    """The place that a candidate takes in a group: a private key is a secret, a password a passphrase."""
    role = candidate.token.role if candidate.token else candidate.role
    return {'private-key': 'secret', 'password': 'passphrase', None: 'secret'}.get(
        role, role
    ) or 'secret'


def _stem(candidate: Candidate) -> str:
    if candidate.is_argument:
        return ''
    words = words_of(candidate.binding.name.rsplit('.', 1)[-1])
    return ''.join(word for word in words if word not in ROLE_WORDS)


def _fits(
    group: _Group, candidate: Candidate, evidence: Evidence, stem: str, role: str, pack: Pack
) -> bool:
    if role in group.roles or candidate.binding.path[:-1] != group.parent:
        return False
    if not group.parent and evidence.gap(group.end, candidate.binding.start) > _GAP_LINES:
        return False
    if (
        stem
        and group.stems
        and stem not in group.stems
        and not group.issuers & set(pack.issuers_in(candidate.binding.name))
    ):
        return False
    return _same_rule(group, candidate, pack)


def _same_rule(group: _Group, candidate: Candidate, pack: Pack) -> bool:
    """Whether a token may join: tokens of one-part rules (a webhook) stand alone, others only with their own issuer."""
    for rule in group.rules | ({candidate.token.rule} if candidate.token else set()):
        if pack.rules[rule].kind != 'wallet' and len(pack.rules[rule].roles) < 2:
            return False
    mine = candidate.token.rule if candidate.token and candidate.token.kind != 'wallet' else None
    theirs = {rule for rule in group.rules if pack.rules[rule].kind != 'wallet'}
    return mine is None or not theirs or mine in theirs


def _named_parents(
    settings: tuple[Setting, ...], pack: Pack
) -> dict[tuple[str, ...], frozenset[str]]:
    """For each mapping that names an issuer in one of its settings (`exchange: kraken`): its path and the issuers."""
    found: dict[tuple[str, ...], frozenset[str]] = {}
    for setting in settings:
        if (
            setting.path
            and len(setting.value) < 60
            and squeezed(setting.path[-1]) in _NAME_SETTINGS
        ):
            issuers = pack.issuers_in(setting.value.decode('utf-8', 'replace'))
            if issuers:
                parent = setting.path[:-1]
                found[parent] = found.get(parent, frozenset()) | frozenset(issuers)
    return found


def _siblings(
    parent: tuple[str, ...], named: dict[tuple[str, ...], frozenset[str]]
) -> frozenset[str]:
    """The issuers named beside the credential or beside its nearest ancestor that names one."""
    return next(
        (named[parent[:depth]] for depth in range(len(parent), -1, -1) if parent[:depth] in named),
        frozenset(),
    )


def _credentials(
    members: list[Candidate], identity: Identity | None, fragment: Fragment, pack: Pack, number: int
) -> list[Credential]:
    hits = _identified(members, identity, pack) if identity else []
    if not hits:
        hits = _generic(members)
        identity = None
    if not hits:
        return []
    rule = pack.rules.get(hits[0].rule)
    names = tuple(name for hit in hits for name in (hit.name, *hit.group))
    start, end = min(hit.start for hit in hits), max(hit.end for hit in hits)
    shown = next((hit.environment for hit in hits if hit.environment), None)
    environment = shown or environment_of(fragment.data, start, end, names, rule)
    return [Credential(hits[0].rule, tuple(hits), environment, number)]


def _identified(members: list[Candidate], identity: Identity, pack: Pack) -> list[Hit]:
    """The members as parts of the issuer's credential. Empty when only doubtful parts are left."""
    hits = []
    confidence: Confidence
    for member in members:
        match = identity.matches[member.binding]
        if match is not None and match.confidence != 'inferred':
            confidence, role = 'high', match.role
        elif match is not None or (
            member.role is not None and 'public' not in words_of(member.binding.name)
        ):
            known = match.role if match is not None else member.role
            if known is None or not _is_plausible(member, identity.is_named):
                continue
            confidence, role = 'medium', known
        else:
            continue
        hits.append(
            _hit(
                identity.rule,
                role,
                member,
                confidence,
                match.environment if match else None,
                identity.score,
            )
        )
    return (
        hits
        if any(hit.role not in ('passphrase', 'password') for hit in hits)
        or pack.rules[identity.rule].roles == ('password',)
        else []
    )


def _is_plausible(member: Candidate, is_named: bool) -> bool:
    """Whether a value without the right shape may still be a part: it looks machine-made, or is the short third part."""
    value = member.binding.value
    if member.role in ('passphrase', 'password'):
        return len(value) >= 4
    return len(value) >= 8 and (
        is_random(value)
        if len(value) >= 12
        else is_named and any(c in b'0123456789' for c in value)
    )


def _generic(members: list[Candidate]) -> list[Hit]:
    """Parts of a credential that nothing names: random values under names that promise secrets."""
    hits = [
        _hit(GENERIC, m.role, m, _generic_confidence(m), None, 0)
        for m in members
        if m.role and _is_secret(m)
    ]
    if any(hit.role in _SECRETS for hit in hits):
        hits += [
            _hit(GENERIC, m.role, m, 'medium', None, 0)
            for m in members
            if m.role is not None
            and m.role in ('passphrase', 'password')
            and not _is_secret(m)
            and len(m.binding.value) >= 6
        ]
        is_pair = any(hit.role == 'api-key' for hit in hits)
        if not is_pair and all(hit.role in ('password', 'passphrase') for hit in hits):
            return [_as_password(hit) for hit in hits]
        return sorted(hits, key=lambda hit: hit.start)
    return [
        hit
        for hit in hits
        if hit.role == 'api-key' and 'key' in words_of(hit.name) and not UUID.fullmatch(hit.value)
    ]


def _as_password(hit: Hit) -> Hit:
    return Hit(
        GENERIC_PASSWORD, hit.role, hit.value, hit.start, hit.end, 'medium', hit.name, hit.group
    )


def _is_secret(member: Candidate) -> bool:
    value = member.binding.value
    if (member.is_argument and member.role is None) or member.role == 'mnemonic':
        return False
    if (
        member.role == 'token'
        and UUID.fullmatch(value)
        and not {'api', 'access', 'auth'} & set(words_of(member.binding.name))
    ):
        return False
    if (
        member.role == 'private-key'
        and len(value) < _SHORTEST_KEY
        and words_of(member.binding.name)[-1:] in (('pk',), ('sk',))
    ):
        return False  # in databases a primary key
    if value.startswith(b'/') and value.count(b'/') > 1 and len(value) < 40:
        return False  # a path
    shortest = 10 if member.role in ('password', 'passphrase') else 16
    return len(value) >= shortest and is_random(value)


def _generic_confidence(member: Candidate) -> Confidence:
    token = member.binding.value.lstrip(
        b'_'
    )  # pages made from Markdown turn quotes into underscores
    if token.startswith(b'eyJ') and is_short_lived(token):
        return 'low'
    if (
        member.is_strong
        or member.role == 'secret'
        or (member.is_argument and len(member.binding.value) >= 24)
    ):
        return 'medium'
    return (
        'medium'
        if member.role in ('token', 'private-key') and len(member.binding.value) >= 24
        else 'low'
    )


def _hit(
    rule: str,
    role: PartKind,
    member: Candidate,
    confidence: Confidence,
    environment: Environment | None,
    evidence: int,
) -> Hit:
    b = member.binding
    return Hit(
        rule, role, b.value, b.start, b.end, confidence, b.name, b.path, environment, evidence
    )


def is_complete(roles: set[str], rule: Rule | None) -> bool:
    """Whether the parts suffice to use the key: a secret, and its key id where the issuer has one."""
    if rule is not None and rule.roles == ('api-key',):
        return True
    if rule is not None and (
        rule.kind in _KEY_SUFFICES or roles & {'private-key', 'mnemonic', 'url'}
    ):
        return True
    if not roles & _SECRETS:
        return False
    return rule is None or 'api-key' not in rule.roles or 'api-key' in roles
