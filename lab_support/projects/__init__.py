"""Any Pulumi project as a program that the engine can run."""
