"""Drills: each plays one consequence on a plan and returns data. A drill decides and draws nothing."""
