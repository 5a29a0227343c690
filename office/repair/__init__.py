"""Repair after a disaster: workflows from the record, and the record from its journal and the workflow histories."""
