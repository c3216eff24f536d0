"""The words in a document's `rights` that say how to read a field (docs/writing-rules.md)."""

READ_ONLY = 'read-only'  # a switch: when it is true the key may read and nothing else
WORDS = 'words'  # a text or a list with words of `permissions`
LIST = '[]'  # after a key: its value is a list of rows; alone: the document is one
