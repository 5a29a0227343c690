"""After a bad day: workflows from the record, and the record from its journal and the histories."""
