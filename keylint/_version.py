"""The version, where every module can import it and the build reads it."""

__version__ = '0.1.0'
# Whether that version is on PyPI and has a tag. A release sets it and runs `python docs/build.py`:
# until then all commands, pages and generated files install keylint from its repository.
IS_RELEASED = False
