"""The words with which `rights` of a document say how a field is read (docs/writing-rules.md)."""

READ_ONLY = 'read-only'  # a switch: when it is true the key may read and nothing else
WORDS = 'words'  # a text or a list with words of `permissions`
LIST = '[]'  # behind a key: its value is a list of rows; alone: the document is
