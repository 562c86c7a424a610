"""Obstacles (khó khăn, vướng mắc): stated as events or told over HTTP, forwarded, answered, closed."""
