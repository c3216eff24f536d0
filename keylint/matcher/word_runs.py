"""Recognise text made of ordinary words: names, paths and numbers are not secrets."""

from __future__ import annotations

from keylint.core.lazy_patterns import defer_regex

WORDY = defer_regex(rb'[a-z_\-/=.]*|[A-Z_\-/=.]*|[A-Z]?[a-z]+(?:[A-Z][a-z]+)*|[0-9eE+_\-.]*')
# Names and paths of words with acronyms and small numbers: `RESTPreProcessor`, `/api/v1/orders`,
# `market_2_fees`.
_WORDS = (
    rb'(?>(?:[A-Z]{1,5}[a-z]{2,})++[A-Z]{0,5}+|[A-Z]?[a-z]++(?:[A-Z][a-z]++)*+|[A-Z]*+)[0-9]{0,2}+'
)
NAME_OF_WORDS = defer_regex(_WORDS + rb'(?:[_/\-.=]++' + _WORDS + rb')*+')
