"""Other places in the corpus that answer a question: as it is answered already, or otherwise."""
