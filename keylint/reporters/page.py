"""Build the parts that HTML reports share.

One self-contained page, text that cannot become markup, and a Content-Security-Policy that allows
the page's own script and style alone.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from html import escape

from keylint.reporters.text import sanitize_text


def escape_html(text: str) -> str:
    """Escape text for an element or a quoted attribute.

    No markup, control characters or commands to CI systems remain.
    """
    return escape(sanitize_text(text)).replace('##', '&#35;&#35;')


def render_head(title: str, style: str, script: str) -> str:
    """Return everything up to the body. `title` is plain text."""
    policy = (
        f"default-src 'none'; style-src {_hash_source(style)}; script-src {_hash_source(script)}; "
        "base-uri 'none'; form-action 'none'"
    )
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f'<title>{escape_html(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n'
    )


def _hash_source(text: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
