"""Of which type a question is by what its program computes."""

from typing import Final

from schemas.kinds import Operation, QuestionType

TYPES: Final[dict[Operation, QuestionType]] = {
    Operation.LOOKUP: QuestionType.FACTUAL_RETRIEVAL,
    Operation.COUNT: QuestionType.FACTUAL_RETRIEVAL,
    Operation.COMPARE: QuestionType.COMPARISON,
    Operation.MAXIMUM: QuestionType.COMPARISON,
    Operation.MINIMUM: QuestionType.COMPARISON,
    Operation.RANK: QuestionType.COMPARISON,
    Operation.SUM: QuestionType.LOGICAL_REASONING,
    Operation.DIFFERENCE: QuestionType.LOGICAL_REASONING,
    Operation.AVERAGE: QuestionType.LOGICAL_REASONING,
    Operation.EXCESS: QuestionType.LOGICAL_REASONING,
    Operation.CHANGE: QuestionType.LOGICAL_REASONING,
    Operation.SHARE: QuestionType.LOGICAL_REASONING,
    Operation.RATIO: QuestionType.COMPARISON,
    Operation.FILTER: QuestionType.FACTUAL_RETRIEVAL,
    Operation.TOP: QuestionType.COMPARISON,
    Operation.ABSENT: QuestionType.UNANSWERABLE,
}
