"""The exercises: what each is about, its cells, its notebooks, and how far the learner has come."""
