"""Read source code of other languages as the trees that Python's code is read as.

The neutral tree is the standard library's `ast`: all that reads Python's code reads them too.
"""
