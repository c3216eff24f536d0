"""Read source code of other languages as the trees that Python's code is read as.

The neutral tree is the standard library's `ast`, so all code that reads Python also reads them.
"""
