"""A corpus to questions and their proof: bundles, programs, prompts, engines, checks. No Beam."""
