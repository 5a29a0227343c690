"""The documents (文书) of a case: templates filled with what is on record, checked before work begins, and issued."""
