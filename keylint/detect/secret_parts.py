"""Turn the candidates of a group into parts of a credential, of its issuer or of nobody's."""

from __future__ import annotations

from keylint.core.lazy_patterns import defer_regex
from keylint.core.model import Candidate, Credential, SecretPart
from keylint.core.names import split_words
from keylint.core.terms import Confidence, PartKind
from keylint.detect.issuer import Identity
from keylint.rules.rule_set import RuleSet
from keylint.rules.types import Rule
from keylint.validators.checksums import is_jwe, is_short_lived_jwt
from keylint.validators.randomness import UUID, is_random

GENERIC = 'generic-credential'
GENERIC_PASSWORD = 'generic-password'  # noqa: S105 - a rule's name
_SECRETS: frozenset[PartKind] = frozenset(
    ('secret', 'private-key', 'mnemonic', 'token', 'url', 'password')
)
_KEY_WORDS = ('key', 'apikey')
_PASSWORDS = ('passphrase', 'password')
_MIN_PRIVATE_KEY_BYTES = 40
_MIN_SECRET_BYTES = 16
_MIN_PASSWORD_BYTES = 10
# The same beside a secret, and for values whose names speak of the issuer.
_MIN_SECOND_PASSWORD_BYTES = 6
_MIN_NAMED_PASSWORD_BYTES = 4
_MIN_NAMED_BYTES = 8
# From here on a value can be told to be random.
_MIN_RANDOM_BYTES = 12
# A value of this length without a telling name is a secret with medium confidence.
_MIN_LONG_BYTES = 24
_MAX_PATH_BYTES = 40
# A short value with a word in it is a name: `1Password`, `section-4b`, `gpt-4o-mini`.
_WORD_IN_VALUE = defer_regex(rb'[-_./]|[A-Za-z]?[a-z]{4}|[A-Z]{5}')
_SEPARATORS = defer_regex(rb'[-_./:]')
# What a shape begins with if its values name themselves.
_PREFIX = defer_regex(rb'\(?(?:\?:)?[A-Za-z]{2,8}[-_]|[A-Z]{2,4}(?:\[|\()|eyJ|AIza|pypi-')


def list_issuer_parts(
    members: list[Candidate], identity: Identity, pack: RuleSet
) -> list[SecretPart]:
    """List the members as parts of the issuer's credential; empty if all are doubtful."""
    parts = []
    for member in members:
        fit = identity.fits[member.span]
        role = fit.role if fit else member.role
        if role is None or (fit is None and 'public' in split_words(member.name)):
            continue
        confidence: Confidence = 'high'
        if fit is None or fit.confidence == 'inferred':
            has_prefix = _have_prefix(role, pack.rules[identity.rule])
            if not _is_plausible(member, identity.is_named, has_prefix):
                continue
            confidence = 'medium'
        part = _make_part(identity.rule, role, member, confidence)
        part = part._replace(is_guess=identity.is_guess)
        if fit is not None:
            part = part._replace(environment=fit.environment, is_whole=fit.is_whole)
        parts.append(part)
    is_password_rule = pack.rules[identity.rule].roles == ('password',)
    if is_password_rule or any(part.role not in _PASSWORDS for part in parts):
        return parts
    return []


def _is_plausible(member: Candidate, is_named: bool, has_prefix: bool) -> bool:
    """Tell whether a value without the right shape may still be a part.

    It looks machine-made, or is the short third part. Where all the issuer's values of its kind
    begin alike (`has_prefix`), one that does not must be as long as a secret of nobody.
    """
    value = member.value
    if member.role in _PASSWORDS:
        return len(value) >= _MIN_NAMED_PASSWORD_BYTES
    if len(value) >= _MIN_RANDOM_BYTES:
        return is_random(value) and (not has_prefix or _has_long_run(value))
    return (
        is_named
        and not has_prefix
        and len(value) >= _MIN_NAMED_BYTES
        and any(c in b'0123456789' for c in value)
        and _WORD_IN_VALUE.search(value) is None
    )


def _has_long_run(value: bytes) -> bool:
    """Tell whether a value is more than short pieces, as names of models and releases are."""
    longest = max(len(piece) for piece in _SEPARATORS.split(value))
    return longest >= _MIN_SECRET_BYTES or UUID.fullmatch(value) is not None


def _have_prefix(role: PartKind, rule: Rule) -> bool:
    """Tell whether an issuer's values of a kind name themselves: `sk-…`, `ghp_…`."""
    entries = [entry for entry in rule.credentials if entry.role == role]
    return bool(entries) and all(_PREFIX.match(entry.shape) is not None for entry in entries)


def list_generic_parts(members: list[Candidate]) -> list[SecretPart]:
    """List the parts of a credential that nothing names: random values under telling names."""
    parts = [
        _make_part(GENERIC, member.role, member, _rate_generic(member))
        for member in members
        if member.role and _is_secret(member)
    ]
    if not any(part.role in _SECRETS for part in parts):
        strong = {member.span for member in members if member.is_strong}
        return [part for part in parts if _is_lone_key(part, (part.start, part.end) in strong)]
    parts += [
        _make_part(GENERIC, member.role, member, 'medium')
        for member in members
        if member.role
        and member.role in _PASSWORDS
        and not _is_secret(member)
        and len(member.value) >= _MIN_SECOND_PASSWORD_BYTES
    ]
    if all(part.role in _PASSWORDS for part in parts):
        return [part._replace(rule=GENERIC_PASSWORD, confidence='medium') for part in parts]
    return sorted(parts, key=lambda part: part.start)


def _is_lone_key(part: SecretPart, is_strong: bool) -> bool:
    """Tell whether a key id is worth a finding without a secret beside it.

    Some vendors' keys are UUIDs, as are everybody's ids: only a name beyond doubt tells them apart.
    """
    return (
        part.role == 'api-key'
        and any(word in _KEY_WORDS for word in split_words(part.name))
        and (not UUID.fullmatch(part.value) or (is_strong and 'api' in split_words(part.name)))
    )


def _is_secret(member: Candidate) -> bool:
    """Tell whether a value is long and random enough for the secret that its name promises."""
    value = member.value
    if (member.is_argument and member.role is None) or member.role == 'mnemonic':
        return False
    if (
        member.role == 'token'
        and UUID.fullmatch(value)
        and not {'api', 'access', 'auth'} & set(split_words(member.name))
    ):
        return False
    if (
        member.role == 'private-key'
        and len(value) < _MIN_PRIVATE_KEY_BYTES
        and split_words(member.name)[-1:] in (('pk',), ('sk',))
    ):
        return False  # in databases a primary key
    if value.startswith(b'/') and value.count(b'/') > 1 and len(value) < _MAX_PATH_BYTES:
        return False
    shortest = _MIN_PASSWORD_BYTES if member.role in _PASSWORDS else _MIN_SECRET_BYTES
    return len(value) >= shortest and is_random(value)


def _rate_generic(member: Candidate) -> Confidence:
    """Rate the confidence in a part that nothing but its name speaks for."""
    # Pages made from Markdown turn quotes into underscores.
    token = member.value.lstrip(b'_')
    if token.startswith(b'eyJ') and (is_short_lived_jwt(token) or is_jwe(token)):
        return 'low'
    if member.role == 'api-key' and UUID.fullmatch(token):
        return 'low'  # some vendors give out keys of this form, and everybody ids
    if member.is_strong or member.role == 'secret':
        return 'medium'
    may_be_long = member.is_argument or member.role in ('token', 'private-key')
    return 'medium' if may_be_long and len(member.value) >= _MIN_LONG_BYTES else 'low'


def _make_part(rule: str, role: PartKind, member: Candidate, confidence: Confidence) -> SecretPart:
    return SecretPart(
        rule, role, member.value, member.start, member.end, confidence, member.name, member.path
    )


def has_whole_part(credential: Credential) -> bool:
    """Tell whether one of the parts needs no other, by its very shape."""
    return any(part.is_whole for part in credential.parts)


def is_complete(roles: set[PartKind], rule: Rule | None, is_whole: bool = False) -> bool:
    """Tell whether the parts suffice to use the key, as far as anybody knows."""
    if rule is not None:
        return not find_missing_parts(roles, rule, is_whole)
    return bool(roles & _SECRETS)


def find_missing_parts(
    roles: set[PartKind], rule: Rule, is_whole: bool = False
) -> tuple[PartKind, ...]:
    """Find the parts that an issuer's key has and that are not among those found.

    Of several ways in which parts make a key, the one counts that lacks least. With `is_whole` one
    of the parts lacks nothing by its very shape.
    """
    if is_whole:
        return ()
    roles = _name_as_rule(roles, rule)
    ways = [tuple(part for part in way if part not in roles) for way in rule.complete]
    shares = [len(set(way) & roles) for way in rule.complete]
    rated = zip(ways, shares, strict=True)
    return min(rated, key=lambda way: (len(way[0]), -way[1]), default=((), 0))[0]


def _name_as_rule(roles: set[PartKind], rule: Rule) -> set[PartKind]:
    """Add the parts of a rule that go by another name: its secret may be called a token."""
    own = set(rule.roles)
    named = set(roles)
    for role in roles - own:
        if role == 'password' and 'passphrase' in own:
            named.add('passphrase')
        elif role in _SECRETS:
            named |= _SECRETS & own
    return named
