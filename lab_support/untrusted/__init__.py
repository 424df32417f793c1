"""Reads and shows what others wrote, within limits: files that may be anything, texts that may hold anything."""
