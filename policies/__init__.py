"""Rule packs as data (规则包)."""
