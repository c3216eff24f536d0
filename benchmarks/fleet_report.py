"""Measure the reports of a fleet with very many findings, and its page in Chromium.

    python benchmarks/fleet_report.py [--findings 100000] [--repositories 5000] [--folder DIR]

The store is filled with made findings, each a credential of its own, which gives the longest
report. Every format is then written by the command; of the page, Chromium without a window says how
long it takes until the rows are drawn and until each filter, each sorting and each page is: for so
long it answers nothing else. Chromium must be on the PATH.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from sqlalchemy import Connection, insert

from keylint.core.model import Finding, FindingPart, SourceRange
from keylint.core.terms import Severity
from keylint.fleet.codec import pack
from keylint.fleet.database import Store, open_store
from keylint.fleet.owner_key import OwnerKey
from keylint.fleet.runs import begin_run, end_run, register_targets
from keylint.fleet.schema import findings, parts, sightings, visits
from keylint.fleet.targets import FleetTarget
from tests.browser import Browser

ISSUERS = ('binance', 'okx', 'kraken', 'bybit', 'coinbase')
SEVERITIES: tuple[Severity, ...] = ('critical', 'critical', 'critical', 'high', 'medium')
BATCH = 5000
# Each returns the milliseconds that the page was busy with what a user does.
STEPS = {
    'filter by a word of one row': "type('repository 4711:')",
    'filter by one letter, typed first': "type('k')",
    'filter by a word that no row has': "type('no such word')",
    'without a filter again': "type('')",
    'filter by severity': "choose('high')",
    'all severities again': "choose('')",
    'sort by order': "press('order')",
    'sort by credential': "press('credential')",
    'sort by issuer': "press('issuer')",
    'sort by where': "press('where')",
    'the same backwards': "press('where')",
    'next page': "click('after')",
}
HELPERS = """
const form = document.querySelector('form');
const timed = act => { const from = performance.now(); act(); document.body.offsetHeight;
  return performance.now() - from; };
const send = kind => form.dispatchEvent(new Event(kind, {bubbles: true}));
const type = text => timed(() => { form.text.value = text; send('input'); });
const choose = level => timed(() => { form.severity.value = level; send('input'); });
const press = name => timed(() => Array.from(document.querySelectorAll('th button'))
  .find(one => one.textContent.startsWith(name)).click());
const click = name => timed(() => form.elements[name].click());
"""


def main() -> int:
    """Fill a store, write every report, open the page, print what each took."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument('--findings', type=int, default=100_000)
    options.add_argument('--repositories', type=int, default=5000)
    options.add_argument('--folder', type=Path)
    arguments = options.parse_args()
    folder = arguments.folder or Path(tempfile.mkdtemp(prefix='fleet-report-'))
    folder.mkdir(exist_ok=True)
    try:
        store = folder / 'fleet.db'
        if not store.exists():
            fill_store(store, arguments.findings, arguments.repositories)
        print(f'store: {store.stat().st_size / 1e6:.0f} MB')
        for kind in ('text', 'json', 'csv', 'html'):
            measure_report(store, kind, folder / f'report.{kind}')
        measure_page(folder / 'report.html', folder / 'profile')
    finally:
        if arguments.folder is None:
            shutil.rmtree(folder, ignore_errors=True)
    return 0


def fill_store(path: Path, count: int, repositories: int) -> None:
    """Fill a store as a run would that has found so many credentials."""
    store = open_store(str(path), is_new=True)
    with store.begin() as connection:
        run = begin_run(connection, b'made', '2026-01-31T10:00:00+00:00').id
    targets = (
        FleetTarget(f'repository {number}', f'/srv/{number}', f'team {number % 40}')
        for number in range(repositories)
    )
    register_targets(store, run, targets)
    for start in range(0, count, BATCH):
        numbers = range(start, min(start + BATCH, count))
        with store.begin() as connection:
            add_findings(connection, run, numbers, repositories)
    finish_run(store, run)
    store.close()


def add_findings(connection: Connection, run: int, numbers: range, repositories: int) -> None:
    """Add findings with two values each."""
    key = OwnerKey(bytes(32))
    rows, values, seen = [], [], []
    for number in numbers:
        rows.append(make_row(number, repositories))
        seen.append({'finding_id': number + 1, 'from_run': run, 'state': 'open'})
        values += [
            {
                'finding_id': number + 1,
                'digest': key.make_digest('value', f'{role} {number}'.encode()),
                'is_lead': role == 'secret',
            }
            for role in ('secret', 'key')
        ]
    connection.execute(insert(findings), rows)
    connection.execute(insert(parts), values)
    connection.execute(insert(sightings), seen)


def make_row(number: int, repositories: int) -> dict[str, object]:
    """Make the row of a finding; the texts are as long as real ones."""
    issuer, severity = ISSUERS[number % 5], SEVERITIES[number % 5]
    place = SourceRange(number % 400 + 1, 1, number % 400 + 1, 80)
    finding = Finding(
        f'services/{issuer}/bot-{number % 17}/config/{number % 97}.yaml', place,
        f'{issuer}-credential', severity, 'high', issuer, (), f'{issuer.title()} credential',
        'An API key and its secret in a file.',
        ('Open API Management and delete the key; a key of a sub-account is deleted from the '
         'master account.',),
        (FindingPart('secret', place, 'ab… (64)'),), f'{number:032x}', 'https://example.org',
    )  # fmt: skip
    return {
        'id': number + 1,
        'repository_id': number % repositories + 1,
        'uid': f'{number:032x}',
        'rule': finding.rule,
        'issuer': issuer,
        'severity': severity,
        'environment': 'live',
        'state': 'open',
        'is_counted': True,
        'in_head': number % 3 == 0,
        'on_remote': number % 2 == 0,
        'first_seen': f'20{number % 10 + 15}-{number % 12 + 1:02}-{number % 28 + 1:02}T00:00:00Z',
        'data': pack(finding),
    }


def finish_run(store: Store, run: int) -> None:
    """Note that the run has looked at everything."""
    with store.begin() as connection:
        connection.execute(visits.update().values(status='done', objects=1, bytes=1))
        end_run(connection, run, 'complete', '')


def measure_report(store: Path, kind: str, output: Path) -> None:
    """Write a report and print what that took."""
    command = [sys.executable, '-m', 'keylint', 'fleet', 'report', '--store', str(store)]
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run([*command, '--format', kind, '--output', str(output)], check=False)
    assert done.returncode == 1
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(
        f'{kind}: {cpu:.1f} s of CPU, {time.perf_counter() - started:.1f} s on the clock, at most '
        f'{after.ru_maxrss / 1000:.0f} MB so far, {os.path.getsize(output) / 1e6:.1f} MB written',
        flush=True,
    )


def measure_page(page: Path, profile: Path) -> None:
    """Open the page, do what its readers do, and print how long it was busy with each."""
    browser = Browser(profile)
    try:
        started = time.perf_counter()
        browser.open(page)
        print(f'opened and drawn: {(time.perf_counter() - started) * 1000:.0f} ms')
        browser.value(HELPERS)
        for name, milliseconds in list_steps(browser):
            print(f'{name}: {milliseconds:.0f} ms, {browser.value(STATUS)}', flush=True)
        heap = browser.value('performance.memory.usedJSHeapSize')
        print(f'memory of the script: {heap / 1e6:.0f} MB; complaints: {browser.complaints()}')
    finally:
        browser.close()


STATUS = "document.getElementById('status').textContent"


def list_steps(browser: Browser) -> Iterator[tuple[str, float]]:
    """Yield each step with the milliseconds that the page was busy."""
    for name, step in STEPS.items():
        yield name, browser.value(step)


if __name__ == '__main__':
    sys.exit(main())
