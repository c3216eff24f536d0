"""Explain a mistake in a command line: the mistake, and the words that are close to it."""

from __future__ import annotations

import re
from argparse import ArgumentParser
from collections.abc import Iterator

from keylint.core.errors import suggest_word
from keylint.findings.foreign_text import quote_message

# What argparse says of a word that is none of those allowed, and of options that it does not know.
_CHOICE = re.compile(
    r"argument (?P<what>.+?): invalid choice: '(?P<word>.*)' \(choose from (?P<all>.*)\)"
)
_MISSING = re.compile(r'the following arguments are required: (?P<what>[\w-]+)')
_UNKNOWN = re.compile(r'unrecognized arguments: (?P<words>.*)')


def explain_usage(message: str, parser: ArgumentParser) -> str:
    """Return what argparse says, shorter and with a suggestion where there is one."""
    program = parser.prog
    choice = _CHOICE.fullmatch(message)
    unknown = _UNKNOWN.fullmatch(message)
    missing = _MISSING.fullmatch(message)
    if choice:
        said = _explain_choice(choice['what'], choice['word'], choice['all'])
    elif unknown:
        said = _explain_unknown(unknown['words'].split()[0].partition('=')[0], parser)
        program = _name_command(parser)
    elif missing:
        said = _explain_missing(missing['what'], parser)
    else:
        said = message
    return quote_message(f'{said} (see {program} --help)')


def _explain_choice(what: str, word: str, listed: str) -> str:
    allowed = [one.strip("' ") for one in listed.split(',')]
    hint = suggest_word(word, allowed) or f'; allowed: {", ".join(allowed)}'
    if what.startswith('-'):
        return f"{what}: unknown value '{word}'{hint}"
    return f"unknown command '{word}'{hint}"


def _explain_missing(what: str, parser: ArgumentParser) -> str:
    for action in parser._actions:
        if what in (action.dest, action.metavar) and action.choices:
            return f'choose one: {", ".join(map(str, action.choices))}'
    return f'{what} is missing'


def _explain_unknown(word: str, parser: ArgumentParser) -> str:
    if not word.startswith('-'):
        return f"unexpected argument '{word}'"
    known = sorted(set(_list_options(parser)))
    if word in known:
        return f"the option '{word}' belongs to another command, or on the other side of this one"
    return f"unknown option '{word}'{suggest_word(word, known)}"


def _name_command(parser: ArgumentParser) -> str:
    """Return the command whose options were asked for, where the parser was built for one alone."""
    for action in parser._actions:
        if isinstance(action.choices, dict) and len(action.choices) == 1:
            (command,) = action.choices.values()
            return str(command.prog)
    return parser.prog


def _list_options(parser: ArgumentParser) -> Iterator[str]:
    """Yield the options of a parser and of its commands, which hand on what they do not know."""
    for action in parser._actions:  # argparse has no public list
        yield from action.option_strings
        if isinstance(action.choices, dict):
            for command in action.choices.values():
                yield from _list_options(command)
