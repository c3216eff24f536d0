"""`keylint keys [PATH…]`: every key that the tree knows of; with `--recipe` the smallest key that would do."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from io import StringIO
from typing import TextIO

from keylint.commands.scan import collect, configured, items_of, path_of, reader_of
from keylint.core.config import Config
from keylint.core.errors import SourceError
from keylint.core.model import Report
from keylint.policies.code_permissions import CodePermissions, read_code_permissions
from keylint.policies.key_table import KeyRow, list_keys, recommend_keys
from keylint.reporters import keys as reporter
from keylint.reporters.outputs import write_file
from keylint.rules.load import load_rules
from keylint.rules.rule_set import Pack

_TABLES = {
    'text': reporter.text,
    'json': reporter.as_json,
    'markdown': reporter.markdown,
    'html': reporter.html,
}
_RECIPES = {
    'text': reporter.recipe_text,
    'json': reporter.recipe_json,
    'markdown': reporter.recipe_markdown,
}


def run(arguments: Namespace) -> int:
    """0; 2 when something could not be read. Findings are judged by `keylint scan`, here they are only shown."""
    config = configured(arguments)._replace(severity='low')
    pack = load_rules(config.rules).pack
    report, code = seen(arguments, config)
    if arguments.recipe and arguments.format == 'html':
        raise SourceError('--recipe: allowed formats are text, json, markdown')
    if arguments.output and arguments.output != '-':
        text = StringIO(newline='')
        _write(arguments, report, code, pack, config, text)
        write_file(arguments.output, text.getvalue())
    else:
        _write(arguments, report, code, pack, config, sys.stdout)
    running = f'{sys.version_info[0]}.{sys.version_info[1]}'
    for path in code.unparsed:
        why = f'not parsed: Python 2, or newer than the Python {running} that runs keylint'
        print(f'keylint: {path}: {why}; what it calls is not known', file=sys.stderr)
    for failure in report.failures:
        print(f'keylint: {failure.path}: {failure.error}', file=sys.stderr)
    return 2 if report.failures else 0


def seen(arguments: Namespace, config: Config) -> tuple[Report, CodePermissions]:
    """What is declared and leaked in the tree, and what its code needs."""
    report = collect(arguments, config)
    items = items_of(arguments, config, Report())
    return report, read_code_permissions(
        [path_of(item) for item in items], reader_of(items), load_rules(config.rules).pack
    )


def known(arguments: Namespace, config: Config) -> tuple[list[KeyRow], CodePermissions]:
    """The rows of the table, and what the code needs."""
    report, code = seen(arguments, config)
    return list_keys(
        report.records, code.needs, report.findings, load_rules(config.rules).pack, config.day()
    ), code


def _write(
    arguments: Namespace,
    report: Report,
    code: CodePermissions,
    pack: Pack,
    config: Config,
    stream: TextIO,
) -> None:
    if not arguments.recipe:
        _TABLES[arguments.format](
            list_keys(report.records, code.needs, report.findings, pack, config.day()), stream
        )
        return
    days = config.limits(pack.tables['policies']['thresholds'])['max-age-days']
    project = (
        os.path.basename(os.path.abspath(arguments.paths[0] if arguments.paths else '.')).lower()
        or 'bot'
    )
    _RECIPES[arguments.format](
        recommend_keys(code.needs, pack, project, days, config.day()), stream
    )
