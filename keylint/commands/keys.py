"""`keylint keys`: every key that the tree knows of, or the smallest key that would do."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from io import StringIO
from typing import Literal, TextIO

from keylint.commands.ask import print_requests
from keylint.commands.failures import print_failures
from keylint.commands.parsers.shared import read_overrides
from keylint.core.config import Config
from keylint.core.errors import SourceError
from keylint.core.records import NamedTuple
from keylint.core.report import Report
from keylint.findings.foreign_text import make_mask
from keylint.policies.code_permissions import CodePermissions
from keylint.policies.key_advice import advise_keys
from keylint.policies.key_recipes import KeyRecommendation, recommend_keys
from keylint.readers.languages.parse import language_of
from keylint.reporters import keys as reporter
from keylint.reporters import recipes as recipe_reporter
from keylint.reporters.keys_html import write_html
from keylint.reporters.keys_text import KeysText
from keylint.reporters.outputs import wants_colour, write_file
from keylint.reporters.text import sanitize_text
from keylint.rules.load import load_rules
from keylint.scanner.configure import configure
from keylint.scanner.keys import build_key_rows, redact_row, scan_keys
from keylint.scanner.request import ScanRequest, make_scope

_TABLES = {'json': reporter.write_json, 'markdown': reporter.write_markdown}
_RECIPES = {
    'text': recipe_reporter.write_recipe_text,
    'json': recipe_reporter.write_recipe_json,
    'markdown': recipe_reporter.write_recipe_markdown,
}


class KeysRequest(NamedTuple):
    """Say what to scan for keys, and whether to show them or the keys that would do."""

    scan: ScanRequest
    shows_recipes: bool
    asks: Literal['', 'tree', 'all']
    format: str
    output: str
    has_details: bool


def run(arguments: Namespace) -> int:
    """Print the table; return 0, or 2 if something could not be read.

    Findings are judged by `keylint scan`, here they are only shown.
    """
    request = read_request(arguments)
    config = configure(request.scan)._replace(severity='low')
    pack = load_rules(config.rules).pack  # raises before anything is scanned
    if request.asks == 'all':
        print_requests(None, pack, request.output)
        return 0
    report, code = scan_keys(request.scan, config)
    if request.shows_recipes and request.format == 'html':
        raise SourceError('--recipe: allowed formats are text, json, markdown')
    if request.asks:
        rows = build_key_rows(report, code, config)
        print_requests((row.exchange for row in rows if row.exchange), pack, request.output)
    elif request.output and request.output != '-':
        text = StringIO(newline='')
        _write_keys(request, report, code, config, text)
        write_file(request.output, text.getvalue())
    else:
        _write_keys(request, report, code, config, sys.stdout)
    running = f'{sys.version_info[0]}.{sys.version_info[1]}'
    for path in code.unparsed:
        why = 'not parsed: too large, too deep, or not in the language of its ending'
        if language_of(path) == 'python':
            why = (
                f'not read: Python 2, newer than Python {running} (which runs keylint), or too deep'
            )
        print(f'keylint: {sanitize_text(path)}: {why}; what it calls is not known', file=sys.stderr)
    return print_failures(report)


def read_request(arguments: Namespace) -> KeysRequest:
    """Make the request of a command line."""
    scan = ScanRequest(
        make_scope(tuple(arguments.paths), arguments.no_ignore),
        read_overrides(arguments),
        shows_progress=not arguments.no_progress,
    )
    asks: Literal['', 'tree', 'all'] = ''
    if arguments.ask_all:
        asks = 'all'
    elif arguments.ask:
        asks = 'tree'
    return KeysRequest(
        scan, arguments.recipe, asks, arguments.format, arguments.output or '', arguments.details
    )


def _write_keys(
    request: KeysRequest, report: Report, code: CodePermissions, config: Config, stream: TextIO
) -> None:
    if request.shows_recipes:
        recipes = _recommend_keys(request, code, config)
        _RECIPES[request.format](recipes, code.other_languages, stream)
        return
    mask = make_mask(report.findings)
    rows = [redact_row(row, mask) for row in build_key_rows(report, code, config)]
    if request.format == 'text':
        is_coloured = stream is sys.stdout and wants_colour(sys.stdout)
        left_out = tuple(sorted(report.skipped.items()))
        text = KeysText(request.has_details, is_coloured, left_out)
        text.write(rows, code.other_languages, stream)
    elif request.format == 'html':
        pack = load_rules(config.rules).pack
        recipes = _recommend_keys(request, code, config)
        advice = advise_keys(rows, report.records, report.findings, recipes, pack)
        write_html(rows, code.other_languages, advice, stream, mask)
    else:
        _TABLES[request.format](rows, code.other_languages, stream)


def _recommend_keys(
    request: KeysRequest, code: CodePermissions, config: Config
) -> list[KeyRecommendation]:
    """Recommend the keys that the code needs, named after the folder."""
    pack = load_rules(config.rules).pack
    days = config.limits(pack.thresholds)['max-age-days']
    paths = request.scan.scope.paths
    project = os.path.basename(os.path.abspath(paths[0] if paths else '.')).lower() or 'bot'
    return recommend_keys(code.needs, pack, project, days, config.day())
