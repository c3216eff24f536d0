"""Identify whose credential a group is: what speaks for an issuer adds up over the parts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from keylint.core.lazy_patterns import defer_regex
from keylint.core.model import Candidate
from keylint.core.names import split_words, squeeze_name
from keylint.core.records import NamedTuple
from keylint.core.terms import KINDS_WITHOUT_ISSUER, Environment, PartKind
from keylint.detect.context import IssuerContext
from keylint.detect.other_issuers import drop_shared_token, names_other_issuer
from keylint.rules.rule_set import RuleSet
from keylint.rules.types import PartSpec, Rule
from keylint.validators.checksums import CHECKS

# How strongly each kind of evidence names an issuer. A mention in the text gives 35 to 70
# (`IssuerContext.rate_proximity`).
_TOKEN = 130
_WALLET_TOKEN = 30
_IN_NAME = 100
_OWN_NAME = 95
_IN_PATH = 90
_SIBLING = 85
_WALLET_NAME = 20
# What a mention gives to one wallet of several whose keys have one form, a tenth of what it gives
# to an issuer.
_WALLET_MENTION = 10
# What a shape that nobody has published loses when only a mention in the text speaks for it.
_GUESS = 15
_SHAPE_BONUS = {'documented': 6, 'seen': 4, 'inferred': 0}
_PART_BONUS = 3

# Words of names whose secret is a web application's own: no mention nearby gives such a value to an
# issuer, only a name does.
APPLICATION_WORDS = frozenset(('jwt', 'cookie', 'csrf', 'flask', 'django'))

_BARE_HEX = defer_regex(rb'[0-9a-fA-F]+')
_MIN_LONG_HEX_CHARS = 24
# No issuer gives out a token as short as a word that a bot's owner picks to be known by it.
_MIN_TOKEN_BYTES = 16
_TEXT_HEAD = defer_regex(rb'(?:\(\?:)?(?!0x)[\w-]{2,}')

# The parts of a rule that a name may mean: people call an agent's private key a secret.
MEANT_PARTS: dict[str, tuple[str, ...]] = {
    'api-key': ('api-key', 'token', 'private-key'),
    'secret': ('secret', 'private-key', 'token', 'api-key'),
    'token': ('token', 'secret', 'api-key', 'url'),
    'password': ('password', 'passphrase', 'secret'),
    'passphrase': ('passphrase', 'password'),
    'private-key': ('private-key', 'secret', 'mnemonic'),
    'mnemonic': ('mnemonic', 'private-key', 'secret'),
    'url': ('url', 'token'),
}


class PartFit(NamedTuple):
    """How a candidate fits one issuer.

    `role` is the part that it is there, `confidence` how sure the shape is, `environment` what it
    shows, `score` how strongly it speaks for the issuer, `is_whole` as in `SecretPart`.
    """

    role: PartKind
    confidence: str
    environment: Environment | None
    score: int
    is_whole: bool = False


class Identity(NamedTuple):
    """The issuer of a group and each member's fit, by span; None for one that fits no shape.

    `is_named` says that a name or a token speaks for the issuer, not only the text around,
    `is_guess` that nothing does but the shapes.
    """

    rule: str
    fits: Mapping[tuple[int, int], PartFit | None]
    score: int
    is_named: bool
    is_guess: bool = False

    def weigh(self, members: list[Candidate]) -> tuple[int, int]:
        """Return how many of some members have the shape of a part, and their best score."""
        found = [fit for member in members if (fit := self.fits[member.span]) is not None]
        return len(found), max((fit.score for fit in found), default=0)


def identify_issuer(
    members: list[Candidate], siblings: frozenset[str], context: IssuerContext, pack: RuleSet
) -> Identity | None:
    """Return the best issuer for the members, or None where nothing names one.

    `siblings` are the issuers named in settings beside the members.
    """
    members = [drop_shared_token(member, pack) for member in members]
    named = {issuer for member in members for issuer in _list_named_issuers(member, pack)}
    # A section that is called as nothing but an issuer, also by a common word: `[aster]`.
    sections = {squeeze_name(part) for member in members for part in member.path[:-1]}
    siblings |= {issuer for part in sections for issuer in pack.issuers_titled(part)}
    owners = {issuer for member in members for issuer in _find_owner(member.name, pack)}
    tokens = {
        member.token.rule
        for member in members
        if member.token and member.token.kind not in KINDS_WITHOUT_ISSUER
    }
    mentioned = named or {*siblings, *context.mentions, *context.in_path}
    possible = tokens or mentioned | owners
    without_issuer = frozenset() if tokens else pack.without_issuer
    best: Identity | None = None
    best_rank = (0, 0)
    for rule in sorted(possible | without_issuer):
        identity = _fit_issuer(rule, members, siblings, context, pack)
        if identity is None:
            continue
        # Where a word of two issuers speaks for both, a further one decides.
        rank = identity.score, len(context.mentions.get(rule, ()))
        if best is None or rank > best_rank:
            best, best_rank = identity, rank
    if best is not None:
        return best
    return _identify_by_name(named, members, pack) or _identify_by_shapes(members, pack)


def _list_named_issuers(member: Candidate, pack: RuleSet) -> set[str]:
    """List the issuers whose word is in a member's name, or else in the nearest key of its path."""
    issuers = set(pack.issuers_in(member.name))
    for part in reversed(member.path):
        if not issuers and not part.isdigit():
            issuers |= set(pack.issuers_in(part))
    return issuers


def _find_owner(name: str, pack: RuleSet) -> set[str]:
    """Return the issuer that alone uses this name.

    Without a word of the issuer in it (`bot_token`) it helps only a value that has the shape.
    """
    owners = {issuer for issuer, _ in pack.owners_of(name)}
    return owners if len(owners) == 1 else set()


def _fit_issuer(
    rule: str,
    members: list[Candidate],
    siblings: frozenset[str],
    context: IssuerContext,
    pack: RuleSet,
) -> Identity | None:
    """Fit the members to a rule; None where they fit nothing but its passphrase."""
    fits = {member.span: _fit_part(rule, member, siblings, context, pack) for member in members}
    found = [fit for fit in fits.values() if fit is not None]
    if not any(fit.role not in ('passphrase', 'password') for fit in found):
        return None
    best = max(fit.score for fit in found)
    return Identity(rule, fits, best + _PART_BONUS * len(found), best >= _IN_PATH)


def _fit_part(
    rule: str, member: Candidate, siblings: frozenset[str], context: IssuerContext, pack: RuleSet
) -> PartFit | None:
    """Find the part of a rule that a member is, by name and shape."""
    table = pack.rules[rule]
    score = _score(rule, member, siblings, context, pack)
    if not score or (
        member.token is None
        and score < _IN_PATH
        and not APPLICATION_WORDS.isdisjoint(split_words(member.name))
    ):
        return None
    if member.token and member.token.rule == rule:
        return PartFit(
            member.token.role,
            'documented',
            member.token.environment,
            score + _SHAPE_BONUS['documented'],
            member.token.is_whole,
        )
    wanted = _list_wanted_roles(member, score)
    has_word = score >= _IN_NAME or _has_word(rule, member, siblings, context, pack)
    fitting = [
        entry
        for entry in table.credentials
        if entry.role in wanted
        and not entry.is_by_place
        and (has_word or not entry.needs_issuer)
        and (has_word or entry.check is not None or _begins_with_text(entry))
        and has_shape(entry, member.value, pack)
    ]
    if table.kind in KINDS_WITHOUT_ISSUER and member.role == 'secret' and score < _SIBLING:
        # Many things are 64 random bytes in base64.
        fitting = [entry for entry in fitting if entry.check is not None]
    if (member.role is None or member.is_argument) and score < _SIBLING:
        fitting = [entry for entry in fitting if entry.confidence != 'inferred']
    if not fitting:
        return None
    entry = min(fitting, key=lambda e: (wanted.index(e.role), -_SHAPE_BONUS[e.confidence]))
    bonus = _SHAPE_BONUS[entry.confidence] - wanted.index(entry.role)
    if entry.confidence == 'inferred' and score < _SIBLING:
        bonus -= _GUESS
    return PartFit(entry.role, entry.confidence, entry.environment, score + bonus, entry.is_whole)


def _list_wanted_roles(member: Candidate, score: int) -> tuple[str, ...]:
    """List the parts that a member's name may mean, the likeliest first."""
    if member.role is None:
        return ('api-key', 'secret', 'token')
    if member.role == 'password' and score < _SIBLING:
        return ('password', 'passphrase')  # of a web interface, as a rule
    if member.role == 'api-key' and (member.is_strong or 'public' in member.name.lower()):
        return ('api-key', 'token')
    return MEANT_PARTS[member.role]


@lru_cache(maxsize=4096)
def _begins_with_text(entry: PartSpec) -> bool:
    """Tell whether values of a shape begin with letters of their own, as `hf_` and `AC`."""
    return _TEXT_HEAD.match(entry.shape) is not None


def has_shape(entry: PartSpec, value: bytes, pack: RuleSet) -> bool:
    """Tell whether a value has the shape of a rule's part, and passes its check."""
    pattern = pack.pattern(entry.shape)
    if pattern.fullmatch(value) is None:
        return False
    middle = len(value) // 2
    if (
        len(value) >= _MIN_LONG_HEX_CHARS
        and entry.role in ('api-key', 'secret')
        and entry.confidence != 'inferred'
        and _BARE_HEX.fullmatch(value)
    ):
        # Of so many letters and digits, all would not be hex by chance: where the shape allows
        # others, the value is a hash or another issuer's.
        wider = value[:middle] + b'Z' + value[middle + 1 :]
        if pattern.fullmatch(wider) is not None:
            return False
    return entry.check is None or CHECKS[entry.check](value)


def _score(
    rule: str, member: Candidate, siblings: frozenset[str], context: IssuerContext, pack: RuleSet
) -> int:
    """Return how strongly anything speaks for this member being the rule's; 0 for nothing."""
    is_wallet = rule in pack.without_issuer
    token = 0
    if member.token and member.token.rule == rule:
        token = _WALLET_TOKEN if is_wallet else _TOKEN
    named = 0
    if rule in pack.issuers_in(member.name):
        named = _IN_NAME
    elif rule in _find_owner(member.name, pack):
        named = _OWN_NAME
    elif any(rule in pack.issuers_in(part) for part in member.path):
        named = _IN_PATH
    elif names_other_issuer(member.name, pack):
        return token
    elif rule in siblings:
        named = _SIBLING
    elif is_wallet and _has_wallet_name(member):
        named = _WALLET_NAME + _rate_mention(rule, member, context) // _WALLET_MENTION
    if is_wallet and named < _IN_PATH and _is_other_key(rule, member):
        return 0
    if named or is_wallet:
        return max(token, named)
    return max(token, _rate_mention(rule, member, context))


def _is_other_key(rule: str, member: Candidate) -> bool:
    """Tell whether a value is known by its form as the key of another wallet."""
    token = member.token
    return token is not None and token.rule != rule and token.kind in KINDS_WITHOUT_ISSUER


def _rate_mention(rule: str, member: Candidate, context: IssuerContext) -> int:
    return context.rate_proximity(rule, member.start, member.end)


def _has_word(
    rule: str, member: Candidate, siblings: frozenset[str], context: IssuerContext, pack: RuleSet
) -> bool:
    """Tell whether a word of the issuer stands in a name, beside the member or in its text."""
    return (
        rule in siblings
        or any(rule in pack.issuers_in(name) for name in (member.name, *member.path))
        or _rate_mention(rule, member, context) > 0
    )


def _has_wallet_name(member: Candidate) -> bool:
    if member.role in ('private-key', 'mnemonic'):
        return True
    return member.role == 'secret' and _BARE_HEX.fullmatch(member.value) is None


def _identify_by_shapes(members: list[Candidate], pack: RuleSet) -> Identity | None:
    """Identify a key and a secret that nothing names, if one issuer alone has both their shapes."""
    pair = [member for member in members if member.role in ('api-key', 'secret')]
    if {member.role for member in pair} != {'api-key', 'secret'}:
        return None
    if any(names_other_issuer(member.name, pack) for member in members):
        return None
    fitting = [
        rule
        for rule, table in pack.rules.items()
        if table.status != 'closed' and all(_fits_exactly(member, table, pack) for member in pair)
    ]
    if len(fitting) != 1:
        return None
    return Identity(fitting[0], _infer_fits(members, 0), 1, False, is_guess=True)


def _fits_exactly(member: Candidate, table: Rule, pack: RuleSet) -> bool:
    entries = [
        entry
        for entry in table.credentials
        if entry.role == member.role and entry.confidence != 'inferred'
    ]
    return any(has_shape(entry, member.value, pack) for entry in entries)


def _identify_by_name(named: set[str], members: list[Candidate], pack: RuleSet) -> Identity | None:
    """Identify a group by a name alone while no shape fits: vendors change shapes silently."""
    rules = [rule for rule in sorted(named) if rule not in pack.without_issuer]
    if not rules or all(
        member.role == 'token' and len(member.value) < _MIN_TOKEN_BYTES for member in members
    ):
        return None
    return Identity(rules[0], _infer_fits(members, _IN_NAME), 1, True)


def _infer_fits(members: list[Candidate], score: int) -> dict[tuple[int, int], PartFit | None]:
    """Take each member for the part that its name promises."""
    return {
        member.span: PartFit(member.role, 'inferred', None, score) if member.role else None
        for member in members
    }
