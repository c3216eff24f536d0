"""What the HTML reports share: one self-contained page, text that cannot become markup, a policy that allows the page's own script alone."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from html import escape

from keylint.reporters.text import clean


def safe(text: str) -> str:
    """Text for an element or an attribute in quotes: no markup, no control characters, no commands to CI systems."""
    return escape(clean(text)).replace('##', '&#35;&#35;')


def opening(title: str, style: str, script: str) -> str:
    """Everything up to the body. `title` is plain text."""
    policy = f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; base-uri 'none'; form-action 'none'"
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<meta name="viewport" content="width=device-width">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n<meta name="referrer" content="no-referrer">\n'
        f'<title>{safe(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n'
    )


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
