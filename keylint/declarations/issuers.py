"""Tell which exchange, broker or platform a text names."""

from __future__ import annotations

from functools import lru_cache

from keylint.core.names import squeeze_name
from keylint.detect.context import find_context
from keylint.rules.rule_set import RuleSet

# Kinds of issuers that have keys with permissions.
KEY_ISSUER_KINDS = ('exchange', 'broker', 'bot-platform')


def issuer_of(text: str, pack: RuleSet) -> str | None:
    """Return the exchange, broker or platform that a text names.

    Of several that share the name the one whose keys can still be made, and that we know most
    about.
    """
    rules = [rule for rule in pack.issuers_in(text) if pack.rules[rule].kind in KEY_ISSUER_KINDS]
    return (
        max(
            rules,
            key=lambda rule: (
                pack.rules[rule].declarations.page.rights != 'gone',
                len(pack.rules[rule].declarations.documents),
                len(pack.rules[rule].declarations.permissions),
            ),
        )
        if rules
        else None
    )


def issuer_called(text: str, pack: RuleSet) -> str | None:
    """Tell which of them a text names that can be nothing but a name.

    There common words count as well (`exchange: lighter`).
    """
    titled = pack.issuers_titled(squeeze_name(text))
    kinds = (rule for rule in titled if pack.rules[rule].kind in KEY_ISSUER_KINDS)
    return issuer_of(text, pack) or next(kinds, None)


def names_exchange(data: bytes, path: str, pack: RuleSet) -> bool:
    """Tell whether a text or its path names an exchange, a broker or a platform."""
    return any(
        pack.rules[rule].kind in KEY_ISSUER_KINDS
        for rule in find_context(data, path, pack, []).mentions
    ) or any(issuer_of(part, pack) for part in path.replace('\\', '/').rsplit('/', 3)[-3:])


@lru_cache(maxsize=4)
def list_exchange_hosts(pack: RuleSet) -> frozenset[bytes]:
    """List the hosts by which dossiers tell exchanges, brokers and platforms."""
    return frozenset(
        text.lower().encode()
        for text, _, issuer in pack.issuer_words
        if '.' in text and pack.rules[issuer].kind in KEY_ISSUER_KINDS
    )
