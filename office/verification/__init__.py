"""Verification: whether journal, ledger, read model and workflows agree, to the fen."""
