"""The rules, tested alone: no server, no database, no clock."""
