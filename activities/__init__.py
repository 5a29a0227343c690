"""Temporal activities: everything that writes, sends, or asks another server. Each may run more than once and counts once."""
