"""What somebody may see of the record, and how lists of it are read: every statement asks a `Sight`."""
