"""What the code of a tree needs, as snippets give it."""

from __future__ import annotations

from functools import cache

from keylint.api_usage.methods import Libraries
from keylint.core.key_model import CodeFacts
from keylint.core.spans import Lines
from keylint.declarations.issuers import issuer_of
from keylint.rules.load import load_rules


@cache
def libraries() -> Libraries:
    pack = load_rules().pack
    return Libraries(pack.libraries, lambda name: issuer_of(name, pack))


def facts(text: str, path: str = 'bot.py') -> CodeFacts:
    from keylint.api_usage.clients import analyse_code

    return analyse_code(text.encode(), path, libraries())


def told(text: str) -> list[tuple[str | None, str, int]]:
    """Exchange, permission and line of every call."""
    lines = Lines(text.encode())
    found = {
        (call.issuer, call.permission, lines.line_of(call.start)) for call in facts(text).calls
    }
    return sorted(found, key=str)
