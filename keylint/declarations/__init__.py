"""Documents, inventories, calls and set-up texts in, key declarations out.

What somebody says a key may do, and from where.
"""
