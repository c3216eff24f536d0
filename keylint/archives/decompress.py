"""Decompress one stream: gzip, bzip2, xz, zlib, and Zstandard where a library is installed."""

from __future__ import annotations

import bz2
import lzma
import sys
import zlib
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from keylint.archives.budget import Budget, BudgetExceededError

# Compressed bytes fed in at once, and the most bytes that come out at once.
_INPUT_BYTES = 1 << 16
_CHUNK_BYTES = 1 << 20
# Window bits of zlib for data without gzip's header; the other value is for data with one.
_WINDOW_BITS = {'deflate': -15, 'zlib': 15}
_GZIP_WINDOW_BITS = 31
# A stream may ask for a dictionary as large as its header says.
_MAX_WINDOW_BYTES = 96 << 20


class BrokenStreamError(Exception):
    """Report a stream that ends early or is damaged."""


class ChunkReader:
    """Read any number of bytes from a source of chunks.

    `failure` says what ended the source early; it is empty if nothing did.
    """

    def __init__(self, source: Iterator[bytes]) -> None:
        self._source = source
        self._chunk = b''  # the bytes from `_start` on are not read yet
        self._start = 0
        self.failure = ''

    def _next_chunk(self) -> bytes:
        """Take one more chunk from the source; empty at the end."""
        try:
            return next(self._source, b'')
        except BrokenStreamError as broken:
            self.failure = str(broken)
            return b''

    def peek(self, size: int) -> bytes:
        """Return the next bytes without consuming them."""
        if len(self._chunk) - self._start < size:
            taken = self.read(size)
            self._chunk, self._start = taken + self._chunk[self._start :], 0
        return self._chunk[self._start : self._start + size]

    def read(self, size: int) -> bytes:
        """Return the next bytes, fewer only at the end."""
        buffered = self._chunk[self._start : self._start + size]
        self._start += len(buffered)
        parts, missing = [buffered], size - len(buffered)
        while missing > 0:
            self._chunk = self._next_chunk()
            self._start = min(missing, len(self._chunk))
            if not self._chunk:
                break
            parts.append(self._chunk[: self._start])
            missing -= self._start
        return b''.join(parts)

    def skip(self, size: int) -> None:
        """Pass over some bytes without keeping them."""
        while size > 0:
            step = len(self.read(min(size, _CHUNK_BYTES)))
            if not step:
                return
            size -= step


def decompress(kind: str, data: bytes | memoryview, budget: Budget) -> Iterator[bytes]:
    """Decompress a blob in chunks; raise BrokenStreamError after the last intact chunk."""
    size = 0
    for chunk, used in _decompress_frames(kind, memoryview(data)):
        size += len(chunk)
        budget.take(len(chunk))
        if budget.is_bomb(size, used):
            raise BudgetExceededError(
                f'it grows more than {budget.limits.ratio} times when unpacked'
            )
        yield chunk


def _decompress_frames(kind: str, view: memoryview) -> Iterator[tuple[bytes, int]]:
    """Yield chunks, each with the number of input bytes used so far.

    Several streams may follow each other; anything else after a stream is padding.
    """
    if kind == 'zstd' and not _has_own_zstd():
        yield from _decompress_zstandard(view)
        return
    position = 0
    while position < len(view):
        decompressor = _make_decompressor(kind)
        start = position
        while not decompressor.eof:
            piece = view[position : position + _INPUT_BYTES]
            try:
                chunk, taken = _feed(decompressor, piece)
            except (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError) as error:
                if start and start == position:
                    return
                raise BrokenStreamError(f'the compressed data is broken: {error}') from None
            position += taken
            if chunk:
                yield chunk, position
            elif not taken and not decompressor.eof:
                raise BrokenStreamError('the compressed data ends early')
        if kind in _WINDOW_BITS:
            return


def _make_decompressor(kind: str) -> Any:  # noqa: ANN401 - four libraries, no common type
    if kind == 'bzip2':
        return bz2.BZ2Decompressor()
    if kind == 'xz':
        return lzma.LZMADecompressor(memlimit=_MAX_WINDOW_BYTES)
    if kind == 'zstd':  # from Python 3.14 on
        return import_module('compression.zstd').ZstdDecompressor()
    return zlib.decompressobj(_WINDOW_BITS.get(kind, _GZIP_WINDOW_BITS))


def _feed(  # the same
    decompressor: Any,  # noqa: ANN401
    piece: memoryview,
) -> tuple[bytes, int]:
    """Return at most a chunk of output, and the bytes by which the position in the input moves.

    The position moves back if some bytes were not needed.
    """
    if hasattr(decompressor, 'needs_input'):
        fed = piece if decompressor.needs_input else piece[:0]
        chunk = decompressor.decompress(fed, _CHUNK_BYTES)
        return chunk, len(fed) - (len(decompressor.unused_data) if decompressor.eof else 0)
    chunk = decompressor.decompress(piece, _CHUNK_BYTES)
    return chunk, len(piece) - len(decompressor.unconsumed_tail) - len(decompressor.unused_data)


def _has_own_zstd() -> bool:
    return sys.version_info >= (3, 14)


def _decompress_zstandard(view: memoryview) -> Iterator[tuple[bytes, int]]:
    """Decompress before Python 3.14, with the package `zstandard` if it is installed."""
    try:
        zstandard = import_module('zstandard')  # not a dependency of keylint
    except ImportError:
        raise BrokenStreamError('Zstandard needs Python 3.14 or the package zstandard') from None
    try:
        reader = zstandard.ZstdDecompressor(max_window_size=_MAX_WINDOW_BYTES).stream_reader(
            view, read_across_frames=True
        )
        while chunk := reader.read(_CHUNK_BYTES):
            yield chunk, len(view)
    except zstandard.ZstdError as error:
        raise BrokenStreamError(f'the compressed data is broken: {error}') from None
