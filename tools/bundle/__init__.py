"""`make bundle`: one archive from which a machine without a network sets the lab up (`python -m tools.bundle`)."""
