"""Grades programs that nobody vouches for: each runs in a sandbox, as a client of the engine and of nothing else."""
