"""Generated reviews: the sound system of 06 with flaws and distractors from a stock, drawn by a seed."""
