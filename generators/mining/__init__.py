"""Mining: candidates that seem to answer a question and do not, with the scores and the guards that say so. No Beam."""
