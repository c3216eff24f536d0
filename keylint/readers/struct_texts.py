"""Rewrite literals of typed languages as mappings: without types, and calls as brackets.

Every byte keeps its position.
"""

from __future__ import annotations

import re

# The type before the literal of a struct or of a list: `= KeyConfig{`, `new KeyConfig {`,
# `[]string{`, `new[] {`, `vec![`; and conversions that follow a text.
_TYPE = re.compile(
    rb'(?<=[=:(,&\[])\s*(?:new\s+|&\s*)?(?:[A-Za-z_]\w*(?:\.|::))*[A-Z]\w*(?:\(\))?\s*(?=\{)'
    rb'|\bnew\s*\w*\[\]\s*(?=\{)|\[\]\s*[\w.]+\s*(?=\{)|\bvec!\s*(?=\[)|&(?=\[)'
    rb'|\.(?:into|to_string|to_owned)\(\)'
)
# The enumeration before its member: `Right::Read`.
_PATH = re.compile(rb'\b(?:[A-Z]\w*::)+(?=[A-Z]\w*\s*[,\])])')
# Lists whose braces hold no others: `[]Right{Read, Withdraw}`, `new List<Right> { Right.Read }`.
_BRACES = re.compile(
    rb'(?P<type>(?:\bnew\s*\w*\[\]|\bnew\s+\w*(?:List|Set)<[\w.]+>(?:\(\))?|\[\][\w.]+)\s*)'
    rb'(?P<open>\{)[^(){}:]{0,2000}(?P<close>\})'
)
# Calls that make a list of their arguments, which are only texts and names.
_LIST = re.compile(
    rb'\b(?:(?:mutable|immutable)?(?:[Ll]ist|[Ss]et|[Aa]rray)Of|emptyList|emptySet'
    rb'|Seq|List|Set|Array|Vector|(?:List|Set|ImmutableList|ImmutableSet)\.of|Arrays\.asList)'
    rb'(?P<open>\()[^(){}\[\]]{0,2000}(?P<close>\))'
)
# A call of a type with named arguments: Kotlin and Scala `Key(a = 1)`, Swift `Key(a: 1)`.
_NAMED = re.compile(
    rb'(?<=[=:(,\[])\s*(?:new\s+)?(?P<type>(?:\w+\.)*[A-Z]\w*)(?P<open>\()'
    rb'\s*[a-z]\w*\s*[=:](?![=:])[^(){}]{0,4000}(?P<close>\))'
)


def _blank(match: re.Match[bytes]) -> bytes:
    return b' ' * len(match.group())


def blank_types(data: bytes) -> bytes:
    """Return a program with typed literals as plain ones; unchanged if it has none."""
    made = _turn_calls(_BRACES, data, b'[]')
    made = _PATH.sub(_blank, made)
    made = _TYPE.sub(_blank, made)
    made = _turn_calls(_LIST, made, b'[]')
    return _turn_calls(_NAMED, made, b'{}')


def _turn_calls(pattern: re.Pattern[bytes], data: bytes, brackets: bytes) -> bytes:
    """Return the text with the calls' names blanked and their brackets replaced by `brackets`."""
    made = bytearray(data)
    for match in pattern.finditer(data):
        before = match.start('type') if 'type' in pattern.groupindex else match.start()
        opening, closing = match.start('open'), match.start('close')
        made[before:opening] = b' ' * (opening - before)
        made[opening], made[closing] = brackets
    return bytes(made)
