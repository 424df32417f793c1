"""The commands of `lab`, a file for each kind of use."""
