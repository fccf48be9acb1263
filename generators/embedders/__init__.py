"""Embedders: texts and pictures to vectors, in this process or behind a URL. No Beam."""
