"""Tests in a browser. Their package-scoped fixtures last until the last of them."""
