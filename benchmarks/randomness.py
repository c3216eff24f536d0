"""What keylint's measure of randomness keeps of random values and lets pass of words.

python benchmarks/randomness.py [--values 20000] [--show 0]
"""

from __future__ import annotations

import argparse
import base64
import random
import re
import string
import sysconfig
import uuid
from collections.abc import Callable
from pathlib import Path

from keylint.validators.randomness import is_random

LETTERS = string.ascii_letters + string.digits
BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'


def shapes(rng: random.Random) -> dict[str, Callable[[], str]]:
    """Makers of random values."""

    def run(alphabet: str, length: int) -> Callable[[], str]:
        return lambda: ''.join(rng.choices(alphabet, k=length))

    made: dict[str, Callable[[], str]] = {
        f'alnum {n}': run(LETTERS, n) for n in (16, 20, 24, 32, 36, 40, 64)
    }
    made |= {f'lower alnum {n}': run(string.ascii_lowercase + string.digits, n) for n in (20, 32)}
    made |= {f'hex {n}': run('0123456789abcdef', n) for n in (24, 32, 40, 64)}
    made |= {f'url-safe {n}': run(LETTERS + '-_', n) for n in (24, 43, 48)}
    made |= {f'base58 {n}': run(BASE58, n) for n in (22, 44, 88)}
    made |= {
        f'base64 of {n} bytes': lambda n=n: (  # type: ignore[misc]
            base64.b64encode(rng.randbytes(n)).decode()
        )
        for n in (24, 32, 42, 64)
    }
    made['uuid'] = lambda: str(uuid.UUID(int=rng.getrandbits(128), version=4))
    return made


def words(most: int) -> list[str]:
    """Tokens of 12 and more characters out of the standard library's sources."""
    found: set[str] = set()
    for path in sorted(Path(sysconfig.get_paths()['stdlib']).rglob('*.py')):
        if 'site-packages' not in path.parts and len(found) < most:
            found |= set(
                re.findall(
                    r'[A-Za-z0-9_./+=\-]{12,80}', path.read_text(encoding='utf-8', errors='replace')
                )
            )
    return sorted(found)[:most]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--values', type=int, default=20000)
    parser.add_argument('--show', type=int, default=0, help='print some of the words that pass')
    arguments = parser.parse_args()
    rng = random.Random(7)
    print('| random values | kept |\n|---|---|')
    for name, make in shapes(rng).items():
        kept = sum(is_random(make().encode()) for _ in range(arguments.values))
        print(f'| {name} | {100 * kept / arguments.values:.2f} % |')
    tokens = words(400_000)
    passing = [token for token in tokens if is_random(token.encode())]
    print(
        f'\n{len(tokens)} tokens of the standard library: '
        f'{100 * len(passing) / len(tokens):.2f} % pass'
    )
    for token in rng.sample(passing, min(arguments.show, len(passing))):
        print(' ', token[:100])


if __name__ == '__main__':
    main()
