"""Check paths as they are shown from the root of a repository."""

from __future__ import annotations

import os

import pytest

from keylint.core.relative_paths import path_from_root


@pytest.mark.parametrize(
    ('path', 'root', 'base', 'want'),
    [
        ('a.env', '/r', '/r', 'a.env'),
        ('a.env', '/r', '/r/b', 'b/a.env'),
        ('../a.env', '/r', '/r/b', 'a.env'),
        ('/r/b/a.env', '/r', '/elsewhere', 'b/a.env'),
        ('../s/a.env', '/r', '/r', '/s/a.env'),
        ('/root/a.env', '/r', '/r', '/root/a.env'),
        ('a.env', '/', '/', 'a.env'),
    ],
)
@pytest.mark.skipif(os.name == 'nt', reason='paths of POSIX')
def test_a_path_from_the_root(path: str, root: str, base: str, want: str) -> None:
    assert path_from_root(path, root, base) == want
