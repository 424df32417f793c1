"""From a program and an exercise to a verdict: in a notebook, in a child process, and as the author's proof."""
