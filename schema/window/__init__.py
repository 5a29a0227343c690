"""What the window keeps of its own: people, sessions, tokens, limits, keys, imports."""
