"""Commands as forms: their fields, what is in them, and how they are read back."""
