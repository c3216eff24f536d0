"""Decide in which texts words of permissions matter: in others they are names of variables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from keylint.core.lazy_patterns import defer_regex
from keylint.core.lazy_re import re
from keylint.matcher.hyperscan import Matcher
from keylint.matcher.match import LEAK_KINDS, Match, PatternKind, list_kinds, select_matches
from keylint.readers.formats import Format

_COMMENT = defer_regex(rb'[ \t]*(?:#|//|;|--|\*|<!--)')
_MAX_LINE_BYTES = 2000
# A sentence is about a key where it, or what stands around it, names one or what it is for.
EXCHANGES = (
    rb'exchange|binance|bybit|kucoin|okx|kraken|coinbase|bitget|mexc|gate\.?io|htx|huobi|bitfinex'
    rb'|bitmex|deribit'
)
# Compiled where it is asked for, and remembered by `re`, as the next one is: most runs of the hook
# end before.
_TOPIC = (
    rb'(?i)\b(?:api|key|keys|'
    + EXCHANGES
    + rb')\b|'
    + '密钥|币安|欧易|키|바이낸스|ключ|Ключ|бирж|clave|chave|anahtar'.encode()
)
_BEFORE, _BEHIND = 600, 300
# What the jobs of a workflow may do with their own token:
# docs.github.com/en/actions/reference/workflow-syntax-for-github-actions#permissions.
_SCOPE = (
    rb'[ \t]+(?:actions|artifact-metadata|attestations|checks|contents|deployments|discussions'
    rb'|id-token|issues|models|packages|pages|pull-requests|repository-projects|security-events'
    rb'|statuses):[ \t]*(?:read|write|none)[ \t]*(?:#.*)?\r?\n'
)
_JOB_RIGHTS = (
    rb'(?m)^[ \t]*permissions:[ \t]*(?:(?:\{\}|read-all|write-all)[ \t]*(?:#.*)?\r?\n'
    rb'|(?:#.*)?\r?\n(?:[ \t]*(?:#.*)?\r?\n)*(?:' + _SCOPE + rb')+)'
)


def has_literal_keys(form: Format, kinds: frozenset[PatternKind]) -> bool:
    """Tell whether a program has keys of dictionaries that may state something."""
    return not kinds.isdisjoint(('quoted-key', 'list-row', 'vendor-key')) or (
        form.language != 'python' and 'bare-key' in kinds
    )


def may_declare(form: Format, kinds: frozenset[PatternKind]) -> bool:
    """Tell whether a text of this format may say what a key may do.

    `kinds` are those of its matches.
    """
    if not form.language:
        return not kinds.isdisjoint(('document-key', 'list-row', 'vendor-key', 'assigned-key'))
    return 'assigned-key' in kinds or has_literal_keys(form, kinds)


def may_make_keys(form: Format, kinds: frozenset[PatternKind]) -> bool:
    """Tell whether a program may hold a call that makes keys."""
    return 'key-call' in kinds and form.language in ('python', 'other')


def may_be_careless(form: Format, kinds: frozenset[PatternKind]) -> bool:
    """Tell whether a program may send a key without TLS, or print a secret."""
    return 'careless' in kinds and form.comments != 'all' and not form.has_blocks


def find_sentences(data: bytes, form: Format, matches: Iterable[Match]) -> list[tuple[int, int]]:
    """Find the lines with a sentence about setting up a key, as byte spans.

    Whole lines of prose, comments from where they begin.
    """
    if form.comments is None:
        return []
    places = {_line_at(data, end - 1) for pattern, end in matches if pattern.kind == 'sentence'}
    found = []
    for start, stop in sorted(places):
        if stop - start > _MAX_LINE_BYTES:
            continue
        if form.comments == 'all' or _COMMENT.match(data, start, stop):
            mark = start
        else:
            mark = data.find(b'#', start, stop)
        if mark >= 0 and re.compile(_TOPIC).search(data, max(0, mark - _BEFORE), stop + _BEHIND):
            found.append((mark, stop))
    return found


def _line_at(data: bytes, at: int) -> tuple[int, int]:
    """Find the line of an offset; a longer span than is read where the line is too long."""
    lower, upper = max(0, at - _MAX_LINE_BYTES), at + _MAX_LINE_BYTES
    start = max(data.rfind(b'\n', lower, at), data.rfind(b'\r', lower, at)) + 1
    ends = [end for end in (data.find(b'\n', at, upper), data.find(b'\r', at, upper)) if end >= 0]
    return start or lower, min(ends, default=min(upper, len(data)) + 1)


def drop_irrelevant_declarations(
    data: bytes, form: Format, matches: Sequence[Match], matcher: Matcher
) -> list[Match]:
    """Drop matches of permission words in texts whose declarations are not read."""
    kinds = list_kinds(matches)
    if kinds <= LEAK_KINDS:
        return list(matches)
    is_read = (
        form.language == 'notebook'
        or may_declare(form, kinds)
        or may_make_keys(form, kinds)
        or find_sentences(data, form, matches)
        or may_be_careless(form, kinds)
    )
    if is_read and not _are_of_jobs(data, form, matcher):
        return list(matches)
    return select_matches(matches, LEAK_KINDS)


def _are_of_jobs(data: bytes, form: Format, matcher: Matcher) -> bool:
    """Tell whether all permissions are those of a workflow's jobs."""
    if form.settings != 'yaml' or b'\njobs:' not in data:
        return False
    rest = re.sub(_JOB_RIGHTS, b'', data)
    return rest != data and list_kinds(matcher.find_matches(rest)) <= LEAK_KINDS
