"""Previews of several environments in one run of the engine."""
