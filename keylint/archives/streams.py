"""One compressed stream: gzip, bzip2, xz, zlib, and Zstandard where a library for it is installed. What is inside a tar is read member by member."""

from __future__ import annotations

import bz2
import lzma
import sys
import zlib
from collections.abc import Iterator
from typing import Any

from keylint.archives import kind_of
from keylint.core.limits import Budget, Exceeded, Member, Trouble, cut_off

_STEP = 1 << 16
_CHUNK = 1 << 20
# How zlib is told what stands around its data.
_WINDOWS = {'deflate': -15, 'zlib': 15}
# A stream may ask for a dictionary as large as its header says.
_MEMORY = 96 << 20
_ENDINGS = ('.gz', '.bz2', '.xz', '.zst', '.zstd', '.lzma')
_TARS = {'.tgz': '.tar', '.tbz': '.tar', '.tbz2': '.tar', '.txz': '.tar', '.tzst': '.tar'}


class Broken(Exception):
    """A stream that ends early or is none."""


def members(name: str, data: bytes, budget: Budget) -> Iterator[Member | Trouble]:
    """The one member of a stream, or the members of the tar in it."""
    kind = kind_of(name, data) or ''
    chunks = Chunks(unpacked(kind, data, budget))
    inner = _inner(name)
    head = chunks.peek(512)
    if kind_of(inner, head) == 'tar':
        from keylint.archives.tar import read  # noqa: PLC0415 - only where there is one

        yield from read(chunks, budget)
    else:
        text = chunks.read(budget.limits.member)
        if text:
            yield Member(inner, text)
        if chunks.peek(1):
            yield Trouble(inner, cut_off(budget.limits))
    if chunks.why:
        yield Trouble('', chunks.why)


def _inner(name: str) -> str:
    """`bot.log.gz` holds `bot.log`; what has no such ending holds something without a name."""
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


class Chunks:
    """Bytes that come in chunks, read in the amounts that are asked for. `why` says what ended them early."""

    def __init__(self, source: Iterator[bytes]) -> None:
        self._source = source
        self._chunk = b''  # what has come and was not read yet, from `_start` on
        self._start = 0
        self.why = ''

    def _next(self) -> bytes:
        """One more chunk, empty at the end."""
        try:
            return next(self._source, b'')
        except Broken as broken:
            self.why = str(broken)
            return b''

    def peek(self, size: int) -> bytes:
        """The next bytes, which stay."""
        if len(self._chunk) - self._start < size:
            found = self.read(size)
            self._chunk, self._start = found + self._chunk[self._start :], 0
        return self._chunk[self._start : self._start + size]

    def read(self, size: int) -> bytes:
        """The next bytes, fewer only at the end."""
        found = self._chunk[self._start : self._start + size]
        self._start += len(found)
        parts, missing = [found] if found else [], size - len(found)
        while missing > 0:
            self._chunk = self._next()
            self._start = min(missing, len(self._chunk))
            if not self._chunk:
                break
            parts.append(self._chunk[: self._start])
            missing -= self._start
        return b''.join(parts)

    def skip(self, size: int) -> None:
        """Pass over some bytes without keeping them."""
        while size > 0:
            step = len(self.read(min(size, _CHUNK)))
            if not step:
                return
            size -= step


def unpacked(kind: str, data: bytes | memoryview, budget: Budget) -> Iterator[bytes]:
    """The bytes in a compressed blob, in chunks. Raises Broken behind what can be had."""
    size = 0
    for chunk, used in _frames(kind, memoryview(data)):
        size += len(chunk)
        budget.take(len(chunk))
        if budget.is_bomb(size, used):
            raise Exceeded(f'it grows more than {budget.limits.ratio} times when unpacked')
        yield chunk


def _frames(kind: str, view: memoryview) -> Iterator[tuple[bytes, int]]:
    """Chunks, each with the number of bytes used up so far. One stream may follow another; what else follows is padding."""
    if kind == 'zstd' and not _has_own_zstd():
        yield from _zstandard(view)
        return
    position = 0
    while position < len(view):
        machine = _machine(kind)
        start = position
        while not machine.eof:
            piece = view[position : position + _STEP]
            try:
                chunk, taken = _fed(machine, piece)
            except (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError) as error:
                if start and start == position:
                    return
                raise Broken(f'the compressed data is broken: {error}') from None
            position += taken
            if chunk:
                yield chunk, position
            elif not taken and not machine.eof:
                raise Broken('the compressed data ends early')
        if kind in _WINDOWS:
            return


def _machine(kind: str) -> Any:
    if kind == 'bzip2':
        return bz2.BZ2Decompressor()
    if kind == 'xz':
        return lzma.LZMADecompressor(memlimit=_MEMORY)
    if kind == 'zstd':
        from compression.zstd import ZstdDecompressor  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415 - Python 3.14

        return ZstdDecompressor()
    return zlib.decompressobj(_WINDOWS.get(kind, 31))


def _fed(machine: Any, piece: memoryview) -> tuple[bytes, int]:
    """At most a chunk of what comes out, and by how many bytes the place in the input moves (back, where some were not needed)."""
    if hasattr(machine, 'needs_input'):
        fed = piece if machine.needs_input else piece[:0]
        chunk = machine.decompress(fed, _CHUNK)
        return chunk, len(fed) - (len(machine.unused_data) if machine.eof else 0)
    chunk = machine.decompress(piece, _CHUNK)
    return chunk, len(piece) - len(machine.unconsumed_tail) - len(machine.unused_data)


def _has_own_zstd() -> bool:
    return sys.version_info >= (3, 14)


def _zstandard(view: memoryview) -> Iterator[tuple[bytes, int]]:
    """Zstandard before Python 3.14, by the package `zstandard` where somebody has installed it."""
    try:
        import zstandard  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415 - no dependency of keylint
    except ImportError:
        raise Broken('Zstandard needs Python 3.14 or the package zstandard') from None
    try:
        reader = zstandard.ZstdDecompressor(max_window_size=_MEMORY).stream_reader(
            view, read_across_frames=True
        )
        while chunk := reader.read(_CHUNK):
            yield chunk, len(view)
    except zstandard.ZstdError as error:
        raise Broken(f'the compressed data is broken: {error}') from None
