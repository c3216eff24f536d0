"""One file, or two, for each form that a key lies in: real bytes, made at run time.

The tests and benchmarks/carriers.py read this table.

In a template `$K` and `$S` are key and secret, `$K1$K2` and `$S1$S2` their halves.
"""

from __future__ import annotations

import base64
import bz2
import email.message
import gzip
import html
import json
import lzma
import pickle
import quopri
import sqlite3
import struct
import zlib
from collections.abc import Callable
from typing import Any, NamedTuple

from keylint.rules.recipes import expand_recipes
from tests.archives.made import tarred, zipped_rows
from tests.archives.pycs import PYCS

Files = dict[str, bytes]


class Row(NamedTuple):
    """What the row is called in the table, its files, its issuer and the parts of a finding.

    `issuer` is None where nothing in the files says who issued the key.

    `issuer` is None where nothing in the files says who issued the key.
    """

    name: str
    files: Callable[[str, str], Files]
    issuer: str | None = 'binance'
    parts: int = 2


def filled(template: str, key: str, secret: str) -> str:
    halves = {
        '$K1': key[: len(key) // 2],
        '$K2': key[len(key) // 2 :],
        '$S1': secret[: len(secret) // 2],
        '$S2': secret[len(secret) // 2 :],
    }
    for mark, text in (halves | {'$K': key, '$S': secret}).items():
        template = template.replace(mark, text)
    return template


def text(name: str, template: str) -> Callable[[str, str], Files]:
    return lambda key, secret: {name: filled(template, key, secret).encode()}


def made(name: str, build: Callable[[str, str], bytes]) -> Callable[[str, str], Files]:
    return lambda key, secret: {name: build(key, secret)}


def config(key: str, secret: str) -> bytes:
    return filled(
        '{\n "exchange": {"name": "binance",\n  "key": "$K",\n  "secret": "$S"}\n}\n', key, secret
    ).encode()


def env(key: str, secret: str) -> bytes:
    return filled('BINANCE_API_KEY=$K\nBINANCE_API_SECRET=$S\n', key, secret).encode()


def pair(key: str, secret: str) -> dict[str, str]:
    return {'exchange': 'binance', 'apiKey': key, 'secret': secret}


def notebook(key: str, secret: str, quote: str = '"', part: str = 'source') -> bytes:
    line = filled(
        f'ex = ccxt.binance({{{quote}apiKey{quote}: {quote}$K{quote}, '
        f'{quote}secret{quote}: {quote}$S{quote}}})',
        key,
        secret,
    )
    cell: dict[str, Any] = {
        'cell_type': 'code',
        'source': ['import ccxt\n'],
        'outputs': [],
        'metadata': {},
        'execution_count': 1,
    }
    if part == 'source':
        cell['source'] = ['import ccxt\n', line]
    else:
        cell['outputs'] = [{'output_type': 'stream', 'name': 'stdout', 'text': [line + '\n']}]
    return json.dumps(
        {'cells': [cell], 'metadata': {}, 'nbformat': 4, 'nbformat_minor': 5}, indent=1
    ).encode()


def exported(key: str, secret: str) -> bytes:
    """Return a notebook as nbconvert writes it.

    Every word in a span of its own, quotes as entities.
    """

    def span(kind: str, word: str) -> str:
        return f'<span class="{kind}">{html.escape(word)}</span>'

    lines = [
        f'{span("kn", "import")} {span("nn", "ccxt")}',
        (
            f'{span("n", "ex")} {span("o", "=")} {span("n", "ccxt")}{span("o", ".")}'
            f'{span("n", "binance")}{span("p", "({")}'
        ),
        (
            f'    {span("s2", chr(34) + "apiKey" + chr(34))}{span("p", ":")} '
            f'{span("s2", chr(34) + key + chr(34))}{span("p", ",")}'
        ),
        (
            f'    {span("s1", chr(39) + "secret" + chr(39))}{span("p", ":")} '
            f'{span("s1", chr(39) + secret + chr(39))}{span("p", "})")}'
        ),
    ]
    head = (
        '<!DOCTYPE html>\n<html><head><title>bot</title></head><body class="jp-Notebook">\n'
        '<div class="highlight hl-ipython3"><pre><span></span>'
    )
    return (head + '\n'.join(lines) + '\n</pre></div></body></html>\n').encode()


def database(key: str, secret: str, tables: bool = True) -> sqlite3.Connection:
    connection = sqlite3.connect(':memory:')
    connection.execute(
        'CREATE TABLE api_keys (id INTEGER PRIMARY KEY, exchange TEXT, key TEXT, secret TEXT)'
    )
    connection.execute('CREATE TABLE notes (body TEXT)')
    if tables:
        connection.execute(
            'INSERT INTO api_keys (exchange, key, secret) VALUES (?, ?, ?)',
            ('binance', key, secret),
        )
    else:
        connection.execute('INSERT INTO notes VALUES (?)', (env(key, secret).decode(),))
    connection.commit()
    return connection


def sqlite(key: str, secret: str) -> bytes:
    return database(key, secret).serialize()


def sqlite_text(key: str, secret: str) -> bytes:
    return database(key, secret, tables=False).serialize()


def logged(key: str, secret: str) -> Files:
    """Return a database and the write-ahead log beside it: the row is only in the log."""
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / 'bot.sqlite'
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute(
            'CREATE TABLE api_keys (id INTEGER PRIMARY KEY, exchange TEXT, key TEXT, secret TEXT)'
        )
        connection.execute('PRAGMA journal_mode = WAL')
        connection.execute('PRAGMA wal_autocheckpoint = 0')
        connection.execute(
            'INSERT INTO api_keys (exchange, key, secret) VALUES (?, ?, ?)',
            ('binance', key, secret),
        )
        found = {
            path.name: path.read_bytes(),
            f'{path.name}-wal': (Path(folder) / 'bot.sqlite-wal').read_bytes(),
        }
        connection.close()
        return found


def joblib(key: str, secret: str) -> bytes:
    return zlib.compress(pickle.dumps({'accounts': [pair(key, secret)]}))


def npy(key: str, secret: str) -> bytes:
    head = b"{'descr': '|O', 'fortran_order': False, 'shape': (1,), }\n"
    return (
        b'\x93NUMPY\x01\x00'
        + struct.pack('<H', len(head))
        + head
        + pickle.dumps([pair(key, secret)])
    )


def docx(key: str, secret: str) -> bytes:
    lines = [
        f'<w:p><w:r><w:t>{line}</w:t></w:r></w:p>'
        for line in ('Binance', f'API key: {key}', f'Secret key: {secret}')
    ]
    body = (
        '<?xml version="1.0"?><w:document xmlns:w="x"><w:body>'
        + ''.join(lines)
        + '</w:body></w:document>'
    )
    return zipped_rows([('[Content_Types].xml', b'<Types/>'), ('word/document.xml', body.encode())])


def xlsx(key: str, secret: str) -> bytes:
    texts = ('exchange', 'api key', 'api secret', 'binance', key, secret)
    shared = (
        '<sst xmlns="x" count="6" uniqueCount="6">'
        + ''.join(f'<si><t>{one}</t></si>' for one in texts)
        + '</sst>'
    )
    cells = [
        ''.join(f'<c r="{"ABC"[n]}{row}" t="s"><v>{3 * (row - 1) + n}</v></c>' for n in range(3))
        for row in (1, 2)
    ]
    sheet = (
        '<worksheet xmlns="x"><sheetData>'
        + ''.join(f'<row r="{n}">{row}</row>' for n, row in enumerate(cells, 1))
        + '</sheetData></worksheet>'
    )
    parts = [
        ('[Content_Types].xml', b'<Types/>'),
        ('xl/sharedStrings.xml', shared.encode()),
        ('xl/worksheets/sheet1.xml', sheet.encode()),
    ]
    return zipped_rows(parts)


def apk(key: str, secret: str) -> bytes:
    return zipped_rows(
        [('AndroidManifest.xml', b'\x03\x00\x08\x00'), ('assets/config.json', config(key, secret))]
    )


def mail(key: str, secret: str, kind: str) -> bytes:
    """Return a message with a body in quoted-printable or base64, or with an attachment."""
    message = email.message.EmailMessage()
    message['From'], message['To'], message['Subject'] = 'a@example.org', 'b@example.org', 'keys'
    body = (
        f'Hello,\nhere are the keys of the bot on Binance, as we said = {"x" * 30}:\n'
        f'api_key={key}\napi_secret={secret}\nBye\n'
    )
    if kind == 'quoted-printable':
        data = quopri.encodestring(body.encode()).decode()
        data = data.replace(secret, f'{secret[:20]}=\n{secret[20:]}').replace(
            key, f'{key[:20]}=\n{key[20:]}'
        )
        return (
            str(message).rstrip('\n')
            + f'\nContent-Type: text/plain\nContent-Transfer-Encoding: {kind}\n\n{data}'
        ).encode()
    if kind == 'base64':
        message.set_content(body, cte='base64')
    else:
        message.set_content('See the file.\n')
        message.add_attachment(
            config(key, secret), maintype='application', subtype='json', filename='config.json'
        )
    return message.as_bytes()


def mbox(key: str, secret: str) -> bytes:
    first = mail('', '', 'attachment')
    return (
        b'From a@example.org Mon Jan  1 00:00:00 2024\n'
        + first
        + b'\nFrom a@example.org Tue Jan  2 00:00:00 2024\n'
        + mail(key, secret, 'base64')
    )


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))


def png(*chunks: bytes) -> bytes:
    header = chunk(b'IHDR', struct.pack('>IIBBBBB', 1, 1, 8, 0, 0, 0, 0))
    return (
        b'\x89PNG\r\n\x1a\n'
        + header
        + b''.join(chunks)
        + chunk(b'IDAT', zlib.compress(b'\x00\x00'))
        + chunk(b'IEND', b'')
    )


def tiff(texts: dict[int, bytes]) -> bytes:
    """Return a TIFF structure, as EXIF holds it, with texts under their tags.

    0x9286 lies in the directory behind the first.
    """
    own = [(tag, 2, value + b'\x00') for tag, value in texts.items() if tag != 0x9286]
    inner = [
        (tag, 7, b'ASCII\x00\x00\x00' + value) for tag, value in texts.items() if tag == 0x9286
    ]
    data, body = b'', b''
    first = 8 + 2 + 12 * (len(own) + bool(inner)) + 4
    second = first + 2 + 12 * len(inner) + 4
    for place, entries in ((0, own), (1, inner)):
        rows = b''
        for tag, kind, value in entries:
            rows += struct.pack('<HHII', tag, kind, len(value), second + len(data))
            data += value
        if not place and inner:
            rows += struct.pack('<HHII', 0x8769, 4, 1, first)
        body += struct.pack('<H', len(rows) // 12) + rows + bytes(4) if rows else b''
    return b'II*\x00' + struct.pack('<I', 8) + body + (b'' if inner else bytes(6)) + data


def jpeg(exif: bytes, comment: bytes = b'') -> bytes:
    def segment(kind: int, data: bytes) -> bytes:
        return bytes((0xFF, kind)) + struct.pack('>H', len(data) + 2) + data

    found = segment(0xE1, b'Exif\x00\x00' + exif) if exif else b''
    found += segment(0xFE, comment) if comment else b''
    return (
        b'\xff\xd8'
        + segment(0xE0, b'JFIF\x00\x01\x01' + bytes(7))
        + found
        + segment(0xDA, bytes(6))
        + b'\x00\x12\xff\xd9'
    )


def pdf(key: str, secret: str) -> bytes:
    """Return a page whose text is one compressed stream, the secret cut in two by kerning."""
    lines = (
        f'BT /F1 12 Tf 72 720 Td (Binance) Tj 0 -14 Td (API key: {key}) Tj T* [(Secret key: '
        f'{secret[:9]}) -20 ({secret[9:]})] TJ ET\n'
    )
    stream = zlib.compress(lines.encode())
    objects = [
        b'<< /Type /Catalog /Pages 2 0 R >>',
        b'<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
        b'<< /Type /Page /Parent 2 0 R /Contents 4 0 R /MediaBox [0 0 612 792] >>',
        b'<< /Length %d /Filter /FlateDecode >>\nstream\n' % len(stream) + stream + b'\nendstream',
    ]
    return (
        b'%PDF-1.4\n'
        + b''.join(b'%d 0 obj\n%s\nendobj\n' % one for one in enumerate(objects, 1))
        + b'trailer << /Root 1 0 R >>\n%%EOF\n'
    )


def registry(key: str, secret: str) -> bytes:
    """Return an export of regedit: UTF-16, one value as bytes of UTF-16 that are wrapped."""
    codes = [f'{byte:02x}' for byte in f'{secret}\0'.encode('utf-16-le')]
    lines = [','.join(codes[start : start + 20]) for start in range(0, len(codes), 20)]
    wrapped = ',\\\r\n  '.join(lines)
    head = (
        'Windows Registry Editor Version 5.00\r\n\r\n'
        '[HKEY_CURRENT_USER\\Software\\Bot\\Binance]\r\n'
    )
    body = f'{head}"ApiKey"="{key}"\r\n"ApiSecret"=hex(2):{wrapped}\r\n'
    return body.encode('utf-16')


def har(key: str, secret: str) -> bytes:
    headers = [{'name': 'X-MBX-APIKEY', 'value': key}, {'name': 'Accept', 'value': '*/*'}]
    body = {
        'mimeType': 'application/json',
        'text': json.dumps({'apiKey': key, 'apiSecret': secret}),
    }
    request = {
        'method': 'POST',
        'url': 'https://api.binance.com/sapi/v1/x',
        'headers': headers,
        'postData': body,
    }
    return json.dumps(
        {'log': {'version': '1.2', 'entries': [{'request': request}]}}, indent=1
    ).encode()


def postman(key: str, secret: str) -> bytes:
    variables = [
        {'key': 'binanceApiKey', 'value': key, 'type': 'string'},
        {'key': 'binanceSecret', 'value': secret, 'type': 'string'},
    ]
    return json.dumps(
        {'info': {'name': 'Binance'}, 'item': [], 'variable': variables}, indent=1
    ).encode()


def state(key: str, secret: str) -> bytes:
    attributes = {
        'name': 'bot',
        'environment': {'BINANCE_API_KEY': key, 'BINANCE_API_SECRET': secret},
    }
    instance = {'schema_version': 0, 'attributes': attributes}
    return json.dumps(
        {'version': 4, 'resources': [{'type': 'aws_lambda_function', 'instances': [instance]}]},
        indent=1,
    ).encode()


DUMP = """COPY public.api_keys (id, exchange, api_key, api_secret) FROM stdin;
1\tbinance\t$K\t$S
2\tkraken\t\\N\t\\N
\\.
"""
PATCH = """diff --git a/bot.py b/bot.py
--- a/bot.py
+++ b/bot.py
@@ -1,3 +1,3 @@
 import ccxt
-ex = ccxt.binance({"apiKey": "$K",
-    "secret": "$S"})
+ex = ccxt.binance(load())
"""
JENKINS = """<com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl>
  <id>binance</id>
  <username>$K</username>
  <password>$S</password>
</com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl>
"""
JENKINS_ENV = """<hudson.EnvVars><tree-map><string>BINANCE_API_KEY</string><string>$K</string>
<string>BINANCE_API_SECRET</string><string>$S</string></tree-map></hudson.EnvVars>
"""
CLOUD = """Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - Environment:
            - Name: BINANCE_API_KEY
              Value: $K
            - Name: BINANCE_API_SECRET
              Value: $S
"""
PLIST = """<plist version="1.0"><dict>
  <key>exchange</key>
  <string>binance</string>
  <key>key</key>
  <string>$K</string>
  <key>secret</key>
  <string>$S</string>
</dict></plist>
"""

ROWS = (
    Row('notebook source, double quotes', made('bot.ipynb', notebook)),
    Row('notebook source, single quotes', made('bot.ipynb', lambda k, s: notebook(k, s, "'"))),
    Row('notebook output', made('bot.ipynb', lambda k, s: notebook(k, s, part='output'))),
    Row(
        'notebook in a zip',
        made('bots.zip', lambda k, s: zipped_rows([('nb/bot.ipynb', notebook(k, s))])),
    ),
    Row('.ipynb_checkpoints', made('.ipynb_checkpoints/bot-checkpoint.ipynb', notebook)),
    Row('HTML export of a notebook', made('bot.html', exported)),
    Row('SQLite, text row', made('bot.sqlite', sqlite_text)),
    Row('SQLite, columns and cells', made('bot.sqlite', sqlite)),
    Row('SQLite, write-ahead log', logged),
    Row(
        'SQL dump, INSERT',
        text(
            'dump.sql',
            "INSERT INTO api_keys (exchange, key, secret) VALUES ('kraken', '', ''),\n"
            " ('binance', '$K', '$S');\n",
        ),
    ),
    Row('SQL dump, COPY', text('dump.sql', DUMP)),
    *(Row(name, made('bot.pyc', build)) for name, build in PYCS.items()),
    Row('pickle, string', made('bot.pkl', lambda k, s: pickle.dumps([env(k, s).decode()]))),
    Row('pickle, dictionary', made('bot.pkl', lambda k, s: pickle.dumps(pair(k, s)))),
    Row('joblib, compressed', made('bot.joblib', joblib)),
    Row('.npy of objects', made('bot.npy', npy)),
    Row('zip', made('bot.zip', lambda k, s: zipped_rows([('conf/bot.json', config(k, s))]))),
    Row(
        'zip in a zip',
        made(
            'bot.zip',
            lambda k, s: zipped_rows([('in.zip', zipped_rows([('bot.json', config(k, s))]))]),
        ),
    ),
    Row(
        'jar',
        made(
            'bot.jar',
            lambda k, s: zipped_rows(
                [('META-INF/MANIFEST.MF', b'\n'), ('app.properties', env(k, s))]
            ),
        ),
    ),
    Row(
        'wheel',
        made(
            'bot-1-py3-none-any.whl', lambda k, s: zipped_rows([('bot/config.json', config(k, s))])
        ),
    ),
    Row('docx', made('keys.docx', docx)),
    Row('xlsx', made('keys.xlsx', xlsx)),
    Row('apk', made('bot.apk', apk)),
    Row('tar', made('bot.tar', lambda k, s: tarred([('bot.json', config(k, s))]))),
    Row('tar.gz', made('bot.tar.gz', lambda k, s: tarred([('bot.json', config(k, s))], 'gz'))),
    Row('tar.bz2', made('bot.tar.bz2', lambda k, s: tarred([('bot.json', config(k, s))], 'bz2'))),
    Row('tar.xz', made('bot.tar.xz', lambda k, s: tarred([('bot.json', config(k, s))], 'xz'))),
    Row('gz', made('bot.json.gz', lambda k, s: gzip.compress(config(k, s), mtime=0))),
    Row('bz2', made('bot.json.bz2', lambda k, s: bz2.compress(config(k, s)))),
    Row('xz', made('bot.json.xz', lambda k, s: lzma.compress(config(k, s)))),
    Row('UTF-16', made('bot.env', lambda k, s: env(k, s).decode().encode('utf-16'))),
    Row(
        'literals joined by the language',
        text(
            'bot.py',
            'BINANCE_API_KEY = "$K1" + \\\n    "$K2"\nBINANCE_API_SECRET = ("$S1"\n    "$S2")\n',
        ),
    ),
    Row('Postman collection', made('bot.postman_collection.json', postman)),
    Row('HAR', made('trace.har', har)),
    Row('Jenkins, user and password', text('credentials.xml', JENKINS)),
    Row('Jenkins, environment', text('config.xml', JENKINS_ENV)),
    Row(
        'Java properties with escapes',
        text(
            'bot.properties', '#Mon Jan 01\nbinance.api\\ key=$K\nbinance.api\\ secret \\= = $S\n'
        ),
    ),
    Row('Windows .reg', made('bot.reg', registry)),
    Row(
        'PowerShell',
        text(
            'run.ps1',
            '$env:BINANCE_API_KEY = "$K"\n'
            '[Environment]::SetEnvironmentVariable("BINANCE_API_SECRET", "$S", "User")\n',
        ),
    ),
    Row(
        'PowerShell, secure string',
        text(
            'run.ps1',
            '$BinanceKey = "$K"\n'
            '$BinanceSecret = ConvertTo-SecureString "$S" -AsPlainText -Force\n',
        ),
    ),
    Row(
        'Dockerfile',
        text(
            'Dockerfile',
            'FROM python:3\nARG BINANCE_API_KEY="$K"\nENV BINANCE_API_SECRET=$S \\\n    TZ=UTC\n',
        ),
    ),
    Row(
        'systemd unit',
        text(
            'bot.service',
            '[Service]\nEnvironment="BINANCE_API_KEY=$K" "BINANCE_API_SECRET=$S"\n'
            'ExecStart=/usr/bin/bot\n',
        ),
    ),
    Row(
        '.bash_history',
        text('.bash_history', 'ls\nexport BINANCE_API_KEY=$K\nexport BINANCE_API_SECRET=$S\n'),
    ),
    Row(
        '.zsh_history',
        text(
            '.zsh_history',
            ': 1700000000:0;export BINANCE_API_KEY=$K\n'
            ': 1700000009:0;export BINANCE_API_SECRET=$S\n',
        ),
    ),
    Row(
        '.python_history',
        text(
            '.python_history', "import ccxt\nex = ccxt.binance({'apiKey': '$K', 'secret': '$S'})\n"
        ),
    ),
    Row(
        'log lines',
        text(
            'bot.log', "2024-01-01 10:00:00,123 DEBUG binance: connect(apiKey='$K', secret='$S')\n"
        ),
    ),
    Row('diff', text('old.diff', PATCH)),
    Row(
        'patch, halves on + and -',
        text('fix.patch', '--- a/.env\n+++ b/.env\n-BINANCE_API_KEY=$K\n+BINANCE_API_SECRET=$S\n'),
    ),
    Row('mail, quoted-printable', made('keys.eml', lambda k, s: mail(k, s, 'quoted-printable'))),
    Row('mail, base64', made('keys.eml', lambda k, s: mail(k, s, 'base64'))),
    Row('mail, attachment', made('keys.eml', lambda k, s: mail(k, s, 'attachment'))),
    Row('mbox', made('Inbox.mbox', mbox)),
    Row('PDF', made('keys.pdf', pdf)),
    Row('PNG tEXt', made('plot.png', lambda k, s: png(chunk(b'tEXt', b'Comment\x00' + env(k, s))))),
    Row(
        'PNG zTXt',
        made(
            'plot.png',
            lambda k, s: png(chunk(b'zTXt', b'Comment\x00\x00' + zlib.compress(env(k, s)))),
        ),
    ),
    Row(
        'PNG iTXt',
        made(
            'plot.png',
            lambda k, s: png(
                chunk(b'iTXt', b'Comment\x00\x01\x00\x00\x00' + zlib.compress(env(k, s)))
            ),
        ),
    ),
    Row(
        'EXIF in JPEG',
        made('desk.jpg', lambda k, s: jpeg(tiff({0x010E: b'Binance', 0x9286: env(k, s)}))),
    ),
    Row('comment in JPEG', made('desk.jpg', lambda k, s: jpeg(b'', env(k, s)))),
    Row('.netrc', text('.netrc', 'machine api.binance.com\n  login $K\n  password $S\n')),
    Row('.netrc, one line', text('.netrc', 'machine api.binance.com login $K password $S\n')),
    Row('.pgpass', text('.pgpass', 'db.example.org:5432:bot:trader:$S\n'), None, 1),
    Row('.my.cnf', text('.my.cnf', '[client]\nuser=trader\npassword="$S"\n'), None, 1),
    Row('.s3cfg', text('.s3cfg', '[default]\naccess_key = AKIA$K\nsecret_key = $S\n'), 'aws'),
    Row(
        'Terraform tfvars',
        text('bot.tfvars', 'binance_api_key = "$K"\nbinance_api_secret = "$S"\n'),
    ),
    Row('Terraform state', made('terraform.tfstate', state)),
    Row(
        'Ansible inventory',
        text(
            'hosts.ini',
            '[bots]\nbot1 ansible_host=10.0.0.5 binance_api_key=$K binance_api_secret=$S\n',
        ),
    ),
    Row(
        'Ansible variables',
        text('group_vars/all.yml', 'bots:\n  binance:\n    api_key: "$K"\n    api_secret: "$S"\n'),
    ),
    Row('CloudFormation', text('stack.yaml', CLOUD)),
    Row('property list', text('bot.plist', PLIST)),
    Row('base64', made('keys.txt', lambda k, s: base64.b64encode(env(k, s)) + b'\n')),
    Row(
        'base64 twice',
        made('keys.txt', lambda k, s: base64.b64encode(base64.b64encode(env(k, s))) + b'\n'),
    ),
    Row('hex', made('keys.txt', lambda k, s: env(k, s).hex().encode() + b'\n')),
    Row(
        'base64 of gzip',
        made('keys.txt', lambda k, s: base64.b64encode(gzip.compress(env(k, s), mtime=0)) + b'\n'),
    ),
)


def values(row: Row) -> tuple[str, str]:
    """Return the key and the secret that lie in the row's files: each row has its own."""
    key, secret = (
        ('{base32:16}', '{base64:30}') if row.issuer == 'aws' else ('{alnum:64}', '{alnum:64}')
    )
    return expand_recipes(key, f'row/{row.name}/key'), expand_recipes(
        secret, f'row/{row.name}/secret'
    )
