"""How changes reach the page."""
