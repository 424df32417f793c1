"""Limits on what is not trusted: processes that end with their parent, locked folders, files read within bounds."""
