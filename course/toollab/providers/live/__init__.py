"""Live or mock: one switch, the same cell, the same code."""
