"""Know names of issuers that have no dossier: a value that carries one is nobody else's.

`rules/other_issuers.yaml` lists them.
"""

from __future__ import annotations

from keylint.core.model import Candidate
from keylint.core.names import split_words
from keylint.rules.rule_set import RuleSet


def names_other_issuer(name: str, pack: RuleSet) -> bool:
    """Tell whether a name speaks of an issuer without a dossier: `WEIBO_SECRET`."""
    return not pack.other_issuers.isdisjoint(split_words(name))


def drop_shared_token(member: Candidate, pack: RuleSet) -> Candidate:
    """Forget whose token a member is where its form is of several, and its name says another's."""
    token = member.token
    if token is None or not member.value.startswith(pack.shared_heads):
        return member
    words = split_words(member.name)
    is_another = any(word in pack.rules and word != token.rule for word in words)
    if token.rule in words or not (is_another or names_other_issuer(member.name, pack)):
        return member
    return member._replace(token=None)
