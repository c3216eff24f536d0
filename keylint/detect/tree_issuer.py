"""Give credentials that nothing names to the one exchange that the tree around is about.

That is the only exchange which the tree imports or is named after. It is a guess, asked for last,
and only of keys whose shapes are that exchange's: the claim says `likely`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from keylint.core.blob import TreePlace
from keylint.core.claims import Claim, Proof
from keylint.core.model import Credential, Fragment, SecretPart
from keylint.core.names import split_words
from keylint.core.records import NamedTuple
from keylint.detect.context import find_mentions
from keylint.detect.environment import EnvironmentJudge
from keylint.detect.issuer import APPLICATION_WORDS, MEANT_PARTS, has_shape
from keylint.detect.secret_parts import GENERIC
from keylint.rules.rule_set import RuleSet
from keylint.rules.types import Rule

_IMPORTED = 'the only exchange that the repository imports'
_NAMED = 'the only exchange that the repository is named after'
# Parts that alone are worth a name: an id without its secret would only look less severe.
_SECRET_PARTS = ('secret', 'private-key', 'token')


class TreeIssuers(NamedTuple):
    """The exchange that a tree is about, under all ids that its name has, and how that is known."""

    ids: tuple[str, ...]
    proof: str


def name_by_tree(
    found: Sequence[Credential], fragment: Fragment, place: TreePlace, pack: RuleSet
) -> list[Credential]:
    """Return credentials, with an issuer where the tree gives one to those that have none.

    The tree is looked at where there are such, and once in a process.
    """
    wanted = [credential for credential in found if _may_be_named(credential)]
    if not wanted or not place.root:
        return list(found)
    about = find_tree_issuers(place.root, pack)
    if about is None:
        return list(found)
    named: dict[Credential, list[SecretPart]] = {}
    for credential in wanted:
        fits = [_fit_parts(credential, rule, pack) for rule in about.ids]
        fitting = [parts for parts in fits if parts]
        if len(fitting) == 1:
            named[credential] = fitting[0]
    if not named:
        return list(found)
    parted = [named.get(credential, list(credential.parts)) for credential in found]
    judge = EnvironmentJudge(fragment, place.path, pack, parted)
    return [
        _rename(credential, parts, judge, about.proof, pack) if credential in named else credential
        for credential, parts in zip(found, parted, strict=True)
    ]


def _may_be_named(credential: Credential) -> bool:
    """Tell whether nothing names a credential, and it looks like one of an API at all."""
    if credential.rule != GENERIC:
        return False
    words = {word for part in credential.parts for word in split_words(part.name)}
    kinds = {part.role for part in credential.parts}
    if not APPLICATION_WORDS.isdisjoint(words) or kinds.isdisjoint(_SECRET_PARTS):
        return False
    return 'api' in words or 'api-key' in kinds


def _rename(
    credential: Credential,
    parts: list[SecretPart],
    judge: EnvironmentJudge,
    proof: str,
    pack: RuleSet,
) -> Credential:
    rule = parts[0].rule
    claim = Claim('issuer', pack.rules[rule].name, 'likely', Proof('tree', proof))
    return credential._replace(
        rule=rule,
        parts=tuple(parts),
        environment=judge.claim_environment(parts),
        claims=(*credential.claims, claim),
    )


def _fit_parts(credential: Credential, issuer: str, pack: RuleSet) -> list[SecretPart]:
    """Return the parts as the issuer's; empty unless each part that it has is of its shape."""
    rule = pack.rules[issuer]
    found = [_fit_part(part, rule, pack) for part in credential.parts]
    parts = [part for part in found if part is not None]
    if len(parts) < len(found) or not any(part.role in _SECRET_PARTS for part in parts):
        return []
    return [part._replace(rule=issuer) for part in parts]


def _fit_part(part: SecretPart, rule: Rule, pack: RuleSet) -> SecretPart | None:
    """Return a part in the role that the issuer's dossier has for it; None if it has none."""
    if part.role in ('password', 'passphrase'):
        return part._replace(role='passphrase') if 'passphrase' in rule.roles else None
    wanted = MEANT_PARTS[part.role]
    fitting = [
        entry
        for entry in rule.credentials
        if entry.role in wanted
        and entry.confidence != 'inferred'
        and has_shape(entry, part.value, pack)
    ]
    if not fitting:
        return None
    entry = min(fitting, key=lambda one: wanted.index(one.role))
    return part._replace(role=entry.role, environment=entry.environment)


@lru_cache(maxsize=64)
def find_tree_issuers(root: str, pack: RuleSet) -> TreeIssuers | None:
    """Find the one exchange that a tree imports or is named after; None for none or several."""
    # It brings tomllib and processes of git: 9 ms, and few credentials have no name.
    from keylint.sources.tree_imports import list_imports, read_tree_name  # noqa: PLC0415

    imported = {one for name in list_imports(root) for one in _list_exchanges(name, pack)}
    ids = imported | _list_exchanges(read_tree_name(root), pack)
    if len(ids) != 1:
        return None
    return TreeIssuers(tuple(sorted(ids.pop())), _IMPORTED if imported else _NAMED)


def _list_exchanges(name: str, pack: RuleSet) -> set[frozenset[str]]:
    """Return the exchanges that the name of a module, a package or a repository speaks of.

    A word may stand for several ids of one exchange.
    """
    found: dict[int, set[str]] = {}
    for start, issuer in find_mentions(name.encode(), pack):
        if pack.rules[issuer].kind == 'exchange':
            found.setdefault(start, set()).add(issuer)
    return {frozenset(ids) for ids in found.values()}
