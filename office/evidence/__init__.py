"""证据材料: the store of papers, and what a file is by its content."""
