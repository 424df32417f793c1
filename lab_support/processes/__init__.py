"""Processes that end with the one that started them, and temporary folders that do not outlive theirs."""
