"""The record (档案): the PostgreSQL tables, the statements that read and write them, and the migrations."""
