"""What names companies, places, cases and claims: codes, addresses, running numbers, and when two names are the same."""
