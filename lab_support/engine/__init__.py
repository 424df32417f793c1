"""Runs a program through the real Pulumi engine and turns what the engine reports into a plan."""
