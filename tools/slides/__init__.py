"""`make slides`: slides, a hand-out and a questionnaire for a class, from docs/slides.py (`python -m tools.slides`)."""
