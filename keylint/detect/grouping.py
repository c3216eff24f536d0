"""Group candidates: the parts of one account's credential stand together and share a name."""

from __future__ import annotations

from collections.abc import Iterable

from keylint.core.model import Candidate, TokenPattern
from keylint.core.names import ROLE_WORDS, split_words
from keylint.core.terms import KINDS_WITHOUT_ISSUER
from keylint.detect.context import IssuerContext
from keylint.rules.rule_set import RuleSet

# Lines that may lie between two parts of a credential in plain text.
MAX_GAP_LINES = 8
# How many of the last groups a candidate may still join.
_OPEN_GROUPS = 12
# Words of names that say whose the value is, other than the account of an exchange.
_SUBJECTS = frozenset(
    """db database postgres postgresql pg mysql mariadb mongo mongodb redis smtp mail email imap pop
    ftp sftp ssh sudo root web webui ui dashboard panel login rabbitmq amqp mq kafka elastic
    elasticsearch es grafana influx influxdb clickhouse timescale timescaledb jwt flask django
    session cookie proxy vpn wifi ssl tls cache celery airflow admin sandbox test testnet demo paper
    live prod production mainnet dev development staging stage uat""".split()
)
_PARTS = {'private-key': 'secret', 'password': 'passphrase', None: 'secret'}


class Group:
    """Candidates of one account while they are being collected.

    `subjects` are the words of the first name that say whose it is: `DB_PASS`, `SANDBOX_KEY`.
    `roles` are the parts that it has (as `part_of` names them), `prefixes` what its names begin
    with, `rules` those of its tokens, `issuers` those that its names speak of. `parent` is the path
    of the mapping that holds it, `end` the last byte of its last candidate.
    """

    __slots__ = (
        'end',
        'issuers',
        'members',
        'parent',
        'prefixes',
        'roles',
        'rules',
        'subjects',
        'tokens',
    )

    def __init__(self, parent: tuple[str, ...]) -> None:
        self.members: list[Candidate] = []
        self.roles: set[str] = set()
        self.prefixes: set[str] = set()
        self.rules: set[str] = set()
        self.issuers: set[str] = set()
        self.tokens: set[tuple[str, str]] = set()
        self.subjects: frozenset[str] | None = None
        self.parent = parent
        self.end = 0

    def add(self, candidate: Candidate, pack: RuleSet) -> None:
        """Take in one more candidate."""
        self.members.append(candidate)
        self.roles.add(part_of(candidate))
        prefix = name_prefix(candidate)
        if prefix:
            self.prefixes.add(prefix)
        self.issuers.update(pack.issuers_in(candidate.name))
        if candidate.token:
            self.rules.add(candidate.token.rule)
            self.tokens.add((candidate.token.rule, candidate.token.role))
        if self.subjects is None:
            self.subjects = find_subjects(candidate)
        self.end = candidate.end


def group_candidates(
    found: Iterable[Candidate], context: IssuerContext, pack: RuleSet
) -> list[Group]:
    """Group candidates of one account: same parent or nearby lines, same prefix, each part once.

    `found` is sorted by offset.
    """
    groups: list[Group] = []
    for candidate in found:
        part, prefix = part_of(candidate), name_prefix(candidate)
        for group in reversed(groups[-_OPEN_GROUPS:]):
            if _fits(group, candidate, part, prefix, context, pack):
                break
        else:
            group = Group(candidate.path[:-1])
            groups.append(group)
        group.add(candidate, pack)
    return groups


def move_to_next_group(
    part: list[Candidate],
    group: Group,
    following: Group | None,
    context: IssuerContext,
    pack: RuleSet,
) -> bool:
    """Move `part` into the following group if that group lacks exactly these parts.

    So a pair is joined again that an unrelated value had broken in two. Returns True if moved;
    mutates `following`.
    """
    if not part or following is None or group.parent != following.parent:
        return False
    roles = {part_of(member) for member in part}
    if following.roles & roles:
        return False
    gap = context.count_lines(part[-1].end, following.members[0].start)
    if (gap > MAX_GAP_LINES and not group.parent) or not all(
        _allows_rule(following, member, pack) and _has_subjects(following, member)
        for member in part
    ):
        return False
    following.members[:0] = part
    following.roles |= roles
    return True


def part_of(candidate: Candidate) -> str:
    """Return the part that a candidate is in its group.

    There a private key counts as a secret and a password as a passphrase: a credential has one.
    """
    role = candidate.token.role if candidate.token else candidate.role
    return _PARTS.get(role, str(role))


def name_prefix(candidate: Candidate) -> str:
    """Return what a name says of whose key it is, without the words for the part: `binance`."""
    if candidate.is_argument:
        return ''
    words = split_words(candidate.name.rsplit('.', 1)[-1])
    return ''.join(word for word in words if word not in ROLE_WORDS)


def _fits(
    group: Group,
    candidate: Candidate,
    part: str,
    prefix: str,
    context: IssuerContext,
    pack: RuleSet,
) -> bool:
    """Tell whether a candidate may join a group as the `part`, under a name with the `prefix`."""
    if part in group.roles or candidate.path[:-1] != group.parent:
        return False
    if not group.parent and context.count_lines(group.end, candidate.start) > MAX_GAP_LINES:
        return False
    if (
        prefix
        and group.prefixes
        and prefix not in group.prefixes
        and group.issuers.isdisjoint(pack.issuers_in(candidate.name))
    ):
        return False
    if not _has_subjects(group, candidate):
        return False  # the password of a database, the passphrase of the other set
    return _allows_rule(group, candidate, pack)


def _has_subjects(group: Group, candidate: Candidate) -> bool:
    """Tell whether a name says nothing else of whose its value is than those of a group."""
    subjects = find_subjects(candidate)
    return subjects is None or group.subjects is None or subjects == group.subjects


def find_subjects(candidate: Candidate) -> frozenset[str] | None:
    """Return the words of a name that say whose value it is; None for a value without a name."""
    if candidate.is_argument or not candidate.name:
        return None
    return _SUBJECTS.intersection(split_words(candidate.name.rsplit('.', 1)[-1]))


def _allows_rule(group: Group, candidate: Candidate, pack: RuleSet) -> bool:
    """Tell whether the rules of tokens allow a candidate to join.

    Tokens of rules with one part (a webhook) stand alone, others only with their own issuer. A
    wallet has no issuer.
    """
    token = candidate.token
    own = token.rule if token and token.kind not in KINDS_WITHOUT_ISSUER else None
    others = {rule for rule in group.rules if pack.rules[rule].kind not in KINDS_WITHOUT_ISSUER}
    rules = others | {own} if own else others
    if any(len(pack.rules[rule].roles) < 2 for rule in rules):
        return False
    if token and any(_are_two(token, one, pack) for one in group.tokens):
        return False
    return own is None or not others or own in others


def _are_two(token: TokenPattern, other: tuple[str, str], pack: RuleSet) -> bool:
    """Tell whether two tokens of an issuer are two credentials: its webhook and its bot's token."""
    whole = pack.rules[token.rule].complete
    return token.rule == other[0] and (token.role,) in whole and (other[1],) in whole
