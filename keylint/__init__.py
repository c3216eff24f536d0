"""keylint: a static security linter for people who write crypto trading bots."""

__version__ = '0.1.0'
