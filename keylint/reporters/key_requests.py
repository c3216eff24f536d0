"""Write the requests by which an owner asks an exchange what a key may do.

keylint itself never connects: it prints a command for the owner to run, with the key from the
environment, so that no value stands on a command line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TextIO

from keylint.core.names import squeeze_name
from keylint.reporters.text import sanitize_text
from keylint.rules.ask_types import KeyQuestion

# What ccxt calls the parts of a key, and how variables of the environment are mostly called.
_VARIABLES = {
    'apiKey': 'API_KEY',
    'secret': 'SECRET',
    'password': 'PASSPHRASE',
    'uid': 'UID',
    'walletAddress': 'WALLET',
    'privateKey': 'PRIVATE_KEY',
}


def write_requests(
    questions: Mapping[str, Sequence[KeyQuestion]],
    names: Mapping[str, tuple[str, str]],
    stream: TextIO,
) -> None:
    """Write a block for each exchange.

    `names` has the name of each and its key page, also of those without a request.
    """
    for issuer, (name, manage) in names.items():
        asks = questions.get(issuer, ())
        if not asks:
            where = f': look at {manage}' if manage else ''
            stream.write(f'{sanitize_text(name)}\n  no known request shows{where}\n\n')
        for ask in asks:
            _write_question(issuer, name, ask, stream)
    if not names:
        stream.write('no exchange keys: nothing declared, used or leaked\n')
        return
    stream.write(
        'keylint does not connect: run the command yourself, with the key in the environment\n'
        '(`pip install ccxt`). The answer is for `keylint scan` and '
        '`keylint init --keys --from FILE`.\n'
    )


def _write_question(issuer: str, name: str, ask: KeyQuestion, stream: TextIO) -> None:
    stream.write(f'{sanitize_text(name)}: {ask.document}\n  request  {ask.request}\n')
    stream.write(f'  command  {build_command(issuer, ask)}\n')
    if ask.note:
        stream.write(f'  note     {ask.note}\n')
    if ask.source:
        stream.write(f'  source   {" ".join(ask.source.split())}\n')
    stream.write('\n')


def build_command(issuer: str, ask: KeyQuestion) -> str:
    """Build a command that sends the request with ccxt and saves the answer."""
    prefix = re.sub(r'[^A-Z0-9]+', '_', issuer.upper())
    values = ', '.join(
        f"'{part}': os.environ['{prefix}_{_VARIABLES.get(part, squeeze_name(part).upper())}']"
        for part in ask.credentials
    )
    client, _, method = ask.method.partition('.')
    arguments = ', '.join(
        f"'{name}': os.environ['{prefix}_{name.upper()}']" for name in ask.arguments
    )
    given = f'{{{arguments}}}' if arguments else ''
    code = (
        f'import ccxt, json, os; print(json.dumps(ccxt.{client}({{{values}}}).{method}({given})))'
    )
    return f'python -c "{code}" > {issuer}-key.json'
