"""Queries on behalf of a visitor: each is restricted by a `Sight`, which says what the visitor may see."""
