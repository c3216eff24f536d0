"""Show findings in an editor while a text is written: the language server of keylint.

`server` alone speaks the protocol. A text is scanned as `keylint scan FILE` would; what is shown
of a finding holds no value.
"""
