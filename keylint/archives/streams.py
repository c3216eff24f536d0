"""One compressed stream; what is inside a tar is read member by member."""

from __future__ import annotations

from collections.abc import Iterator

from keylint.archives import kind_of
from keylint.archives.decompress import Chunks, decompress
from keylint.archives.tar import read_entries
from keylint.core.limits import Budget, Member, Trouble, cut_off

_ENDINGS = ('.gz', '.bz2', '.xz', '.zst', '.zstd', '.lzma')
_TARS = {'.tgz': '.tar', '.tbz': '.tar', '.tbz2': '.tar', '.txz': '.tar', '.tzst': '.tar'}


def members(name: str, data: bytes, budget: Budget) -> Iterator[Member | Trouble]:
    """Yield the one member of a stream, or the members of the tar in it."""
    kind = kind_of(name, data) or ''
    chunks = Chunks(decompress(kind, data, budget))
    inner = _inner_name(name)
    head = chunks.peek(512)
    if kind_of(inner, head) == 'tar':
        yield from read_entries(chunks, budget)
    else:
        text = chunks.read(budget.limits.member)
        if text:
            yield Member(inner, text)
        if chunks.peek(1):
            yield Trouble(inner, cut_off(budget.limits))
    if chunks.why:
        yield Trouble('', chunks.why)


def _inner_name(name: str) -> str:
    """Derive the name of the contents: `bot.log` for `bot.log.gz`, empty without such an ending."""
    last = name.rsplit('/', 1)[-1]
    for ending, instead in _TARS.items():
        if last.lower().endswith(ending):
            return last[: -len(ending)] + instead
    return next(
        (
            last[: -len(ending)]
            for ending in _ENDINGS
            if last.lower().endswith(ending) and len(last) > len(ending)
        ),
        '',
    )
