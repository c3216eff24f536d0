"""Take pictures of the HTML reports: `python -m tests.reporters.pictures FOLDER`.

Each at three widths, in light, in dark, and on paper as a PDF. Needs Chromium on the PATH.
"""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.browser import Browser

LEAKY = Path(__file__).parents[2] / 'examples' / 'leaky-bot' / 'bot'
WIDTHS = (360, 520, 1280)
_DAY = '2026-06-01'
_MOST_PIXELS = 16_000  # of a picture's height, that of Chromium


def write_pages(folder: Path) -> dict[str, Path]:
    """Write the three reports on the leaky example, which was committed and half removed."""
    bot = folder / 'bot'
    bot.mkdir()
    shutil.copytree(LEAKY, bot, dirs_exist_ok=True)
    for day, change in (('2025-03-01', ['add', '-A']), ('2025-09-01', ['rm', '-q', '.env'])):
        _run_git(bot, day, change)
        _run_git(bot, day, ['commit', '-qm', 'change'])
    asked = {
        'scan': ('scan', '.', '--today', _DAY),
        'keys': ('keys', '.', '--today', _DAY),
        'publish': ('publish', '.'),
    }
    pages = {name: folder / f'{name}.html' for name in asked}
    for name, arguments in asked.items():
        subprocess.run(
            [sys.executable, '-m', 'keylint', *arguments, '--format', 'html', '--output',
             str(pages[name])],
            cwd=bot, check=False, stdout=subprocess.DEVNULL,
        )  # fmt: skip
    return pages


def _run_git(folder: Path, day: str, arguments: list[str]) -> None:
    stamp = f'{day}T00:00:00Z'
    person = {
        f'GIT_{role}_{what}': value
        for role in ('AUTHOR', 'COMMITTER')
        for what, value in (('NAME', 'A'), ('EMAIL', 'a@example.org'), ('DATE', stamp))
    }
    if not (folder / '.git').exists():
        subprocess.run(['git', 'init', '-q', '.'], cwd=folder, check=True)
    subprocess.run(['git', *arguments], cwd=folder, check=True, env={**os.environ, **person})


def take_pictures(folder: Path) -> None:
    """Write `scan-360-light.png` and so on, and a PDF of each report, into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        pages = write_pages(Path(place))
        browser = Browser(Path(place) / 'profile')
        for name, page in pages.items():
            browser.open(page)
            for scheme in ('light', 'dark'):
                feature = {'name': 'prefers-color-scheme', 'value': scheme}
                browser.ask('Emulation.setEmulatedMedia', features=[feature])
                for width in WIDTHS:
                    browser.resize(width)
                    height = browser.value('document.documentElement.scrollHeight')
                    browser.resize(width, min(height, _MOST_PIXELS))
                    shot = browser.ask('Page.captureScreenshot', format='png')
                    _save(folder / f'{name}-{width}-{scheme}.png', shot)
            browser.ask('Emulation.setEmulatedMedia', media='', features=[])
            _save(folder / f'{name}.pdf', browser.ask('Page.printToPDF'))
        browser.close()
    print(f'{len(list(folder.iterdir()))} files in {folder}')


def _save(path: Path, answer: dict[str, str]) -> None:
    path.write_bytes(base64.b64decode(answer['data']))


if __name__ == '__main__':
    take_pictures(Path(sys.argv[1]))
