"""Presentation: stories, timelines, diagrams, charts, and live updates."""
