"""Identifiers and names: credit codes, addresses, running numbers, and when two names or claims are the same."""
