"""The verbs, wired together: case and options in, run out."""
