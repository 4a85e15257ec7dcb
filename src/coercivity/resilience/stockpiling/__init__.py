"""Which forms to stock against an emergency, and what capacity would cost in their place."""
