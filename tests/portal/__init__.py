"""The window: pages and interface, for people and programs, in front of an office at work."""
