"""The `lab` command, one file for each kind of use."""
