"""Match the claims of another scanner's baseline with our findings.

Claims are matched by value if the file says enough about it, else by line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from keylint.baseline.finding_lines import list_line_numbers
from keylint.baseline.peers import KnownEntry, digest_sha1
from keylint.core.model import Finding
from keylint.core.records import NamedTuple

_TOKENS = re.compile(r'[^\s"\'`=:,;@/?&<>()\[\]{}]+')
_QUOTED = re.compile(r'"([^"\n]*)"|\'([^\'\n]*)\'|`([^`\n]*)`')


class Carried(NamedTuple):
    """A claim and the findings that it is about, which carry their values.

    There are no findings if the claim could not be carried over; `why_not` says why.
    """

    claim: KnownEntry
    findings: tuple[Finding, ...]
    why_not: str = ''
    is_by_line: bool = False


def match_claims(
    claims: Iterable[KnownEntry],
    findings: Sequence[Finding],
    past: Callable[[str, str], list[Finding] | None],
) -> Iterator[Carried]:
    """Yield each claim with its findings.

    `findings` are those of the tree; `past` finds those of a path in a commit (None: no such
    object).
    """
    by_path: dict[str, list[Finding]] = {}
    for finding in findings:
        by_path.setdefault(finding.path, []).append(finding)
    for claim in claims:
        if claim.commit:
            there = past(claim.commit, claim.path)
            if there is None:
                yield Carried(claim, (), 'the commit is not in this repository')
            else:
                yield _match_claim(claim, there, ())
        else:
            yield _match_claim(claim, by_path.get(claim.path, ()), findings)


def _match_claim(
    claim: KnownEntry, there: Sequence[Finding], everywhere: Sequence[Finding]
) -> Carried:
    if claim.digest or claim.value:
        found = [finding for finding in there if _holds(finding, claim)] or [
            finding for finding in everywhere if _holds(finding, claim)
        ]
        return Carried(claim, tuple(found), '' if found else 'keylint finds no such value')
    found = [finding for finding in there if claim.line in list_line_numbers(finding)]
    if len(found) == 1:
        return Carried(claim, tuple(found), is_by_line=True)
    # The place says which line, not which value: one of several may have come later.
    why_not = 'several findings on that line' if found else 'keylint finds nothing on that line'
    return Carried(claim, (), why_not)


def _holds(finding: Finding, claim: KnownEntry) -> bool:
    """Tell whether a value of a finding is or contains the claimed one, as a URL has a password."""
    values = [part.value for part in finding.parts if part.value]
    if claim.value:
        return any(
            value == claim.value
            or (len(value) >= 8 and value in claim.value)
            or (len(claim.value) >= 8 and claim.value in value)
            for value in values
        )
    return any(
        digest_sha1(text) == claim.digest for value in values for text in _list_pieces(value)
    )


def _list_pieces(value: str) -> set[str]:
    """List the texts another scanner could report as the value: all, lines, words, quotes."""
    quoted = {text for found in _QUOTED.findall(value) for text in found if text}
    return {
        value,
        value.strip(),
        *value.splitlines(),
        *_TOKENS.findall(value),
        *quoted,
        *(f'0x{value}', value.removeprefix('0x')),
    }
