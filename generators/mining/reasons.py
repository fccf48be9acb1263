"""Why a candidate is no negative: the reasons that stand with the rejected candidates of a triplet."""

from enum import StrEnum


class MineReason(StrEnum):
    """A guard's word against a candidate: it may answer the question, or part of what does."""

    SHARES_EVIDENCE = "shares_evidence"
    NAMES_EVIDENCE = "names_evidence"
    CONTINUES_EVIDENCE = "continues_evidence"
    SAME_FAMILY = "same_family"
    NEAR_DUPLICATE = "near_duplicate"
    HOLDS_EVIDENCE = "holds_evidence"
    HOLDS_ANSWER = "holds_answer"
    OVER_MARGIN = "over_margin"
    JUDGED_RELEVANT = "judged_relevant"
    EMPTY = "empty"
