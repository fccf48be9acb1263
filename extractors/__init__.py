"""PDF bytes to elements and links. Pure functions over one document: no Beam, no network."""
