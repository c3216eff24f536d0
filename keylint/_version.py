"""The version, where every module can import it and the build reads it."""

__version__ = '0.1.0'
