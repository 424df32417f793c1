"""Turns a program and an exercise into a verdict: in a notebook, in a child process, or as the author's proof."""
