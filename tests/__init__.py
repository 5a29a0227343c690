"""Tests. The rules are tested alone; the record and the workflows on the real servers."""
