"""Drills: each plays out one consequence on a plan and returns data. A drill neither judges nor draws."""
