"""Tests of what a browser shows; their fixtures of scope `package` end with the last of them."""
