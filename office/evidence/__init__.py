"""证据材料: the store of papers, recognising file formats, and virus scanning."""
