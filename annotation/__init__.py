"""Questions to people and back: sampling, tasks, agreement, adjudication. No Beam."""
