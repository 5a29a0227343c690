"""The record (档案): PostgreSQL tables, what is written to them and read from them, and their migrations."""
