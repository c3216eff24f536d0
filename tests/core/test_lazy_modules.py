"""Modules that are imported on use, and digests without OpenSSL."""

from __future__ import annotations

import hashlib
import sys

import pytest

from keylint.core.digests import blake2b, sha256
from keylint.core.lazy_modules import defer_module


def test_a_module_is_imported_when_something_of_it_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, 'colorsys', raising=False)
    module = defer_module('colorsys')
    assert 'colorsys' not in sys.modules
    assert getattr(module, 'rgb_to_hls') is sys.modules['colorsys'].rgb_to_hls  # noqa: B009
    with pytest.raises(AttributeError):
        getattr(module, 'no_such_name')  # noqa: B009


def test_a_module_that_is_not_there() -> None:
    with pytest.raises(ModuleNotFoundError):
        getattr(defer_module('keylint_no_such_module'), 'name')  # noqa: B009


@pytest.mark.parametrize('data', [b'', b'abc', bytes(range(256)) * 5])
def test_digests_are_those_of_hashlib(data: bytes) -> None:
    assert sha256(data).hexdigest() == hashlib.sha256(data).hexdigest()
    ours, usual = (
        blake2b(data, digest_size=16, key=b'k'),
        hashlib.blake2b(data, digest_size=16, key=b'k'),
    )
    assert ours.digest() == usual.digest()
