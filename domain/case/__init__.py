"""The decider of a case: what may be done, what then happens, and what a case is after it."""
