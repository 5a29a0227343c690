"""The window: a status page for enterprises, a desk for staff, and an HTTP interface, on the record and the workflows."""
