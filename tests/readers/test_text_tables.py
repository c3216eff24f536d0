"""Tables in texts: each cell below a head is a value under that name, however it is printed."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from keylint.core.blob import Blob, Origin
from keylint.core.config import Config
from keylint.matcher.match import TABLE_KINDS
from keylint.pipeline.blob import scan_blob
from keylint.readers.text_tables import read_ruled_tables, read_tables
from keylint.rules.load import Rules, load_rules
from keylint.rules.recipes import expand_recipes

Rows = list[tuple[str, ...]]
Print = Callable[[Rows], str]

ACCOUNTS = 20  # the last rows stand far from their heads


def widths(rows: Rows) -> list[int]:
    return [max(map(len, column)) for column in zip(*rows, strict=True)]


def join_rows(rows: Rows, between: str, rule: str = '', edge: tuple[str, str] = ('', '')) -> str:
    lines = [
        edge[0] + between.join(map(str.ljust, row, widths(rows))).rstrip() + edge[1] for row in rows
    ]
    return '\n'.join(lines[:1] + [rule] * bool(rule) + lines[1:]) + '\n'


def print_pandas(rows: Rows) -> str:
    lines = ['  '.join(map(str.rjust, row, widths(rows))) for row in rows]
    return '\n'.join([f'     {lines[0]}', *(f'{n:<3}  {row}' for n, row in enumerate(lines[1:]))])


def print_html(rows: Rows, gap: str, tag: str) -> str:
    lines = [
        f'<tr>{gap}'
        + gap.join(f'<{tag if number == 0 else "td"}>{cell}</{tag}>' for cell in row)
        + f'{gap}</tr>'
        for number, row in enumerate(rows)
    ]
    return f'<table class="dataframe">\n{gap.join(lines)}\n</table>\n'


def print_box(rows: Rows) -> str:
    rule = '├' + '┼'.join('─' * (width + 2) for width in widths(rows)) + '┤'
    return join_rows(rows, ' │ ', rule, ('│ ', ' │'))


PRINTS: dict[str, Print] = {
    'pandas': print_pandas,
    'column -t': lambda rows: join_rows(rows, '  '),
    'Markdown': lambda rows: join_rows(rows, ' | ', '|---|:-:|---|', ('| ', ' |')),
    'Markdown without frames': lambda rows: join_rows(rows, ' | ', '---|---|---'),
    'psql': lambda rows: join_rows(rows, ' | ', '-+-'.join('-' * w for w in widths(rows))),
    'mysql': lambda rows: join_rows(
        rows, ' | ', '+-' + '-+-'.join('-' * w for w in widths(rows)) + '-+', ('| ', ' |')
    ),
    'rich': print_box,
    'TSV': lambda rows: ''.join('\t'.join(row) + '\n' for row in rows),
    'CSV': lambda rows: ''.join(','.join(row) + '\n' for row in rows),
    'CSV in quotes': lambda rows: ''.join(
        ','.join(f'"{cell}"' for cell in row) + '\n' for row in rows
    ),
    'CSV with semicolons': lambda rows: ''.join(';'.join(row) + '\n' for row in rows),
    'blanks': lambda rows: ''.join(' '.join(row) + '\n' for row in rows),
    'HTML of pandas': lambda rows: print_html(rows, '\n      ', 'th'),
    'HTML on one line': lambda rows: print_html(rows, '', 'th'),
    'HTML without heads': lambda rows: print_html(rows, '', 'td'),
}


def carry_plain(text: str) -> tuple[str, str]:
    return 'notes.txt', f'Our accounts:\n\n{text}\nThat is all.\n'


def carry_notebook(text: str) -> tuple[str, str]:
    kind = 'text/html' if '<table' in text else 'text/plain'
    data = {kind: text.splitlines(keepends=True)}
    output = {'output_type': 'execute_result', 'execution_count': 1, 'metadata': {}, 'data': data}
    cell = {
        'cell_type': 'code',
        'metadata': {},
        'execution_count': 1,
        'source': ['df'],
        'outputs': [output],
    }
    whole = {'cells': [cell], 'metadata': {}, 'nbformat': 4, 'nbformat_minor': 5}
    return 'a.ipynb', json.dumps(whole, ensure_ascii=False)


def carry_messages(text: str) -> tuple[str, str]:
    return 'chat.jsonl', json.dumps({'role': 'user', 'content': text}, ensure_ascii=False)


def carry_crlf(text: str) -> tuple[str, str]:
    return 'notes.md', text.replace('\n', '\r\n')


@pytest.fixture(scope='module')
def rules() -> Rules:
    return load_rules()


def make_rows(heads: tuple[str, ...], recipe: str, seed: str) -> Rows:
    cells = [
        (f'acc{n}', *(expand_recipes(recipe, f'{seed}/{n}/{head}') for head in heads[1:]))
        for n in range(ACCOUNTS)
    ]
    return [heads, *cells]


def find_values(path: str, text: str, rules: Rules) -> set[str]:
    config = Config(show_secrets=True, severity='low')
    result = scan_blob(Blob(text.encode(), Origin(path)), rules, config)
    return {part.value or '' for finding in result.findings for part in finding.parts}


@pytest.mark.parametrize('name', PRINTS)
def test_silent_columns_hold_no_secrets(name: str, rules: Rules) -> None:
    """Digests, public names and references, printed the same way."""
    for heads in (('order', 'tx_hash', 'public_key'), ('file', 'token_sha256', 'name')):
        text = PRINTS[name](make_rows(heads, '{hex:64}', name))
        assert find_values(*carry_plain(text), rules) == set(), heads
    text = PRINTS[name](make_rows(('account', 'api_key', 'api_secret'), '$VAULT_NAME', name))
    assert find_values(*carry_plain(text), rules) == set()


def test_a_row_is_no_header_of_the_rows_below_it(rules: Rules) -> None:
    """What a setting is called stands to the left of it, not above."""
    rows: Rows = [
        ('name', 'value'),
        ('index', 'prod_tokens'),
        ('release', expand_recipes('{hex:40}', 'release')),
        ('queue', 'api_keys'),
        ('commit', expand_recipes('{hex:40}', 'commit')),
    ]
    for name in ('Markdown', 'psql', 'mysql', 'rich'):
        text = PRINTS[name](rows).replace('|---|:-:|---|', '|---|:-:|')
        assert find_values(*carry_plain(text), rules) == set(), name


@pytest.mark.parametrize('carry', [carry_plain, carry_notebook, carry_messages, carry_crlf])
@pytest.mark.parametrize('name', PRINTS)
def test_every_row_is_read(
    name: str, carry: Callable[[str], tuple[str, str]], rules: Rules
) -> None:
    rows = make_rows(('account', 'api_key', 'api_secret'), '{alnum:40}', name)
    wanted = {cell for row in rows[1:] for cell in row[1:]}
    found = find_values(*carry(PRINTS[name](rows)), rules)
    assert len(wanted) == 2 * ACCOUNTS
    assert wanted - found == set()


@pytest.mark.parametrize('name', PRINTS)
def test_a_head_of_two_words(name: str, rules: Rules) -> None:
    heads = (
        ('Account', 'API Key', 'Secret Key')
        if name != 'blanks'
        else ('account', 'API_Key', 'Secret')
    )
    rows = make_rows(heads, '{alnum:40}', name)
    found = find_values(*carry_plain(PRINTS[name](rows)), rules)
    assert {cell for row in rows[1:] for cell in row[1:]} - found == set()


def test_a_row_names_its_exchange(rules: Rules) -> None:
    """The cells of a row are the settings of one account."""
    keys = [expand_recipes('{alnum:64}', str(n)) for n in range(4)]
    rows: Rows = [
        ('exchange', 'api_key', 'api_secret'),
        ('binance', keys[0], keys[1]),
        ('mexc', expand_recipes('mx0vgl{alnum:12}', 'k'), expand_recipes('{hex:32}', 's')),
    ]
    for name, write in PRINTS.items():
        path, text = carry_plain(write(rows))
        result = scan_blob(Blob(text.encode(), Origin(path)), rules, Config())
        assert {finding.issuer for finding in result.findings} == {'binance', 'mexc'}, name
        assert all(len(finding.parts) == 2 for finding in result.findings), name


@pytest.mark.parametrize('name', PRINTS)
def test_each_cell_is_read_once(name: str, rules: Rules) -> None:
    """A table whose rows look like heads again is not read from each of them."""
    rows = make_rows(('account', 'api_key', 'api_secret'), '{alnum:40}', name)
    data = carry_plain(PRINTS[name](rows))[1].encode()
    matches = [m for m in rules.matcher.find_leak_matches(data) if m.pattern.kind in TABLE_KINDS]
    cells = list(read_tables(data, matches))
    assert matches
    assert len({(cell.start, cell.end) for cell in cells}) == len(cells)
    assert all(data[cell.start : cell.end] == cell.value for cell in cells)


@pytest.mark.parametrize('number', ['1,', ''], ids=['numbered', 'plain'])
def test_a_number_before_the_cells_of_a_row_has_no_name(number: str, rules: Rules) -> None:
    """As R writes tables: the names of rows are a column without a head."""
    cells = [expand_recipes('{alnum:40}', f'number/{n}') for n in range(2)]
    text = f'account,api_key,api_secret\n{number}grid,{cells[0]},{cells[1]}\n'
    matches = [
        m for m in rules.matcher.find_leak_matches(text.encode()) if m.pattern.kind in TABLE_KINDS
    ]
    found = [(one.path[-1], one.value.decode()) for one in read_tables(text.encode(), matches)]
    assert found == [('account', 'grid'), ('api_key', cells[0]), ('api_secret', cells[1])]


def test_a_row_of_another_length_ends_a_table(rules: Rules) -> None:
    cells = [expand_recipes('{alnum:40}', f'length/{n}') for n in range(2)]
    text = f'account,api_key,api_secret\n1,2,grid,{cells[0]},{cells[1]}\n'
    matches = [
        m for m in rules.matcher.find_leak_matches(text.encode()) if m.pattern.kind in TABLE_KINDS
    ]
    assert list(read_tables(text.encode(), matches)) == []


def test_ruled_tables_are_read_without_a_match() -> None:
    data = (
        b'Keys:\n\n| Exchange | Withdraw | IP |\r\n|---|:-:|---|\r\n| **Kraken** | yes |\r\n'
        b'| Binance | no | 203.0.113.7 |\r\n\nA | b\n'
    )
    rows = [(cell.path[1], cell.value.decode()) for cell in read_ruled_tables(data)]
    assert rows == [
        ('Exchange', 'Kraken'),
        ('Withdraw', 'yes'),
        ('Exchange', 'Binance'),
        ('Withdraw', 'no'),
        ('IP', '203.0.113.7'),
    ]
    assert list(read_ruled_tables(b'a | b\n1 | 2\n')) == []
