"""`keylint completion`: a script of completions for a shell, made from the command line itself.

It needs no package, and asks keylint nothing while somebody types: commands, options, their values
and the ids of the rules stand in the script.
"""

from __future__ import annotations

import sys
from argparse import Action, ArgumentParser, Namespace, _SubParsersAction
from collections.abc import Callable, Iterable

from keylint.core.records import NamedTuple
from keylint.rules.builtin import GENERIC_RULES
from keylint.rules.load import load_rules

# Options and arguments that are ids of rules.
_RULE_WORDS = ('rule', 'select', 'ignore')


class OptionWords(NamedTuple):
    """One option: its spellings, its line of help, the values that can be completed.

    `takes_value` is set as well where any text or file is a value.
    """

    names: tuple[str, ...]
    help: str
    values: tuple[str, ...]
    takes_value: bool


class CommandWords(NamedTuple):
    """One command: its line of help, its options, the values of its arguments."""

    name: str
    help: str
    options: tuple[OptionWords, ...]
    values: tuple[str, ...]


def run(arguments: Namespace, parser: ArgumentParser) -> int:
    """Print the script and return 0."""
    pack = load_rules().pack
    rules = sorted(
        (*(f'{issuer}-credential' for issuer in pack.rules), *GENERIC_RULES, *pack.policies)
    )
    commands = list_words(parser, tuple(rules))
    sys.stdout.write(_SCRIPTS[arguments.shell](commands))
    return 0


def list_words(parser: ArgumentParser, rules: tuple[str, ...]) -> list[CommandWords]:
    """List the commands of a parser with all that can be completed of them."""
    found = []
    for action in parser._actions:  # argparse has no public list
        if not isinstance(action, _SubParsersAction):
            continue
        helps = {choice.dest: choice.help or '' for choice in action._choices_actions}
        for name, command in action.choices.items():
            own = command._actions
            options = tuple(_read_option(one, rules) for one in own if one.option_strings)
            values = (
                value for one in own if not one.option_strings for value in _list_values(one, rules)
            )
            found.append(CommandWords(name, helps[name], options, tuple(values)))
    return found


def _read_option(action: Action, rules: tuple[str, ...]) -> OptionWords:
    values = _list_values(action, rules)
    text = ' '.join((action.help or '').split()).replace('%%', '%')
    return OptionWords(tuple(action.option_strings), text, values, action.nargs != 0)


def _list_values(action: Action, rules: tuple[str, ...]) -> tuple[str, ...]:
    if action.choices is not None:
        return tuple(map(str, action.choices))
    return rules if action.dest in _RULE_WORDS else ()


def _quote(text: str) -> str:
    """Quote a text of help, which may have apostrophes, for zsh and fish."""
    return "'" + text.replace('\\', '').replace("'", '’') + "'"


def _join(words: Iterable[str]) -> str:
    return ' '.join(words)


def _list_names(command: CommandWords) -> str:
    return _join(name for option in command.options for name in option.names)


def write_bash(commands: list[CommandWords]) -> str:
    """Write a function that bash calls with the words of the line."""
    cases = []
    for command in commands:
        for option in command.options:
            if option.values:
                keys = '|'.join(f'{command.name}:{name}' for name in option.names)
                cases.append(f'    {keys}) words="{_join(option.values)}" ;;')
        cases += [
            f'    {command.name}:{name}) return ;;'
            for option in command.options
            if option.takes_value
            for name in option.names
        ]
        cases.append(f'    {command.name}:*) words="{_list_names(command)}"')
        cases.append(f'      [[ $cur == -* ]] || words="{_join(command.values)}" ;;')
    names = _join(command.name for command in commands)
    lines = [
        '# bash: eval "$(keylint completion bash)"',
        '_keylint() {',
        '  local cur=${COMP_WORDS[COMP_CWORD]} words=""',
        '  COMPREPLY=()',
        '  if (( COMP_CWORD == 1 )); then',
        f'    COMPREPLY=($(compgen -W "{names} help --help --version" -- "$cur"))',
        '    return',
        '  fi',
        '  case "${COMP_WORDS[1]}:${COMP_WORDS[COMP_CWORD-1]}" in',
        *cases,
        '  esac',
        '  COMPREPLY=($(compgen -W "$words" -- "$cur"))',
        '}',
        'complete -o bashdefault -o default -F _keylint keylint',
    ]
    return '\n'.join(lines) + '\n'


def _list_zsh_cases(commands: list[CommandWords]) -> list[str]:
    """List what stands for the word before the cursor, then what stands for the command alone."""
    cases = []
    for command in commands:
        for option in command.options:
            if option.values:
                keys = '|'.join(f'{command.name}:{name}' for name in option.names)
                cases.append(f'    ({keys}) compadd -- {_join(option.values)}; return ;;')
            elif option.takes_value:
                keys = '|'.join(f'{command.name}:{name}' for name in option.names)
                cases.append(f'    ({keys}) _files; return ;;')
    for command in commands:
        rows = _join(
            _quote(f'{name}:{option.help.replace(":", " -")}')
            for option in command.options
            for name in option.names
        )
        values = f'compadd -- {_join(command.values)}' if command.values else '_files'
        cases.append(f'    ({command.name}:*) options=({rows}); plain="{values}" ;;')
    return cases


def write_zsh(commands: list[CommandWords]) -> str:
    """Write a function that zsh's completion system calls."""
    rows = _join(_quote(f'{command.name}:{command.help}') for command in commands)
    lines = [
        '#compdef keylint',
        '# zsh: eval "$(keylint completion zsh)", or save it as _keylint in a folder of $fpath',
        '_keylint() {',
        '  local -a commands options',
        '  local plain=_files',
        '  if (( CURRENT == 2 )); then',
        f'    commands=({rows})',
        '    _describe command commands',
        '    return',
        '  fi',
        '  case "${words[2]}:${words[CURRENT-1]}" in',
        *_list_zsh_cases(commands),
        '  esac',
        '  if [[ ${words[CURRENT]} == -* ]]; then',
        '    _describe option options',
        '  else',
        '    ${=plain}',
        '  fi',
        '}',
        'if [[ ${funcstack[1]} == _keylint ]]; then',
        '  _keylint "$@"',
        'else',
        '  compdef _keylint keylint',
        'fi',
    ]
    return '\n'.join(lines) + '\n'


def write_fish(commands: list[CommandWords]) -> str:
    """Write a line of `complete` for each command and option."""
    lines = [
        '# fish: keylint completion fish > ~/.config/fish/completions/keylint.fish',
        'set -l commands ' + _join(command.name for command in commands),
    ]
    first = 'not __fish_seen_subcommand_from $commands'
    for command in commands:
        lines.append(
            f'complete -c keylint -n "{first}" -f -a {command.name} -d {_quote(command.help)}'
        )
        when = f'"__fish_seen_subcommand_from {command.name}"'
        if command.values:
            lines.append(f'complete -c keylint -n {when} -f -a {_quote(_join(command.values))}')
        for option in command.options:
            spelled = _join(
                f'-l {name[2:]}' if name.startswith('--') else f'-s {name[1:]}'
                for name in option.names
            )
            needs = f' -x -a {_quote(_join(option.values))}' if option.values else ''
            if option.takes_value and not option.values:
                needs = ' -r'
            lines.append(f'complete -c keylint -n {when} {spelled}{needs} -d {_quote(option.help)}')
    return '\n'.join(lines) + '\n'


def write_powershell(commands: list[CommandWords]) -> str:
    """Write an argument completer with a table of all words."""
    rows = []
    for command in commands:
        words = [*_list_names(command).split(), *command.values]
        rows.append(f"    '{command.name}' = {_list_for_powershell(words)}")
        rows += [
            f"    '{command.name} {name}' = {_list_for_powershell(option.values)}"
            for option in command.options
            for name in option.names
            if option.values
        ]
    names = _list_for_powershell([command.name for command in commands])
    lines = [
        '# PowerShell: keylint completion powershell | Out-String | Invoke-Expression',
        'Register-ArgumentCompleter -Native -CommandName keylint -ScriptBlock {',
        '  param($word, $line, $position)',
        f"  $table = @{{\n    '' = {names}",
        *rows,
        '  }',
        '  $typed = @($line.CommandElements | ForEach-Object { "$_" })',
        '  $done = @($typed | Select-Object -Skip 1 | Where-Object { $_ -ne $word })',
        "  $command = if ($done.Count) { $done[0] } else { '' }",
        '  $last = if ($done.Count -gt 1) { "$command $($done[-1])" } else { $command }',
        '  $words = if ($table.ContainsKey($last)) { $table[$last] } else { $table[$command] }',
        '  $words | Where-Object { $_ -like "$word*" } | ForEach-Object {',
        "    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)",
        '  }',
        '}',
    ]
    return '\n'.join(lines) + '\n'


def _list_for_powershell(words: Iterable[str]) -> str:
    return '@(' + ', '.join(f"'{word}'" for word in words) + ')'


_SCRIPTS: dict[str, Callable[[list[CommandWords]], str]] = {
    'bash': write_bash,
    'zsh': write_zsh,
    'fish': write_fish,
    'powershell': write_powershell,
}
