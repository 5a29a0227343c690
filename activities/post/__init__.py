"""Sending: documents and reports to offices, changes to programs, news to people; and the endpoints of each channel."""
