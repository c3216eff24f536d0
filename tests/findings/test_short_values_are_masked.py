"""A short passphrase that a line repeats is masked there too.

In excerpts, and in what is said of a key beside it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from keylint.rules.recipes import expand_recipes
from tests.conftest import Run

PAIR = 'OKX_API_KEY = "{uuid}"\nOKX_SECRET = "{HEX:32}"\n'


@pytest.mark.parametrize('form', ['full', 'html'])
@pytest.mark.parametrize('length', [6, 7, 8, 9])
def test_it_is_shown_nowhere(length: int, form: str, keylint: Run, tmp_path: Path) -> None:
    value = expand_recipes(f'{{pass:{length}}}', f'masked {length}')
    line = f'OKX_PASSPHRASE = "{value}"  # until May it was {value}!\n'
    (tmp_path / 'bot.py').write_text(expand_recipes(PAIR, 'masked') + line)
    done = keylint('scan', '--format', form)
    assert (done.returncode, 'passphrase' in done.stdout) == (1, True)
    assert 'until May it was …!' in done.stdout
    assert value not in done.stdout
