"""Sentences of the pages that were once untrue: each is tried, or names the test that tries it.

The first table makes the files of a sentence and runs keylint on them. The second names tests of
other modules; one that is renamed away is noticed.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from keylint.core.records import NamedTuple
from keylint.rules.recipes import expand_recipes
from tests.conftest import Run

ROOT = Path(__file__).parents[2]
KEY, SECRET = (expand_recipes('{alnum:64}', f'claims/{name}') for name in ('key', 'secret'))
PAIR = f'BINANCE_API_KEY={KEY}\nBINANCE_API_SECRET={SECRET}\n'
CLIENT = """\
import ccxt, os
x = ccxt.binance({{"apiKey": os.environ["{0}"], "secret": os.environ["{0}_S"]}})
"""
POSITIONS = (
    'import os\nfrom binance.client import Client\nc = Client(os.environ["K"], os.environ["S"])\n'
)
RUNBOOK = """\
1. Check withdrawal history, transfers between accounts and transfers to sub-accounts.
2. Check the ledger, withdrawals and the saved withdrawal addresses.
3. A key without an IP whitelist works from any address.
"""


class Claim(NamedTuple):
    """A sentence of a page: files, a command, its exit code, what it prints and what not."""

    files: dict[str, str]
    command: str
    code: int
    says: tuple[str, ...] = ()
    never: tuple[str, ...] = ()


def escape(form: str, text: str) -> str:
    return ''.join(form % ord(char) for char in text)


INVENTORY = (
    'keys:\n'
    + (ROOT / 'docs/keys.md')
    .read_text(encoding='utf-8')
    .partition('\nkeys:\n')[2]
    .partition('```')[0]
)
CONCISE = 'scan --isolated --format concise'
CLAIMS = {
    'per-path-ignores hides, and it is counted': Claim(
        {'a.env': PAIR, 'keylint.toml': '[per-path-ignores]\n"*.env" = ["binance"]\n'},
        'scan',
        0,
        ('no findings in 2 files', '1 finding hidden by per-path-ignores'),
    ),
    'ignore hides, and it is counted': Claim(
        {'a.env': PAIR, 'keylint.toml': 'ignore = ["binance"]\n'},
        'scan',
        0,
        ('1 finding hidden by ignore',),
    ),
    'select hides, and it is counted': Claim(
        {'a.env': PAIR, 'keylint.toml': 'select = ["kraken"]\n'},
        'scan',
        0,
        ('1 finding hidden by select',),
    ),
    'no order of folders decides which configuration counts': Claim(
        {'one/keylint.toml': 'ignore = ["binance"]\n', 'one/a.env': '', 'two/a.env': PAIR},
        'scan one two',
        2,
        ('different configurations: ', 'none for two'),
    ),
    'a file has the configuration of its own folder': Claim(
        {'one/keylint.toml': 'ignore = ["binance"]\n', 'one/a.env': PAIR},
        'scan one/a.env',
        0,
        ('1 finding hidden by ignore',),
    ),
    'an entity is a quote behind a plain sign': Claim(
        {
            'a.html': f'BINANCE_API_SECRET=&quot;{SECRET}&quot;\n'
            f'BINANCE_API_KEY=&quot;{KEY}&quot;\n',
            'b.xml': f'<env v="BINANCE_API_KEY=&#39;{KEY}&#39;;'
            f'BINANCE_API_SECRET=&#39;{SECRET}&#39;"/>',
            'c.html': f'binance api_key: &apos;{KEY}&apos; secret = &apos;{SECRET}&apos;\n',
        },
        CONCISE,
        1,
        ('a.html:1:', 'b.xml:1:', 'c.html:1:'),
        ('low:',),
    ),
    'braces and eight digits are escapes': Claim(
        {
            'u.js': f'BINANCE_API_KEY = "{escape(chr(92) + "u{%x}", KEY)}"; '
            f'BINANCE_API_SECRET = "{escape(chr(92) + "u{%x}", SECRET)}"',
            'long.txt': escape(chr(92) + 'U%08x', PAIR),
        },
        CONCISE,
        1,
        ('u.js:1:', 'long.txt:1:'),
    ),
    'an IP list has addresses, not the words beside them': Claim(
        {
            'a.yaml': f'exchange: binance\nkey: {KEY}\nsecret: {SECRET}\n'
            'ip: {restrict: true, comment: address of the office router, list: [52.54.32.109]}\n',
            'b.yaml': 'exchange: binance\npermissions: [trade]\n'
            'ip_whitelist: "52.54.32.109 # office"\n',
            'c.json': '{"exchange": "kraken", "permissions": ["trade"], '
            '"ip": {"note": "only the server in Frankfurt", "list": ["52.54.32.109"]}}',
        },
        CONCISE,
        1,
        ('a.yaml:',),
        ('key-ip-useless', 'b.yaml', 'c.json'),
    ),
    'steps that look for a theft weaken no key': Claim(
        {'RUNBOOK.md': RUNBOOK}, CONCISE, 0, ('no findings in 1 file',)
    ),
    'an empty folder is not clean': Claim(
        {}, 'scan', 0, ('nothing was scanned',), ('no findings',)
    ),
    'a key id alone is usually low': Claim(
        {}, 'explain binance', 0, ('usually low for a key id alone',)
    ),
    'pages revoke before they clean': Claim(
        {}, 'explain binance', 0, ('1. Open API Management and delete the key',), ('Revoke first',)
    ),
    'a recipe is explained where it is shown': Claim(
        {}, 'explain binance', 0, ('A recipe in braces stands for a random value',)
    ),
    'the sample inventory is reported until its date and address are replaced': Claim(
        {'keys.yaml': INVENTORY}, f'{CONCISE} --pedantic', 1, ('(key-stale)', '(key-ip-useless)')
    ),
    'a generic rule is explained by its short name': Claim(
        {}, 'explain generic', 0, ('# generic-credential',)
    ),
    'one file is one file': Claim({'a.py': 'x = 1\n'}, 'doctor', 0, ('1 file',), ('1 files',)),
    'workers are a number': Claim(
        {'a.py': ''}, 'scan', 2, ('KEYLINT_WORKERS must be a whole number',)
    ),
    **{
        f'keys knows a value by the name {name}': Claim(
            {'bot.py': CLIENT.format(name)}, 'keys', 0, (f'{name}, {name}_S',), ('inline', 'no key')
        )
        for name in ('BINANCE', 'MYBOT', 'K', 'bnk')
    },
    'keys knows arguments by their place': Claim(
        {'bot.py': POSITIONS}, 'keys', 0, ('binance', 'K, S'), ('inline', 'no key')
    ),
    'cells are counted from 1': Claim(
        {
            'a.ipynb': '{"cells": [{"cell_type": "code", "metadata": {}, "outputs": [], '
            f'"execution_count": null, "source": ["BINANCE_API_KEY = \'{KEY}\'\\n", '
            f'"BINANCE_API_SECRET = \'{SECRET}\'\\n"]}}], "metadata": {{}}, "nbformat": 4, '
            '"nbformat_minor": 5}'
        },
        'scan --isolated',
        1,
        ('cell 1, line 1',),
        ('cell 0',),
    ),
    'a small tree has bytes': Claim({'a.py': 'x = 1\n'}, 'scan', 0, ('(6 bytes, ',), ('0.0 MB',)),
}

# Sentences that have a test of their own, and where that is.
SHOWN_BY = {
    'tests/agents/test_agent_hook.py': {
        'an agent is answered in its own form': 'test_a_leak_is_stopped_and_its_mirror_passes'
    },
    'tests/commands/test_cli.py': {
        'a typo is blamed on who made it': 'test_a_mistake_is_blamed_on_who_made_it'
    },
    'tests/commands/test_completion.py': {
        'completion knows every word': 'test_every_script_has_every_word'
    },
    'tests/commands/test_conflicting_modes.py': {
        'two modes are refused': 'test_two_modes_are_refused'
    },
    'tests/commands/test_documented_ci.py': {
        'the action hands on what it wrote itself': 'test_the_action_scans'
    },
    'tests/commands/test_install.py': {
        'nothing installs keylint from an index before it is there': (
            'test_nothing_installs_the_name_from_an_index'
        )
    },
    'tests/commands/test_keys_text.py': {
        'nothing is ok that is not known': 'test_nothing_is_ok_that_is_not_known'
    },
    'tests/commands/test_manners.py': {
        'the first run says what it does': 'test_the_first_run_says_why_it_takes_seconds'
    },
    'tests/commands/test_usage.py': {
        'the ending of a file names its format': 'test_the_ending_of_a_file_names_its_format'
    },
    'tests/docs/test_comparison_page.py': {
        'figures of peers are those of a run': 'test_a_peer_finds_as_many_as_the_page_says',
        'cells of peers name options that they have': (
            'test_commands_of_peers_have_the_options_of_the_page'
        ),
        'numbers of rules are below the truth': (
            'test_the_numbers_of_rules_are_not_above_the_truth'
        ),
    },
    'tests/docs/test_configuration_page.py': {
        'the sample configuration changes nothing': 'test_the_sample_as_it_is_changes_nothing'
    },
    'tests/docs/test_layers_page.py': {
        'layers in layers end where the page says': (
            'test_layers_in_layers_as_the_page_limits_them'
        )
    },
    'tests/docs/test_writing_rules_page.py': {
        'every field of a dossier that is marked must be there': (
            'test_what_is_marked_must_be_there_and_all_else_may_be_left_out'
        ),
        'a shape has no anchors': 'test_a_shape_has_no_anchors',
        'an alias is one word': 'test_an_alias_is_one_word_in_lower_case',
    },
    'tests/findings/test_suppressions.py': {
        'a mark that is none is named': 'test_what_is_no_mark_is_told_from_one'
    },
    'tests/lsp/test_pieces.py': {
        'an editor gets what a scan finds': 'test_an_editor_shows_what_a_scan_of_the_file_finds'
    },
    'tests/matcher/test_python_engine.py': {
        'without Hyperscan nothing else is found': ('test_the_rules_match_the_same_in_random_texts')
    },
    'tests/publish/test_files.py': {
        'a checklist does not ask to be written': 'test_the_files_of_the_plan'
    },
    'tests/reporters/test_blocks.py': {
        'a finding has at most four lines': 'test_no_block_is_longer_than_four_lines',
        'the advice fits the moment': 'test_the_moment_decides',
    },
    'tests/reporters/test_pages.py': {
        'pages fit a phone, light and dark': (
            'test_every_page_fits_every_screen_in_light_and_in_dark'
        ),
        'pages are whole on paper and without scripts': (
            'test_every_page_is_whole_on_paper_and_without_scripts'
        ),
        'pages are used by keyboard': 'test_all_controls_are_reached_by_keyboard',
        'pages link to the issuers': 'test_the_pages_link_to_the_issuers',
    },
    'tests/test_laws.py': {
        'what detect-secrets brings along is not imported': (
            'test_the_warm_path_loads_nothing_heavy'
        )
    },
    'tests/test_library.py': {
        'the recipe of the library asks whether files were read': (
            'test_the_page_has_five_recipes_and_every_function'
        ),
        'a report prints as a line': 'test_the_line_of_a_finding_is_that_of_the_concise_format',
    },
    'tests/test_package.py': {
        'the icon of the action exists': 'test_the_action_has_an_icon_that_exists',
        'links of the README work on PyPI': ('test_the_links_of_the_readme_lead_somewhere_on_pypi'),
        'the matrix has every system': 'test_the_matrix_has_every_system_and_version',
        'the descriptor for MegaLinter fits': (
            'test_the_descriptor_for_megalinter_fits_its_schema'
        ),
    },
}
# The sentences of the pages and messages that read as translated, by what was wrong with them.
TRANSLATED = (
    'of one account to one finding',
    'not the work tree, and leaves nothing',
    'decide on each',
    'says where something could be',
    'Silent are',
    'is a loss; one that',
    'what would travel by accident',
    'What code needs it reads',
    'Does the next commit hold a key',
    'What is no leak',
    'A scanner is kept where',
    'not the thief',
    'tells what stands on',
    'see less than its owner thinks',
    'It asks nothing, because it can see',
    'shows what holds and who says it',
    'It shows and does not judge',
    'A finding that is none',
    'Revoke and create anew',
    'what is not yours',
)


@pytest.mark.parametrize('name', CLAIMS)
def test_a_sentence_of_the_pages_is_true(keylint: Run, tmp_path: Path, name: str) -> None:
    claim = CLAIMS[name]
    for path, text in claim.files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    variables = {'KEYLINT_WORKERS': 'x'} if 'workers' in name else {}
    done = keylint(*claim.command.split(), COLUMNS='160', **variables)
    said = done.stdout + done.stderr
    assert done.returncode == claim.code, said
    assert [text for text in claim.says if text not in said] == [], said
    assert [text for text in claim.never if text in said] == [], said


def test_every_other_sentence_has_its_test() -> None:
    for path, sentences in SHOWN_BY.items():
        tree = ast.parse((ROOT / path).read_text(encoding='utf-8'))
        names = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
        assert set(sentences.values()) <= names, path


def test_the_readme_has_at_most_100_lines() -> None:
    assert len((ROOT / 'README.md').read_text(encoding='utf-8').splitlines()) <= 100


def test_no_sentence_reads_as_translated() -> None:
    pages = [*ROOT.glob('*.md'), *ROOT.glob('docs/*.md'), *ROOT.glob('keylint/**/*.py')]
    texts = {
        path: path.read_text(encoding='utf-8') for path in [*pages, *ROOT.glob('rules/*.yaml')]
    }
    assert len(texts) > 300
    found = [
        (path.name, words)
        for path, text in texts.items()
        for words in TRANSLATED
        if words in text and path.name != 'CONTRIBUTING.md'
    ]
    assert found == []
