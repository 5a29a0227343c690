"""The window: pages for enterprises, debtors and staff, and an HTTP interface, on top of the record and the workflows."""
