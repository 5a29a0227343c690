"""Benchmarks (跑分): what the rules cost. They compare this engine with a bare workflow on the same servers, in the same run."""
