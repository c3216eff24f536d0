"""`keylint keys --ask`: the requests by which an owner asks what a key may do."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from io import StringIO

from keylint.declarations.issuers import KEY_ISSUER_KINDS
from keylint.reporters.key_requests import write_requests
from keylint.reporters.outputs import write_file
from keylint.rules.rule_set import RuleSet


def print_requests(exchanges: Iterable[str] | None, pack: RuleSet, output: str) -> None:
    """Print the requests of these exchanges; of all that have one where None are given."""
    asks = pack.asks
    chosen = sorted(asks if exchanges is None else set(exchanges))
    names = {
        issuer: (pack.rules[issuer].name, pack.rules[issuer].manage or '')
        for issuer in chosen
        if issuer in pack.rules and pack.rules[issuer].kind in KEY_ISSUER_KINDS
    }
    text = StringIO(newline='')
    write_requests(asks, names, text)
    if output and output != '-':
        write_file(output, text.getvalue())
    else:
        sys.stdout.write(text.getvalue())
