"""Words that look like the name of a password, and names of keys that look like values."""

from __future__ import annotations

import pytest

from keylint.core.blob import Blob, Origin
from keylint.core.config import Config
from keylint.pipeline.blob import scan_blob
from keylint.rules.load import load_rules
from keylint.rules.recipes import expand_recipes

SILENT = {
    'outcomes of tests': ('run.log', 'PASS: gas/i386/iamcu-1\nPASS: gas/i386/pr19498\n'),
    'one outcome beside a failure': ('sum.txt', 'FAIL: ld-gc/pr19161\nPASS: libpr26580-1\n'),
    'outcomes in brackets': ('ci.log', '[PASS] orders-v2/limit1\n[SKIP] orders-v2/limit2\n'),
    'a sentence with a verb': (
        'notes.txt',
        'Pass v4l2_pix_fmts to the printer. Then pass `max_len64` on to it.\n',
    ),
    'a verb at the end of a line': ('ChangeLog', '(print_fmt): Pass v4l2_pix_fmts\nto it.\n'),
    'a verb in a man page': ('x.3', 'Pass \\fBIDN2_NFC_INPUT\\fP in \\fIflags\\fP to convert\n'),
    'a pass over data': ('a.py', 'def f():\n    """Single-pass Big5-HKSCS analysis."""\n'),
    'a filter': ('dsp.md', 'We apply a low-pass FIR8tap, then decimate.\n'),
    'options of a command': ('c.bash', '-readpass | -pkcs11engine | -pkcs11module | -in\n'),
    'names of classes in a list': (
        'hpke.py',
        '__all__ = [\n    "MLKEM768X25519PrivateKey",\n    "MLKEM768X25519PublicKey",\n'
        '    "MLKEM1024P384PrivateKey",\n]\n',
    ),
    'names of functions': (
        'NEWS',
        '** lib: gnutls_pkcs11_copy_secret_key, gnutls_pkcs11_copy_x509_privkey2,\n',
    ),
    'a class of a module': ('types.py', 'PRIVATE_KEY = "ed25519.Ed25519PrivateKey"\n'),
    'a sentence above a paragraph': (
        'hash.texi',
        'an existing hashed password (typically a long one).\n\nLOG2ROUNDS is the cost\n',
    ),
}
LOUD = {
    'a password': ('notes.txt', 'user: bob\npass: {alnum:9}7\n'),
    'two accounts': ('notes.txt', 'USER: bob\nPASS: {alnum:9}7\nUSER: eve\nPASS: {alnum:9}8\n'),
    'a password after the word': ('notes.txt', 'login: bob\nPass {alnum:9}7\n'),
    'a variable': ('.env', 'PASS={alnum:9}7\nFAIL_FAST=1\n'),
    'a number behind a word': ('.env', 'DB_PASS=Summer_2019x\n'),
    'a variable whose name says that it passed': ('.env', 'DB_PASS={alnum:9}7\nOK=1\n'),
    'a label with an aside above its value': (
        'keys.txt',
        'Secret key (only shown once)\n{alnum:40}\n',
    ),
    'a label with an issuer above its value': ('keys.txt', 'API secret (mine)\n{alnum:40}\n'),
    'a sum over two lines': ('a.php', "<?php $apiSecret = '{alnum:20}'.\n  '{alnum:20}';\n"),
    'a method chain': ('a.js', 'client.\n  withSecret("{alnum:40}").\n  build()\n'),
}


def list_rules(path: str, text: str) -> list[str]:
    data = expand_recipes(text, f'pass/{path}/{len(text)}').encode()
    everything = Config(severity='info', confidence='low')
    findings = scan_blob(Blob(data, Origin(path)), load_rules(), everything).findings
    return [finding.rule for finding in findings]


@pytest.mark.parametrize('case', SILENT)
def test_no_password_and_no_key(case: str) -> None:
    assert list_rules(*SILENT[case]) == []


@pytest.mark.parametrize('case', LOUD)
def test_a_password_or_a_key(case: str) -> None:
    assert list_rules(*LOUD[case])
