"""Processes and temporary folders that end with the process that made them."""
