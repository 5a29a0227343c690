"""What the rules cost (跑分): this engine beside a bare workflow on the same stack, in the same run."""
