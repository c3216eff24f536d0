"""Read the literals of typed languages as those of mappings: without types, calls as brackets.

Every byte keeps its place.
"""

from __future__ import annotations

import re

from keylint.core.lazy_patterns import defer_regex

# The type before the literal of a struct or of a list: `= KeyConfig{`, `new KeyConfig {`,
# `[]string{`, `new[] {`, `vec![`; and what turns a text into another kind of text behind it.
_TYPE = defer_regex(
    rb'(?<=[=:(,&\[])\s*(?:new\s+|&\s*)?(?:[A-Za-z_]\w*(?:\.|::))*[A-Z]\w*(?:\(\))?\s*(?=\{)'
    rb'|\bnew\s*\w*\[\]\s*(?=\{)|\[\]\s*[\w.]+\s*(?=\{)|\bvec!\s*(?=\[)|&(?=\[)'
    rb'|\.(?:into|to_string|to_owned)\(\)'
)
# The enumeration before its member: `Right::Read`.
_PATH = defer_regex(rb'\b(?:[A-Z]\w*::)+(?=[A-Z]\w*\s*[,\])])')
# Lists whose braces hold no others: `[]Right{Read, Withdraw}`, `new List<Right> { Right.Read }`.
_BRACES = defer_regex(
    rb'(?P<type>(?:\bnew\s*\w*\[\]|\bnew\s+\w*(?:List|Set)<[\w.]+>(?:\(\))?|\[\][\w.]+)\s*)'
    rb'(?P<open>\{)[^(){}:]{0,2000}(?P<close>\})'
)
# Calls that make a list of what stands in them, of texts and names alone.
_LIST = defer_regex(
    rb'\b(?:(?:mutable|immutable)?(?:[Ll]ist|[Ss]et|[Aa]rray)Of|emptyList|emptySet'
    rb'|Seq|List|Set|Array|Vector|(?:List|Set|ImmutableList|ImmutableSet)\.of|Arrays\.asList)'
    rb'(?P<open>\()[^(){}\[\]]{0,2000}(?P<close>\))'
)
# The same of a mapping, whose lists are in brackets already.
_MAP = defer_regex(rb'\b(?:Immutable)?Map\.of\((?P<body>[^(){}]{0,2000})\)')
# A call of a type with names for its arguments: Kotlin and Scala `Key(a = 1)`, Swift `Key(a: 1)`.
_NAMED = defer_regex(
    rb'(?<=[=:(,\[])\s*(?P<type>(?:new\s+)?(?:\w+\.)*[A-Z]\w*)(?P<open>\()'
    rb'\s*[A-Za-z]\w*\s*[=:](?![=:])[^(){}]{0,4000}(?P<close>\))'
)


def _turn_into_mapping(call: re.Match[bytes]) -> bytes:
    """Turn `Map.of(name, value, name, value)` into a mapping of the same length."""
    made = bytearray(call[0])
    head = call.start('body') - call.start()
    made[:head], made[-1] = b' ' * (head - 1) + b'{', ord('}')
    depth = count = 0
    for place in range(head, len(made) - 1):
        depth += (made[place] == ord('[')) - (made[place] == ord(']'))
        if made[place] == ord(',') and not depth:
            if count % 2 == 0:
                made[place] = ord(':')
            count += 1
    return bytes(made)


def _blank(match: re.Match[bytes]) -> bytes:
    return b' ' * len(match.group())


def blank_types(data: bytes) -> bytes:
    """Return a program with its typed literals as plain ones; itself where it has none."""
    made = _turn_calls(_BRACES, data, b'[]')
    made = _PATH.sub(_blank, made)
    made = _TYPE.sub(_blank, made)
    made = _turn_calls(_LIST, made, b'[]')
    made = _MAP.sub(_turn_into_mapping, made)
    return _turn_calls(_NAMED, made, b'{}')


def _turn_calls(pattern: re.Pattern[bytes], data: bytes, brackets: bytes) -> bytes:
    """Return the text with the brackets of these calls instead of theirs, and no names."""
    made = bytearray(data)
    for match in pattern.finditer(data):
        before = match.start('type') if 'type' in pattern.groupindex else match.start()
        opening, closing = match.start('open'), match.start('close')
        made[before:opening] = b' ' * (opening - before)
        made[opening], made[closing] = brackets
    return bytes(made)
