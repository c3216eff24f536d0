"""Code that is careless with a key: it goes out unencrypted, or its secret is printed.

Seen line by line: a call that prints a name of a secret outside of quotes, an address of an
exchange's API without TLS, a connection that accepts any certificate.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from keylint.core.lazy_patterns import defer_regex

# Address of an API, not of a page that a README links to.
_PLAIN = defer_regex(
    rb'(?i)["\'`=\s(]http://((?:[a-z0-9-]+\.)*(?:[a-z0-9-]*api[a-z0-9-]*|rest|trade|trading|ftx)'
    rb'[a-z0-9-]*\.[a-z0-9.-]+|[a-z0-9.-]+(?=/(?:api|v\d|sapi|fapi|0/private)[/"\'`]))'
)
UNVERIFIED = defer_regex(
    rb'(?i)\b(?:(?-i:verify)|verify_ssl|verify_certs?)["\']?\s*[=:]\s*False\b'
    rb'|\brejectUnauthorized["\']?\s*:\s*false'
    rb'|\bInsecureSkipVerify\s*:\s*true|\bNODE_TLS_REJECT_UNAUTHORIZED["\']?\]?\s*[=:]\s*["\']?0'
    rb'|\bdanger_accept_invalid_certs\(\s*true|\bCURLOPT_SSL_VERIFYPEER\s*,\s*(?:false|0)'
    rb'|\bcreate_unverified_context\b'
)
# A database's connection: `ssl: { rejectUnauthorized: false }` is an option of pg, mysql2, knex and
# others; a connection of HTTPS has the setting without such a mapping around it.
_OF_DATABASE = defer_regex(rb'\bssl["\']?\s*[=:][^{}\n]{0,80}\{\s*["\']?\Z')
_SETTING_BYTES = 120
_COMMENT = defer_regex(rb'[ \t]*(?:#|//|/?\*|<!--|--|;|>)')
# A comment behind code: `type = x[0] // see http://…`.
_TRAILING = defer_regex(rb'[ \t](?://|#)[ \t]')
_MAX_LINE_BYTES = 1000
_PRINT = defer_regex(
    rb'\b(?P<call>print|pprint|println|printf|console\.(?:log|info|debug|warn|error)'
    rb'|(?:self\.)?_?log(?:ger|ging)?\.(?:debug|info|warning|warn|error|exception|critical)'
    rb'|System\.out\.print(?:ln|f)?|fmt\.Print(?:ln|f)?|log\.Print(?:ln|f)?|println!|echo)'
    rb'!?\s*\(\s*(?P<arguments>[^\n]{0,300})'
)
_NAME = (
    rb'(?:[A-Za-z_$][\w$]*\.)*_?(?:[a-z]+_)?(?:api_?secret(?:_?key)?|secret_?key'
    rb'|api_?pass(?:phrase|word)?|passphrase|client_?secret'
    rb'|(?:self|config|client|exchange)\.secret)'
)
_SECRET = defer_regex(
    rb'(?i)(?<![\w.$"\'\[])(' + _NAME + rb')(?![\w$])(?!\s*[\[(.=]|\s+(?:is|in)\b)'
)
_INNER = defer_regex(rb'(?<!\{)\$?\{([^{}\n]{1,120})\}')
_TEXT = defer_regex(rb'[fF]?"(?:[^"\\\n]|\\.)*"|[fF]?\'(?:[^\'\\\n]|\\.)*\'|`[^`\n]*`')
# Calls that make something else of a secret, and questions about it.
_SAFE = defer_regex(
    rb'(?i)(?:\b|_)(?:len|bool|mask\w*|redact\w*|hide\w*|obfuscate\w*|hash\w*|sha\d*|type'
    rb'|isinstance|truncate|getpass|input|verify\w*|preview\w*|censor\w*|scrub\w*|anonymi[sz]e\w*'
    rb'|fingerprint\w*|encrypt\w*|digest\w*)\s*\(|\[\s*:?-?\d|\.slice\(|\.substr|\*{3}'
    rb'|\bif\b[^\n]*\belse\b|!!|\bBoolean\('
    rb'|\?[^\n]*:'
)


def find_careless_code(
    data: bytes, ends: Iterable[int], hosts: frozenset[bytes], names_exchange: bool
) -> Iterator[tuple[str, str, int, int]]:
    """Yield what is careless (`plain`, `unverified`, `printed`), its text and its bytes.

    `shown` is what a bare `print(secret)` shows, with which people look at a value.

    Only the lines around `ends`, those of the matches, are read. `hosts` are those of exchanges.
    Certificates and secrets of other services are no business of keylint's: they count where the
    file names an exchange.
    """
    for span in _list_spans(data, ends):
        for what, text, start, end in _find_all(data, span, hosts, names_exchange):
            if not _is_comment(data, start):
                yield what, text, start, end


def _list_spans(data: bytes, ends: Iterable[int]) -> list[tuple[int, int]]:
    """List the spans of the lines with `ends` and of those after them, merged.

    Long lines are those of bundles, which nobody wrote.
    """
    spans: list[tuple[int, int]] = []
    for end in sorted(ends):
        if spans and end <= spans[-1][1]:
            continue
        first, last = _find_line(data, end - 1)
        if last - first <= _MAX_LINE_BYTES:
            after, stop = _find_line(data, last + 1)
            spans.append((first, stop if stop - after <= _MAX_LINE_BYTES else last))
    return spans


def _find_line(data: bytes, place: int) -> tuple[int, int]:
    """Return the span of the line with a place; of a long line, only that it is too long."""
    first = data.rfind(b'\n', max(0, place - _MAX_LINE_BYTES - 1), place) + 1
    start = first or max(0, place - _MAX_LINE_BYTES - 1)
    stop = data.find(b'\n', place, start + _MAX_LINE_BYTES + 1)
    return start, stop if stop >= 0 else min(len(data), start + _MAX_LINE_BYTES + 1)


def _is_comment(data: bytes, place: int) -> bool:
    """Tell whether a place is in a comment."""
    start = data.rfind(b'\n', 0, place) + 1
    return bool(_COMMENT.match(data, start, place + 1) or _TRAILING.search(data, start, place))


def _find_all(
    data: bytes, span: tuple[int, int], hosts: frozenset[bytes], names_exchange: bool
) -> Iterator[tuple[str, str, int, int]]:
    for match in _PLAIN.finditer(data, *span):
        host = match.group(1).lower().rstrip(b'.')
        parts = host.split(b'.')
        if any(b'.'.join(parts[number:]) in hosts for number in range(len(parts) - 1)):
            yield 'plain', host.decode(), match.start(1), match.end(1)
    if not names_exchange:
        return
    for match in UNVERIFIED.finditer(data, *span):
        if _OF_DATABASE.search(data, max(0, match.start() - _SETTING_BYTES), match.start()):
            continue
        yield 'unverified', match.group().decode('utf-8', 'replace'), *match.span()
    for match in _PRINT.finditer(data, *span):
        found = _find_printed(match['arguments'])
        if found is not None and not _names_variable(data, found[0]):
            name, place = found
            start = match.start('arguments') + place
            is_bare = match['call'].endswith((b'print', b'echo')) and not _TEXT.search(
                match['arguments']
            )
            what = 'shown' if is_bare else 'printed'
            yield what, name.decode('utf-8', 'replace'), start, start + len(name)


def _names_variable(data: bytes, name: bytes) -> bool:
    """Tell whether a name holds the name of a variable of the environment, and no secret."""
    own = re.escape(name)
    return (
        re.search(
            rb'(?:\benviron(?:\.get)?|getenv|\benv)\s*[\[(]\s*' + own + rb'\s*[\]),]'
            rb'|(?<![\w.])' + own + rb'\s*(?::\s*[\w.\[\]]{1,20}\s*)?=\s*[fF]?["\'`]'
            rb'[A-Z][A-Z0-9]*(?:_(?:[A-Z0-9]+|\$?\{[^{}\n]{1,60}\}))+["\'`]',
            data,
        )
        is not None
    )


def _find_printed(arguments: bytes) -> tuple[bytes, int] | None:
    """Find the name of a secret among the arguments of a call that prints them."""
    if _SAFE.search(arguments):
        return None
    parts = [(arguments, 0)]
    for text in _TEXT.finditer(arguments):
        if text.group()[:1] in (b'f', b'F', b'`'):
            parts += [
                (inner.group(1), text.start() + inner.start(1))
                for inner in _INNER.finditer(text.group())
            ]
    blank = bytearray(arguments)
    for text in _TEXT.finditer(arguments):
        blank[text.start() : text.end()] = b' ' * (text.end() - text.start())
    parts[0] = bytes(blank), 0
    for part, start in parts:
        secret = _SECRET.search(part)
        if secret is not None:
            return secret.group(1), start + secret.start(1)
    return None
