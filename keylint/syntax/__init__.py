"""Text as tokens, in any language: a tolerant reader that binds values to names by structure."""
