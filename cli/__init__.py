"""The window in a terminal: one module for each group of commands, and what they print."""
