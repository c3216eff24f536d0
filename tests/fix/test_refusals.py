"""What `keylint fix` refuses to touch: each file stays as it is, byte for byte, with a reason."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from keylint.rules.recipes import expand_recipes
from tests.conftest import Repository, Run

KEY, SECRET = 'BINANCE_API_KEY', 'BINANCE_API_SECRET'
PAIR = f"{KEY} = '{{alnum:64}}'\n{SECRET} = '{{alnum:64}}'\n"
LINES = f'{KEY}={{alnum:64}}\n{SECRET}={{alnum:64}}\n'
COMPOSE = 'services:\n  bot:\n    image: bot\n    environment:\n'
CODE, TEXT = 'code', 'markdown'


def notebook(kind: str, source: str, **metadata: str) -> str:
    """Return a recipe of a notebook with one cell."""
    lines = source.splitlines(keepends=True)
    cell: dict[str, object] = {'cell_type': kind, 'metadata': {}, 'source': lines}
    if kind == CODE:
        cell |= {'execution_count': 1, 'outputs': []}
    whole = {'cells': [cell], 'metadata': metadata, 'nbformat': 4, 'nbformat_minor': 5}
    return as_recipe(whole)


def as_recipe(document: object) -> str:
    """JSON with braces as recipes want them, and the recipes in it as they are."""
    text = json.dumps(document).replace('{', '{{').replace('}', '}}')
    return text.replace('{{alnum:64}}', '{alnum:64}').replace('{{alnum:32}}', '{alnum:32}')


def freqtrade(**exchange: object) -> str:
    whole = {'stake_currency': 'X', 'dry_run': False, 'exchange': {'name': 'binance', **exchange}}
    return as_recipe(whole)


REFUSED = {
    # Python
    'another encoding': ('bot.py', f'# coding: latin-1\n{PAIR}', 'only UTF-8 is edited'),
    'Python 2': ('bot.py', f'{PAIR}print KEY\n', 'no Python 3 that can be parsed'),
    'comments': ('bot.py', f'# {KEY} = "{{alnum:64}}"\n', 'is in a comment'),
    'a docstring': ('bot.py', f'"""\n{PAIR}"""\n', 'is in a docstring'),
    'a text that nothing uses': ('bot.py', f'x = 1\n"""\n{PAIR}"""\n', 'that nothing uses'),
    'a list that is joined': (
        'bot.py',
        f"{SECRET} = ''.join(['{{alnum:32}}', '{{alnum:32}}'])\n",
        'encoded text',
    ),
    # Notebooks
    'a text cell': ('a.ipynb', notebook(TEXT, LINES), 'is in a text cell'),
    'the metadata': (
        'a.ipynb',
        notebook(CODE, 'print(1)\n', **{KEY: '{alnum:64}', SECRET: '{alnum:64}'}),
        'the metadata of the notebook',
    ),
    'a cell that is a magic': ('a.ipynb', notebook(CODE, f'%%bash\n{LINES}'), 'is a magic'),
    'an old notebook': (
        'a.ipynb',
        as_recipe(
            {
                'worksheets': [{'cells': [{'cell_type': CODE, 'input': PAIR.splitlines(True)}]}],
                'metadata': {},
                'nbformat': 3,
                'nbformat_minor': 0,
            }
        ),
        'format 3 or older',
    ),
    'a broken notebook': (
        'a.ipynb',
        notebook(CODE, PAIR).rpartition('}}')[0],
        'no JSON that can be parsed',
    ),
    # Documents
    'flow YAML': ('a.yaml', f'b: {{{{{KEY}: {{alnum:64}}}}}}\n', 'YAML has no variables'),
    'a manifest': (
        'a.yaml',
        f'apiVersion: v1\nkind: ConfigMap\ndata:\n  {SECRET}: {{alnum:64}}\n',
        'a manifest has no variables',
    ),
    'Terraform': ('a.tf', f'{SECRET.lower()} = "{{alnum:64}}"\n', 'declare a variable'),
    'an image': ('Dockerfile', f'FROM x\nENV {SECRET}={{alnum:64}}\n', 'an image keeps'),
    'an INI file': ('a.ini', '[binance]\napi_secret = {alnum:64}\n', 'the program that reads'),
    'a plain text': ('notes.txt', LINES, 'files of this kind are not edited'),
    # Programs in other languages
    'JavaScript': (
        'bot.js',
        'const binance = new ccxt.binance({{ apiKey: "{alnum:64}", secret: "{alnum:64}" }})\n',
        'process.env.BINANCE_API_KEY, process.env.BINANCE_API_SECRET',
    ),
    'Go': ('b.go', f'const {SECRET} = "{{alnum:64}}"\n', f'os.Getenv("{SECRET}")'),
    'Rust': ('b.rs', f'const {SECRET}: &str = "{{alnum:64}}";\n', f'std::env::var("{SECRET}")'),
    'Java': ('B.java', f'String {SECRET} = "{{alnum:64}}";\n', f'System.getenv("{SECRET}")'),
    'Ruby': ('b.rb', f"{SECRET} = '{{alnum:64}}'\n", f"ENV.fetch('{SECRET}')"),
    'Perl': ('b.pl', f"my ${SECRET} = '{{alnum:64}}';\n", f'$ENV{{{SECRET}}}'),
    # Compose
    'Compose, a comment': (
        'compose.yaml',
        f'{COMPOSE}      A: b\n      # {SECRET}: {{alnum:64}}\n',
        'is in no value of the document',
    ),
    'Compose, broken': (
        'compose.yaml',
        f'{COMPOSE}      {SECRET}: {{alnum:64}}\n   bad: [\n',
        'YAML has no variables',
    ),
    # freqtrade
    'freqtrade, a list': (
        'config.json',
        freqtrade(accounts=[{'secret': '{alnum:64}'}]),
        'no lists there',
    ),
    'freqtrade, a capital': ('config.json', freqtrade(apiSecret='{alnum:64}'), 'small letters'),
    # .env
    'another .env, a comment': (
        'prod.env',
        f'# {SECRET}={{alnum:64}}\n',
        'is not in a line NAME=value',
    ),
    # The key inventory
    'an inventory without comments': (
        'keys.json',
        as_recipe({'keys': [{'exchange': 'kraken', 'permissions': ['read'], 'ip_allowlist': []}]}),
        'this format has no comments',
    ),
}


@pytest.mark.parametrize('name', REFUSED)
def test_a_refusal_leaves_the_file_as_it_is(
    keylint: Run, repository: Repository, name: str
) -> None:
    file, text, why = REFUSED[name]
    path = repository.write(file, expand_recipes(text, f'refusals/{name}'))
    before = path.read_bytes()
    done = keylint('fix', '--isolated', cwd=repository.folder)
    assert why in done.stdout, done.stdout + done.stderr
    assert (done.returncode, path.read_bytes()) == (1, before)
    assert [each.name for each in repository.folder.iterdir() if each.name != '.git'] == [file]


def test_the_env_file_itself_outside_of_a_repository(keylint: Run, tmp_path: Path) -> None:
    path = tmp_path / '.env'
    path.write_text(expand_recipes(LINES, 'refusals/env'))
    before = path.read_bytes()
    done = keylint('fix', '--isolated')
    assert 'it is the .env itself, and no repository holds it' in done.stdout
    assert path.read_bytes() == before


def test_a_tracked_env_file_takes_no_values(keylint: Run, repository: Repository) -> None:
    """What went into a file that git tracks would be published all the same."""
    repository.write('.env', 'MODE=dry\n')
    repository.commit()
    path = repository.write('bot.py', expand_recipes(PAIR, 'refusals/tracked'))
    before = path.read_bytes()
    done = keylint('fix', '--isolated', cwd=repository.folder)
    assert (done.returncode, path.read_bytes()) == (1, before), done.stdout
    assert (repository.folder / '.env').read_text() == 'MODE=dry\n'


def test_nothing_is_written_through_a_link(keylint: Run, repository: Repository) -> None:
    outside = repository.folder.parent / 'outside'
    outside.write_text('MODE=dry\n')
    (repository.folder / '.env').symlink_to(outside)
    path = repository.write('bot.py', expand_recipes(PAIR, 'refusals/link'))
    before = path.read_bytes()
    done = keylint('fix', '--isolated', cwd=repository.folder)
    assert (done.returncode, path.read_bytes()) == (1, before), done.stdout
    assert outside.read_text() == 'MODE=dry\n'


def test_a_name_that_stands_in_the_env_file_with_another_value(
    keylint: Run, repository: Repository
) -> None:
    """Neither of the two values may take the other's place."""
    path = repository.write('prod.env', expand_recipes(LINES, 'refusals/one'))
    taken = expand_recipes(LINES, 'refusals/other')
    repository.write('.gitignore', '.env\n')
    repository.write('.env', taken)
    before = path.read_bytes()
    done = keylint('fix', '--isolated', 'prod.env', cwd=repository.folder)
    assert (done.returncode, path.read_bytes()) == (1, before), done.stdout
    assert 'has another value in .env already' in done.stdout
    assert (repository.folder / '.env').read_text() == taken
