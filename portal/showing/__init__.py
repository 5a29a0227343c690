"""What pages show: stories, timelines, diagrams, charts, and their news while they are open."""
