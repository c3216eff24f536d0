"""Pictures of terminals for the documentation: what keylint prints, as SVG."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from pathlib import Path

from keylint.reporters.keys_text import KeysText
from keylint.reporters.text_report import write
from keylint.scanner.configure import configure
from keylint.scanner.keys import list_keys
from keylint.scanner.request import ConfigOverrides, ScanRequest, make_scope
from keylint.scanner.scan_items import scan_requested_items

ROOT = Path(__file__).resolve().parents[1]
_STYLE = re.compile(r'\x1b\[([\d;]*)m')
_TODAY = '2026-01-01'
_LINES, _COLUMNS = 40, 100
_LINE, _CHAR = 18, 7.65
_LOOKS = {
    '1': 'font-weight="bold"',
    '4': 'text-decoration="underline"',
    '32': 'fill="#7ee787"',
    '2': 'fill="#8b949e"',
    '1;37;41': 'fill="#ffffff" font-weight="bold" class="critical"',
    '1;31': 'fill="#ff7b72" font-weight="bold"',
    '1;33': 'fill="#e3b341" font-weight="bold"',
    '36': 'fill="#76e3ea"',
    '33': 'fill="#e3b341"',
}


def pictures() -> dict[str, str]:
    """File name and SVG of every picture."""
    return {
        'terminal.svg': _svg(
            'keylint scan examples/leaky-bot/bot', _scanned(ROOT, 'examples/leaky-bot/bot')
        ),
        'keys.svg': _svg(
            'keylint keys keys.yaml arbitrage.py',
            _keys(ROOT / 'examples/leaky-bot/bot', 'keys.yaml', 'arbitrage.py'),
        ),
    }


@contextmanager
def _inside(folder: Path) -> Iterator[None]:
    before, columns = Path.cwd(), os.environ.get('COLUMNS')
    os.chdir(folder)
    os.environ['COLUMNS'] = str(_COLUMNS)
    try:
        yield
    finally:
        os.chdir(before)
        os.environ.pop('COLUMNS')
        if columns is not None:
            os.environ['COLUMNS'] = columns


def _scanned(folder: Path, *paths: str) -> str:
    """Return what `keylint scan` prints on a terminal.

    The time that it took is left out, and the day stays the same.
    """
    with _inside(folder):
        request = _make_request(paths)
        config = configure(request)
        report = scan_requested_items(request, config)
        report.seconds = 0.1
        stream = io.StringIO()
        write(report, config, stream, True)
    return stream.getvalue()


def _keys(folder: Path, *paths: str) -> str:
    """Return what `keylint keys` prints on that day."""
    stream = io.StringIO()
    with _inside(folder):
        request = _make_request(paths)
        rows, code = list_keys(request, configure(request)._replace(severity='low'))
        KeysText(has_details=True, is_coloured=True).write(rows, code.other_languages, stream)
    return stream.getvalue()


def _make_request(paths: tuple[str, ...]) -> ScanRequest:
    """Ask for a scan that no configuration and no calendar changes."""
    return ScanRequest(make_scope(paths), ConfigOverrides(isolated=True, today=_TODAY))


def _svg(command: str, printed: str) -> str:
    lines = [f'\x1b[1m$ {command}\x1b[0m', *printed.splitlines()]
    if len(lines) > _LINES:
        lines = [*lines[: _LINES - 2], '  …', lines[-1]]
    width, height = int(_COLUMNS * _CHAR) + 32, len(lines) * _LINE + 32
    rows = ''.join(
        f'<text x="16" y="{28 + number * _LINE}">{_row(line)}</text>\n'
        for number, line in enumerate(lines)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}">\n'
        f'<title>{escape(command)}</title>\n'
        '<rect width="100%" height="100%" rx="8" fill="#0d1117"/>\n'
        '<g font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,monospace" '
        'font-size="12.7" fill="#e6edf3">\n'
        f'{rows}</g>\n</svg>\n'
    )


def _row(line: str) -> str:
    """One line as `tspan`s, cut at the terminal's width."""
    spans, look, room = [], '', _COLUMNS
    for number, piece in enumerate(_STYLE.split(line)):
        if number % 2:
            look = '' if piece in ('', '0') else _LOOKS[piece]
        elif piece and room > 0:
            shown = piece if len(piece) <= room else piece[: room - 1] + '…'
            room -= len(piece)
            words = escape(shown).replace(
                '  ', '\N{NO-BREAK SPACE}' * 2
            )  # browsers fold spaces in SVG, whatever its attributes say
            spans.append(f'<tspan {look}>{words}</tspan>' if look else f'<tspan>{words}</tspan>')
    return ''.join(spans)
