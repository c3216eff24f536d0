"""Keys and secrets that stand side by side without names, beside the name of their issuer.

`binance,KEY,SECRET`, `BINANCE = "KEY:SECRET"`, a list of two under `binance:`, `super(KEY, SECRET)`
in a class of that name. Nothing but their shapes speaks for such values, so that all of them must
have the shapes of that issuer's parts.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence

from keylint.core.lazy_patterns import defer_regex
from keylint.core.lazy_re import re
from keylint.core.model import Candidate
from keylint.core.names import is_public_name, split_words, squeeze_name
from keylint.core.terms import PartKind
from keylint.detect.allowlist import is_allowlisted, is_hash_context
from keylint.detect.context import IssuerContext
from keylint.detect.issuer import has_shape
from keylint.rules.rule_set import RuleSet
from keylint.rules.types import Rule
from keylint.validators.randomness import is_random

# What may stand between two of them: separators, quotes, brackets, and one short word.
_GAP = defer_regex(rb'[^\w]{0,16}(?:[A-Za-z_]{1,24}[^\w]{1,6}){0,2}[^\w]{0,12}')
# What ends a row of them: a bracket, a statement, a line.
_ENDS_ROW = defer_regex(rb'[)\]};\r\n]')
_MAX_GAP_BYTES = 56
# Between a key and its secret in notes, where no operator joins the word to it.
_SECRET_GAP = defer_regex(
    rb'(?i)(?:[^\w]|\\n){1,8}?(?:(?:\[?\d[\d:. apm]{2,10}\]?[ ]{0,2})?<?\w{1,20}>?[:>][ ]{1,2})?'
    rb'(?:and |with )?(?:the |my )?sec(?:ret)?(?: key)?[^\w]{1,8}'
)
_MAX_GAP_LINES = 2
_MIN_VALUE_BYTES = 12
_MAX_VALUES = 3
_HEX_NUMBER = defer_regex(rb'0x[0-9a-fA-F]+')
# Lines between the issuer's name and the first value; in texts of few issuers farther ones count.
_MAX_LINES_BEFORE = 4
_MAX_ISSUERS = 2
# How much text before the first value may name its issuer by any of its names.
_MAX_HEAD_BYTES, _MAX_HEAD_LINES, _MAX_HEAD_WORDS = 160, 3, 8
# Right behind them, the call that takes them: `ex = aster(api, sec)`.
_CALLEE = defer_regex(rb'([A-Za-z_]\w{1,40})\(')
# A word or a name beside the values, which is none of them: `apiK=`.
_NO_VALUE = defer_regex(rb'[A-Za-z_]{1,7}|[A-Za-z_]{1,16}=')
# The fields of a struct of Go above its rows: `[]struct{ name, key, secret string }{`.
_FIELDS = defer_regex(rb'\bstruct[ ]?\{(?P<names>[\w ,;]{1,80})\}\{[^{}\n]{0,20}\n[^\n]{0,60}\Z')
_FIELDS_BYTES = 200
# What a comment behind a value calls it.
_SAID_BEHIND = defer_regex(
    rb'["\'`]?[ \t]{0,4},?[ \t]{0,8}(?:#|//|--)[ \t]{0,4}(?P<label>[A-Za-z][\w \-]{1,40})'
)
_SAID_BYTES = 80
# The last words of names that are a part's only beside the other: `BINANCE_API`, `SECRET`.
_WEAK_NAMES = (('api',), ('pub',), ('id',), ('access',))
# The same for both of a pair: `api = …; sec = …`, `pub`, `priv`, `apiK`.
_SHORT_NAMES = (*_WEAK_NAMES, ('sec',), ('priv',), ('k',), ('s',), ('public',), ('private',))
_PART_NAMES = (*_SHORT_NAMES, ('key',), ('secret',))
_SECRET_NAMES = (('sec',), ('priv',), ('s',), ('private',))
# A name right before a value, whether anything joins them or not.
_WORD_BEFORE = defer_regex(
    rb'(?<![A-Za-z0-9+/_\-])([A-Za-z_][A-Za-z_\-]{1,20})["\'`]?[ \t]*(?:is|[:=\-])?[ \t]*["\'`]?\Z'
)
_WORD_BYTES = 40
# The last words of names of functions and lists that hold several parts.
_CONTAINERS = (('credentials',), ('creds',), ('auth',), ('keys',))
_SECRETS = ('secret', 'private-key')
_ORDERS: tuple[tuple[PartKind, ...], ...] = (
    ('api-key', 'secret', 'passphrase'),
    ('secret', 'api-key', 'passphrase'),
    ('api-key', 'private-key'),
)


def list_free_values(
    data: bytes, unnamed: Sequence[Candidate], found: Sequence[Candidate]
) -> list[Candidate]:
    """List what may be a part of a pair: values without a role, and tokens of exchanges."""
    known = {candidate.span for candidate in found}
    # Cells of tables whose columns are called so.
    known |= {value.span for value in unnamed if value.path and is_public_name(value.name)}
    free = [
        value
        for value in unnamed
        if not value.path and value.span not in known and not _NO_VALUE.fullmatch(value.value)
    ]
    free += [
        candidate
        for candidate in found
        if not candidate.role
        or candidate.is_argument
        or (candidate.token is not None and candidate.token.kind != 'wallet')
        or split_words(candidate.name)[-1:] in _CONTAINERS
    ]
    weak = [value.span for value in free if split_words(value.name)[-1:] in _WEAK_NAMES]
    if weak:
        free += [part for part in found if part.role == 'secret' and part.token is None]
    if any(split_words(value.name)[-1:] in _SECRET_NAMES for value in free):
        free += [part for part in found if part.role == 'api-key' and not part.is_strong]
    free += _list_keys_before(data, free, found)
    return sorted(dict.fromkeys(free), key=lambda value: value.start)


def _list_keys_before(
    data: bytes, free: Sequence[Candidate], found: Sequence[Candidate]
) -> Iterator[Candidate]:
    """Yield the keys right before a value that is called a secret in passing: "secret `…`"."""
    keys = [part for part in found if part.role == 'api-key' and part.token is None]
    if not keys:
        return
    ends = [part.end for part in keys]
    for value in free:
        place = bisect_right(ends, value.start) - 1
        if place >= 0 and _SECRET_GAP.fullmatch(data[ends[place] : value.start][:_MAX_GAP_BYTES]):
            yield keys[place]


def _is_title(value: bytes, pack: RuleSet) -> bool:
    """Tell whether a value is the name of an issuer: `TestCase("binance", "…", "…")`."""
    return value.isalpha() and bool(pack.issuers_titled(value.lower().decode('ascii', 'replace')))


def find_clusters(
    data: bytes, unnamed: Sequence[Candidate], found: Sequence[Candidate], pack: RuleSet
) -> list[list[Candidate]]:
    """Find values side by side that may be the parts of a credential without a name of their own.

    Candidates count where their names leave open which part they are.
    """
    free = list_free_values(data, unnamed, found)
    values = [value for value in free if not _is_title(value.value, pack)]
    return [
        cluster
        for cluster in _list_clusters(data, values)
        if not all(value.token for value in cluster)
        and not is_hash_context(data, cluster[0].start)
        and not any(is_allowlisted(value.value, pack) for value in cluster)
        and not _has_other_name(data, cluster, pack)
    ]


def find_pairs(
    data: bytes, clusters: Iterable[list[Candidate]], context: IssuerContext, pack: RuleSet
) -> Iterator[Candidate]:
    """Yield the parts of credentials among clusters of values."""
    for cluster in clusters:
        issuers = _list_issuers(data, cluster, context, pack)
        if all(split_words(value.name)[-1:] in _PART_NAMES for value in cluster):
            issuers += sorted(context.in_path.difference(issuers))
        for members in (cluster, cluster[:2]):
            if len(members) > 1 and (parts := _find_parts(members, issuers, pack)):
                yield from parts
                break


def _has_other_name(data: bytes, cluster: list[Candidate], pack: RuleSet) -> bool:
    """Tell whether a value has a name of its own that speaks of something else: `txid`."""
    if any(_is_called_public(data, value) for value in cluster):
        return True
    fields = _FIELDS.search(data, max(0, cluster[0].start - _FIELDS_BYTES), cluster[0].start)
    if fields and any(map(is_public_name, re.split(r'\W+', fields['names'].decode()))):
        return True
    texts = {value.value.decode('utf-8', 'replace') for value in cluster}
    return (
        len({value.name for value in cluster}) > 1
        and any(
            value.name
            and value.name not in texts
            and not value.name.endswith(']')  # an argument: `VALUES[1]`
            and data[max(0, value.start - 3) : value.start].strip() != b'-'
            and not value.is_argument
            and not value.role
            and split_words(value.name)[-1:] not in _SHORT_NAMES
            and not pack.issuers_titled(squeeze_name(value.name))
            and not pack.issuers_in(value.name)
            for value in cluster
        )
    )


def _is_called_public(data: bytes, value: Candidate) -> bool:
    """Tell whether a value's name, the word before it or a comment says something public."""
    names = [value.name]
    said = _SAID_BEHIND.match(data, value.end, value.end + _SAID_BYTES)
    if said is not None:
        names.append(said['label'].decode())
    word = _WORD_BEFORE.search(data, max(0, value.start - _WORD_BYTES), value.start)
    if word is not None:
        names.append(word[1].decode())
    return any(is_public_name(name) for name in names)


def _find_parts(members: list[Candidate], issuers: list[str], pack: RuleSet) -> list[Candidate]:
    """Return the members as parts of the first issuer whose shapes all of them have."""
    for issuer in issuers:
        roles = _fit_all(members, issuer, pack)
        if roles:
            is_own = issuer in pack.issuers_in(issuer)
            name = issuer if is_own else f'{issuer} api'  # a common word counts with another
            return [
                value._replace(name=name, role=role, is_argument=True)
                for value, role in zip(members, roles, strict=True)
                if value.token is None
            ]
    return []


def _list_clusters(data: bytes, values: Sequence[Candidate]) -> Iterator[list[Candidate]]:
    """Yield runs of two or three values with hardly anything between them."""
    cluster: list[Candidate] = []
    for value in _drop_wholes(values):
        value = _take_sign(data, value)
        if cluster and not _is_beside(data, cluster[-1].end, value.start):
            yield from _as_clusters(data, cluster)
            cluster = []
        cluster.append(value)
    yield from _as_clusters(data, cluster)


def _as_clusters(data: bytes, values: list[Candidate]) -> Iterator[list[Candidate]]:
    """Yield a run of values as it is, or as the rows that it is made of: several accounts."""
    if len(values) > _MAX_VALUES:
        row: list[Candidate] = []
        for value in values:
            if row and _ENDS_ROW.search(data, row[-1].end, value.start):
                if 2 <= len(row) <= _MAX_VALUES:
                    yield row
                row = []
            row.append(value)
        values = row
    if 2 <= len(values) <= _MAX_VALUES:
        yield values


def _take_sign(data: bytes, value: Candidate) -> Candidate:
    """Take a dash at the front of the second of `KEY:-SECRET`; in `${NAME:-…}` it is none."""
    start = value.start - 1
    is_sign = data[start - 1 : start + 1] == b':-' and data[start - 2 : start - 1].isalnum()
    if not is_sign or data[start - _MIN_VALUE_BYTES : start - 1].isupper():
        return value
    return value._replace(value=data[start : value.end], start=start)


def _drop_wholes(values: Sequence[Candidate]) -> list[Candidate]:
    """Drop strings that hold other values, and what is too short to be any part but a password."""
    kept: list[Candidate] = []
    for value in values:
        if kept and value.start < kept[-1].end:
            if value.end - value.start < kept[-1].end - kept[-1].start:
                kept[-1] = value
            continue
        kept.append(value)
    return kept


def _is_beside(data: bytes, end: int, start: int) -> bool:
    gap = data[end:start]
    return (
        len(gap) <= _MAX_GAP_BYTES
        and gap.count(b'\n') <= _MAX_GAP_LINES
        and (_GAP.fullmatch(gap) is not None or _SECRET_GAP.fullmatch(gap) is not None)
    )


def _list_issuers(
    data: bytes, cluster: list[Candidate], context: IssuerContext, pack: RuleSet
) -> list[str]:
    """List the issuers that may own a cluster, the likeliest first."""
    own = [value.token.rule for value in cluster if value.token is not None]
    start = cluster[0].start
    head = start
    for _ in range(_MAX_HEAD_LINES):
        head = max(0, data.rfind(b'\n', 0, head))
    before = data[max(head, start - _MAX_HEAD_BYTES) : start].decode('utf-8', 'replace')
    words = split_words(before)[-_MAX_HEAD_WORDS:]
    named = [
        issuer
        for first in range(len(words) - 1, -1, -1)
        for length in (3, 2, 1)
        for issuer in pack.issuers_titled(''.join(words[first : first + length]))
    ]
    end = cluster[-1].end
    called = [
        issuer
        for callee in _CALLEE.findall(data, end, end + _MAX_HEAD_BYTES)
        for issuer in pack.issuers_titled(squeeze_name(callee.decode()))
    ]
    found = [*own, *named, *_list_near_issuers(start, context), *called]
    return list(dict.fromkeys(found))


def _list_near_issuers(start: int, context: IssuerContext) -> list[str]:
    """List the issuers that the text names, the nearest before the value first.

    Far ones count where the text names hardly any: the import at its head.
    """
    line = context.find_line(start)
    near = []
    for issuer, places in context.mentions.items():
        index = bisect_left(places, start)  # the places are sorted: the nearest on each side
        nearest = places[max(0, index - 1) : index + 1]
        distances = [line - context.find_line(place) for place in nearest]
        best = min((abs(far) * 2 + (far < 0), far) for far in distances)
        if best[0] <= _MAX_LINES_BEFORE * 2 or len(context.mentions) <= _MAX_ISSUERS:
            near.append((best[0], issuer))
    return [issuer for _, issuer in sorted(near)]


def _fit_all(cluster: list[Candidate], issuer: str, pack: RuleSet) -> tuple[PartKind, ...]:
    """Return the parts that all values are of the issuer's credential; empty if one is none."""
    rule = pack.rules[issuer]
    if any(value.token is not None and value.token.rule != issuer for value in cluster):
        return ()
    if rule.kind == 'wallet':
        return ()
    for order in _ORDERS:
        roles = order[: len(cluster)]
        if len(roles) == len(cluster) and all(
            _fits(value, role, rule, pack) for value, role in zip(cluster, roles, strict=True)
        ):
            return roles
    return ()


def _fits(value: Candidate, role: PartKind, rule: Rule, pack: RuleSet) -> bool:
    if role != 'passphrase' and len(value.value) >= _MIN_VALUE_BYTES and not is_random(value.value):
        return False
    if role in _SECRETS and len(value.value) < _MIN_VALUE_BYTES:
        return False
    if role != 'private-key' and _HEX_NUMBER.fullmatch(value.value):
        return False  # a number of a chain or of a curve
    return any(
        entry.role == role and has_shape(entry, value.value, pack) for entry in rule.credentials
    )
