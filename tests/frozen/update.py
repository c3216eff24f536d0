"""Write the golden texts anew: `python tests/frozen/update.py [PLACE...]`; then read the diff."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from tests.conftest import Warm
from tests.frozen.cases import GOLDEN, PLACES, golden_path, run_place


def main() -> None:
    """Run all places, or those that are named."""
    GOLDEN.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder).resolve()
        os.environ['KEYLINT_CACHE_DIR'] = str(scratch / 'cache')
        warm = Warm(scratch)

        def run(*arguments: str, cwd: Path, **variables: str) -> subprocess.CompletedProcess[str]:
            code, stdout, stderr = warm(arguments, cwd, b'', {**os.environ, **variables})
            return subprocess.CompletedProcess(arguments, code, stdout.decode(), stderr.decode())

        for name in sys.argv[1:] or PLACES:
            text, _ = run_place(name, scratch / 'corpus', run)
            path = golden_path(name)
            before = path.read_text(encoding='utf-8') if path.exists() else ''
            path.write_text(text, encoding='utf-8')
            print(
                f'{"same   " if text == before else "written"}  {name}: {text.count(chr(10))} lines'
            )
        warm.close()


if __name__ == '__main__':
    main()
