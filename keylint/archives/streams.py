"""One compressed stream; a tar archive inside it is read member by member."""

from __future__ import annotations

from collections.abc import Iterator

from keylint.archives import identify_container
from keylint.archives.budget import Budget
from keylint.archives.decompress import ChunkReader, decompress
from keylint.archives.members import Member, Unreadable, describe_cut
from keylint.archives.tar import read_entries

# Enough bytes of a tar archive to recognise it.
_HEAD_BYTES = 512
_ENDINGS = ('.gz', '.bz2', '.xz', '.zst', '.zstd', '.lzma')
_TAR_ENDINGS = {'.tgz': '.tar', '.tbz': '.tar', '.tbz2': '.tar', '.txz': '.tar', '.tzst': '.tar'}


def members(name: str, data: bytes, budget: Budget) -> Iterator[Member | Unreadable]:
    """Yield the one member of a stream, or the members of the tar in it."""
    kind = identify_container(name, data) or ''
    chunks = ChunkReader(decompress(kind, data, budget))
    inner = _inner_name(name)
    head = chunks.peek(_HEAD_BYTES)
    if identify_container(inner, head) == 'tar':
        yield from read_entries(chunks, budget)
    else:
        text = chunks.read(budget.limits.member)
        if text:
            yield Member(inner, text)
        if chunks.peek(1):
            yield Unreadable(inner, describe_cut(budget.limits.member))
    if chunks.failure:
        yield Unreadable('', chunks.failure)


def _inner_name(name: str) -> str:
    """Derive the name of the content: `bot.log` for `bot.log.gz`, empty without such an ending."""
    last = name.rsplit('/', 1)[-1]
    for ending, replacement in _TAR_ENDINGS.items():
        if last.lower().endswith(ending):
            return last[: -len(ending)] + replacement
    return next(
        (
            last[: -len(ending)]
            for ending in _ENDINGS
            if last.lower().endswith(ending) and len(last) > len(ending)
        ),
        '',
    )
