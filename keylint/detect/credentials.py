"""Find a fragment's credentials: candidates are grouped, identified and filtered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from keylint.core.claims import UNKNOWN_ENVIRONMENT
from keylint.core.deadline import Deadlines, make_deadlines
from keylint.core.lazy_patterns import defer_regex
from keylint.core.model import Candidate, Credential, Fragment, SecretPart
from keylint.core.terms import KINDS_WITHOUT_ISSUER
from keylint.detect.candidates import find_candidates
from keylint.detect.commented_answers import weaken_sessions
from keylint.detect.context import IssuerContext, find_context, find_siblings, list_named_parents
from keylint.detect.encrypted_keys import open_encrypted_keys
from keylint.detect.environment import EnvironmentJudge
from keylint.detect.grouping import Group, group_candidates, move_to_next_group
from keylint.detect.issuer import Identity, identify_issuer
from keylint.detect.plugins import find_plugin_tokens
from keylint.detect.program_text import ProgramText
from keylint.detect.secret_parts import list_generic_parts, list_issuer_parts
from keylint.detect.unnamed_pairs import find_clusters, find_pairs
from keylint.matcher.match import Match
from keylint.rules.rule_set import RuleSet

_HEX_KEY = defer_regex(rb'(?:0x)?[0-9a-fA-F]{64}')


def find_credentials(
    fragment: Fragment,
    matches: Sequence[Match],
    path: str,
    pack: RuleSet,
    number: int = 0,
    limits: Deadlines | None = None,
) -> list[Credential]:
    """Find the credentials of a fragment, sorted by offset: those that are found in time.

    `matches` are those of the fragment, `number` is its place in the document, `path` what its
    issuers and format are judged by.
    """
    limits = limits or make_deadlines()
    credentials = _find_by_plugins(fragment, path, pack, matches, number)
    unnamed: list[Candidate] = []
    found = find_candidates(fragment, matches, path, pack, limits.finding, unnamed)
    clusters = find_clusters(fragment.data, unnamed, found, pack)
    if not found and not clusters:
        return credentials
    context = _gather_context(fragment, found, path, pack, is_cut=bool(limits.finding.why))
    if clusters:
        known = {candidate.span: candidate for candidate in found}
        known |= {part.span: part for part in find_pairs(fragment.data, clusters, context, pack)}
        found = sorted(known.values(), key=lambda candidate: candidate.span)
        if not found:
            return credentials
    named = list_named_parents(fragment.settings, pack)
    groups = group_candidates(found, context, pack)
    parted: list[list[SecretPart]] = []
    for place, group in enumerate(groups):
        if limits.joining.is_over():
            break
        siblings = find_siblings(group.parent, named)
        following = groups[place + 1] if place + 1 < len(groups) else None
        for parts in _split_group(group, following, siblings, context, pack):
            limits.joining.keep()
            parted.append(_doubt_twins(parts))
    parted = weaken_sessions(fragment.data, open_encrypted_keys(parted, found), pack)
    judge = EnvironmentJudge(fragment, path, pack, parted)
    credentials += [
        Credential(parts[0].rule, tuple(parts), judge.claim_environment(parts), number)
        for parts in parted
    ]
    return sorted(credentials, key=lambda credential: (credential.parts[0].start, credential.rule))


def _doubt_twins(parts: list[SecretPart]) -> list[SecretPart]:
    """Doubt a key and a secret of the same value: somebody filled in both alike."""
    keys = {part.value for part in parts if part.role == 'api-key' and not part.is_whole}
    secrets = {part.value for part in parts if part.role == 'secret'}
    if not keys or keys != secrets:
        return parts
    return [part._replace(confidence='low') for part in parts]


def _find_by_plugins(
    fragment: Fragment, path: str, pack: RuleSet, matches: Sequence[Match], number: int
) -> list[Credential]:
    if not any(match.pattern.kind == 'plugin' for match in matches):
        return []
    program = ProgramText(fragment, path)
    return [
        Credential(part.rule, (part,), UNKNOWN_ENVIRONMENT, number)
        for part in find_plugin_tokens(fragment.data, matches, pack)
        if not program.is_name(part.start, part.end)
    ]


def _gather_context(
    fragment: Fragment, found: list[Candidate], path: str, pack: RuleSet, is_cut: bool
) -> IssuerContext:
    """Find what the fragment says of issuers; where it `is_cut`, only up to the last value."""
    values = [candidate.span for candidate in found if candidate.role != 'url']
    data = fragment.data[: values[-1][1]] if is_cut and values else fragment.data
    context = find_context(data, path, pack, values)
    return context._replace(in_path=context.in_path | fragment.nearby)


def _split_group(
    group: Group,
    following: Group | None,
    siblings: frozenset[str],
    context: IssuerContext,
    pack: RuleSet,
) -> Iterator[list[SecretPart]]:
    """Yield the parts of each credential of a group.

    Members that are not the issuer's go to the `following` group if that lacks them, or become a
    credential of their own.
    """
    members = group.members
    while members:
        identity = identify_issuer(members, siblings, context, pack)
        kept, unrelated = _separate_unrelated(members, identity, pack)
        if unrelated and move_to_next_group(kept, group, following, context, pack):
            members = unrelated
            continue
        if not unrelated:
            kept, unrelated = _separate_token(members, identity, siblings, context, pack)
            if unrelated:
                identity = identify_issuer(kept, siblings, context, pack)
        parts = list_issuer_parts(kept, identity, pack) if identity else []
        parts = parts or list_generic_parts(kept)
        if parts:
            yield parts
        if move_to_next_group(unrelated, group, following, context, pack):
            return
        members = unrelated


def _separate_unrelated(
    members: list[Candidate], identity: Identity | None, pack: RuleSet
) -> tuple[list[Candidate], list[Candidate]]:
    """Split off the members that are parts which the issuer does not have.

    Such is a wallet key beside an RPC key. If no member is the issuer's, they are kept as well.
    """
    if identity is None:
        return members, []
    unrelated = [
        member
        for member in members
        if identity.fits[member.span] is None and _is_unrelated(member, identity, pack)
    ]
    kept = [member for member in members if member not in unrelated]
    return kept or members, unrelated


def _is_unrelated(member: Candidate, identity: Identity, pack: RuleSet) -> bool:
    """Tell whether a member that fits no shape of the issuer is a key of somebody else."""
    rule = pack.rules[identity.rule]
    if rule.kind in KINDS_WITHOUT_ISSUER and member.role == 'password':
        # A phrase has a passphrase; the password beside it is a database's.
        return member.role not in rule.roles
    if _is_foreign_token(member, identity, pack):
        return True
    if member.token is None and member.role not in ('private-key', 'mnemonic'):
        return False
    return member.role not in rule.roles or _is_wallet_key(member, identity, pack)


def _is_foreign_token(member: Candidate, identity: Identity, pack: RuleSet) -> bool:
    """Tell whether a setting is called a token beside a credential that has none.

    What stands in the mapping or the call of the credential is meant as a part of it.
    """
    is_free = member.token is None and not member.is_argument and len(member.path) < 2
    return (
        is_free
        and member.role == 'token'
        and 'token' not in pack.rules[identity.rule].roles
        and identity.rule not in pack.issuers_in(member.name)
    )


def _is_wallet_key(member: Candidate, identity: Identity, pack: RuleSet) -> bool:
    """Tell whether a member is a wallet's key by its shape, and no name gives it to the issuer."""
    return _HEX_KEY.fullmatch(member.value) is not None and identity.rule not in pack.issuers_in(
        member.name
    )


def _separate_token(
    members: list[Candidate],
    identity: Identity | None,
    siblings: frozenset[str],
    context: IssuerContext,
    pack: RuleSet,
) -> tuple[list[Candidate], list[Candidate]]:
    """Split a group whose token belongs to one issuer and whose other parts to another.

    Such is an RPC URL next to an exchange's key pair. Returns all members and nothing where they
    belong together.
    """
    if identity is None:
        return members, []
    own = [member for member in members if _is_own_token(member, identity)]
    rest = [member for member in members if member not in own]
    if not own or not rest:
        return members, []
    other = identify_issuer(rest, siblings, context, pack)
    if other is not None and pack.rules[other.rule].kind in KINDS_WITHOUT_ISSUER:
        return members, []
    if other is not None and other.rule != identity.rule:
        is_stronger = other.weigh(rest) > identity.weigh(rest)
        return (own, rest) if is_stronger else (members, [])
    belongs = any(
        identity.fits[member.span] or identity.rule in pack.issuers_in(member.name)
        for member in rest
    )
    return (own, rest) if own[0].role == 'url' and not belongs else (members, [])


def _is_own_token(member: Candidate, identity: Identity) -> bool:
    return member.token is not None and member.token.rule == identity.rule
