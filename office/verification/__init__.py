"""Whether journal, ledger, read model and workflows tell the same story, to the fen."""
