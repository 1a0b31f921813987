"""From an opened gate to an immutable snapshot that a reader can verify alone."""
