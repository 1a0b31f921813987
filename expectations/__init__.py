"""What each gate expects of each relation, and the limits it is judged by."""
