"""Where bytes come from. Every source yields blobs, counts what it left out, and names what it could not read."""

MOST_BYTES = 256 * 1024 * 1024
