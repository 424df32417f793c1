"""The course: its exercises, their cells and notebooks, and the learner's progress."""
