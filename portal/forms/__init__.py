"""Forms of commands: their fields, what can be chosen in them, and reading them."""
