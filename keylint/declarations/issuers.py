"""Tell which exchange, broker or platform a text names."""

from __future__ import annotations

from keylint.core.names import squeeze_name
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
