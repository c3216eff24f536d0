"""Scan many repositories on Dask, keep what was found in a database, and say what to revoke first.

Nothing else imports this room: what it needs comes with the extra `fleet`.
"""
