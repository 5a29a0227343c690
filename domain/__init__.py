"""The rules (规则): pure functions and frozen values. No Temporal, no SQL, no clock, no I/O."""
