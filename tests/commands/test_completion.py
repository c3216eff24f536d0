"""Completion in four shells: the script is read by its shell, and offers what the parser knows."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable

import pytest

from keylint.cli import build_parser
from keylint.commands.completion import _SCRIPTS, list_words
from tests.conftest import Run

RULES = ('kraken-credential', 'key-stale')
WORDS = list_words(build_parser(), RULES)
# A line that is being typed, and words that must, and must not, be offered at its end.
LINES = [
    (['keylint', 'do'], {'doctor'}, {'scan'}),
    (['keylint', 'scan', '--stag'], {'--staged'}, {'--format'}),
    (['keylint', 'scan', '--format', 'con'], {'concise'}, {'json'}),
    (['keylint', 'scan', '--select', 'krak'], {'kraken-credential'}, {'key-stale'}),
    (['keylint', 'explain', 'key-'], {'key-stale'}, {'kraken-credential'}),
    (['keylint', 'completion', 'f'], {'fish'}, {'zsh'}),
]


def script(shell: str) -> str:
    return _SCRIPTS[shell](WORDS)


def ask_bash(words: list[str]) -> str:
    quoted = ' '.join(words)
    return (
        f'{script("bash")}\nCOMP_WORDS=({quoted}); COMP_CWORD={len(words) - 1}; _keylint; '
        'printf "%s\\n" "${COMPREPLY[@]}"'
    )


def ask_zsh(words: list[str]) -> str:
    """Stand in for the completion system, which wants a terminal: print what it would be told."""
    stubs = (
        'compdef() { : }; _files() { : }; _describe() { print -l -- "${(@P)2}" }; '
        'compadd() { shift; print -l -- "$@" }\n'
    )
    return f'{stubs}{script("zsh")}\nwords=({" ".join(words)}); CURRENT={len(words)}; _keylint'


def ask_fish(words: list[str]) -> str:
    return f'{script("fish")}\ncomplete -C "{" ".join(words)}"'


@pytest.mark.parametrize(('words', 'want', 'others'), LINES, ids=str)
@pytest.mark.parametrize(
    ('shell', 'ask'), [('bash', ask_bash), ('zsh', ask_zsh), ('fish', ask_fish)]
)
def test_what_a_shell_offers(
    shell: str, ask: Callable[[list[str]], str], words: list[str], want: set[str], others: set[str]
) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f'{shell} is not installed')
    command = [shell, '-f', '-c', ask(words)] if shell == 'zsh' else [shell, '-c', ask(words)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, '')
    offered = {line.split('\t')[0].split(':')[0] for line in done.stdout.split('\n')}
    assert want <= offered
    if shell != 'zsh':  # which filters by the beginning of the word itself
        assert not offered & others


def test_every_script_has_every_word() -> None:
    for shell in _SCRIPTS:
        text = script(shell)
        for command in WORDS:
            assert command.name in text
            for option in command.options:
                spelled = {name if shell != 'fish' else name.lstrip('-') for name in option.names}
                assert all(name in text for name in spelled), (shell, command.name, option.names)


def test_the_ids_are_those_of_the_rules(keylint: Run) -> None:
    done = keylint('completion', 'bash')
    assert (done.returncode, done.stderr) == (0, '')
    for rule in ('kraken-credential', 'generic-password', 'key-can-withdraw'):
        assert rule in done.stdout
    refused = keylint('completion', 'tcsh')
    assert (refused.returncode, refused.stdout) == (2, '')
    assert "unknown command 'tcsh'" in refused.stderr or "'tcsh'" in refused.stderr
