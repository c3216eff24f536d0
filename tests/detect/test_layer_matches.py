"""The matcher never says no where a layer would be read."""

from __future__ import annotations

import base64
import json
import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st

from keylint.matcher.encoded_patterns import list_known_digits
from keylint.matcher.match import list_kinds
from tests.conftest import Repository, Run
from tests.detect.layered import ENCODINGS, KEY, PAIR, RULES, TEXTS, b64, found, noise, scanned

# The first law: the gate never says no where a layer would be read

WORDS = (
    b'secret',
    b'SECRET',
    b'Secret',
    b'token',
    b'passphrase',
    b'password',
    b'PRIVATE',
    b'api_key',
    b'API_KEY=',
    b'"key":',
    b'mnemonic',
    b'-----BEGIN ',
)


@given(st.sampled_from(WORDS), st.binary(max_size=40), st.binary(max_size=40), st.booleans())
def test_a_telling_word_wakes_the_gate_wherever_it_stands(
    word: bytes, before: bytes, after: bytes, is_url_safe: bool
) -> None:
    encode = base64.urlsafe_b64encode if is_url_safe else base64.b64encode
    for shift in range(3):
        data = bytes(shift) + before + word + after
        for code in (
            encode(data),
            encode(encode(data)),
            data.hex().encode(),
            data.hex().upper().encode(),
        ):
            assert 'encoded' in list_kinds(RULES.matcher.find_matches(code)), (code, word)


@given(st.binary(min_size=4, max_size=12), st.binary(max_size=9), st.binary(max_size=9))
def test_some_digits_of_a_word_are_the_same_wherever_it_stands(
    word: bytes, before: bytes, after: bytes
) -> None:
    code = base64.b64encode(before + word + after)
    first, last = len(before) * 8 // 6, -(-8 * (len(before) + len(word)) // 6)
    assert any(
        first <= code.find(known, first) and code.find(known, first) + len(known) <= last
        for known in list_known_digits(word)
    )


@given(
    st.sampled_from(sorted(TEXTS)),
    st.integers(0, 40),
    st.sampled_from(('base64', 'URL-safe', 'wrapped', 'twice', 'hex', 'gzip')),
)
def test_a_credential_is_found_at_every_alignment(kind: str, shift: int, encoding: str) -> None:
    text, rule, _ = TEXTS[kind]
    words = ('words and ' * 5)[:shift] + '\n' + text
    assert rule in [
        finding.rule for finding in found('a.txt', f'x "{ENCODINGS[encoding][1](words)}"\n')
    ]


@given(st.text('ab=+/%\\xu0123456789&#;"\n H4sIeJw', max_size=300))
def test_any_text_ends_without_a_failure(text: str) -> None:
    assert scanned('a.py', f'api_secret = "{text}"\n{b64(text)}secret').failures == ()


# As processes


def test_scan_staged_and_history(keylint: Run, repository: Repository) -> None:
    repository.write('bot.py', f'import binance\n\nBLOB = "{b64(PAIR)}"\n')
    repository.git('add', '-A')
    for arguments in [['scan', '.'], ['scan', '--staged'], ['scan', '--history']]:
        if arguments[-1] == '--history':
            repository.commit()
            repository.write('bot.py', 'import binance\n')
            repository.commit()
        done = keylint(*arguments, '--format', 'json', cwd=repository.folder)
        (finding,) = json.loads(done.stdout)['findings']
        assert (done.returncode, finding['rule'], finding['line'], finding['container']) == (
            1,
            'binance-credential',
            3,
            'base64',
        ), arguments
        assert KEY not in done.stdout
        assert b64(PAIR)[8:40] not in done.stdout


def test_nothing_is_imported_for_a_file_without_layers() -> None:
    text = PAIR + 'x = "' + noise('quiet', 64).hex() + '"\n'
    code = (
        'import sys; from keylint.cli import main\n'
        'try: main(["scan", "-", "--isolated"])\nfinally: print(*sys.modules)'
    )
    done = subprocess.run(
        [sys.executable, '-c', code], input=text.encode(), capture_output=True, check=False
    )
    loaded = done.stdout.decode().split()
    assert 'keylint.pipeline.examine' in loaded
    assert 'keylint.detect.decoded' not in loaded
