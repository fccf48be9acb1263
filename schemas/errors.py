"""The errors that CorpusMill raises: one root, a child a boundary.

Every message names the thing (file, page, line, key) and the remedy. All of them survive pickling, because Beam and
the reading processes carry them between processes. Library errors are wrapped where they cross into our code.

    CorpusMillError
    ├── UsageError         a path or an option that cannot work            exit code 2
    ├── RecipeError        a recipe that does not validate                 exit code 2
    ├── WorkspaceError     the workspace cannot be read, written, committed exit code 3
    ├── ExtractionError    one document or page cannot be read             a row in `errors`
    ├── EngineError        an engine cannot be used at all                 exit code 3
    ├── ExportError        a dataset cannot be written                     exit code 3
    └── AnnotationError    a Label Studio server cannot be used            exit code 3
"""

from enum import StrEnum


class ReasonCode(StrEnum):
    """Why a document, a page, a request or an export failed: the `reason_code` of the `errors` table.

    The `mention_` codes stand in `rejects`: places of a text that name an object which was not found for certain. Why a
    question was dropped has codes of its own: the catalog of the checks (`generators.checks`).
    """

    NOT_A_PDF = "not_a_pdf"
    EMPTY_FILE = "empty_file"
    UNREADABLE_FILE = "unreadable_file"
    DAMAGED = "damaged"
    ENCRYPTED = "encrypted"
    WRONG_PASSWORD = "wrong_password"
    NO_PAGES = "no_pages"
    NO_TEXT = "no_text"
    TOO_LARGE = "too_large"
    TOO_MANY_PAGES = "too_many_pages"
    TIMEOUT = "timeout"
    CRASH = "crash"
    OUT_OF_MEMORY = "out_of_memory"
    PAGE_FAILED = "page_failed"
    HIDDEN_TEXT = "hidden_text"
    MISSING_DEPENDENCY = "missing_dependency"
    ENGINE_UNREACHABLE = "engine_unreachable"
    ENGINE_REFUSED = "engine_refused"
    ENGINE_TIMEOUT = "engine_timeout"
    ENGINE_BAD_ANSWER = "engine_bad_answer"
    CONTEXT_TOO_LONG = "context_too_long"
    NOT_RECORDED = "not_recorded"
    MENTION_AMBIGUOUS = "mention_ambiguous"
    MENTION_NOT_FOUND = "mention_not_found"
    MENTION_ELSEWHERE = "mention_elsewhere"
    BUDGET_SPENT = "budget_spent"


class CorpusMillError(Exception):
    """The root of all errors that this project raises on purpose."""


class UsageError(CorpusMillError):
    """A path or an option that cannot work; the message says what to give instead."""


class RecipeError(CorpusMillError):
    """A recipe that does not validate; the message names file, line, key and what was expected."""


class WorkspaceError(CorpusMillError):
    """The workspace cannot be read, written or committed."""


class EngineError(CorpusMillError):
    """An engine cannot be used at all. A single failed request is a value, not this."""


class ExportError(CorpusMillError):
    """A dataset cannot be written."""


class AnnotationError(CorpusMillError):
    """A Label Studio server, or a project on it, cannot be used; judgements brought back before stay."""


class ExtractionError(CorpusMillError):
    """One document, or one page of it, cannot be read; becomes a row in `errors`.

    Args:
        reason_code: why, for programs.
        message: why, for people, with the remedy where there is one.
        page_index: the page, or None when the whole document is meant.
        retryable: whether the same bytes may succeed later (a timeout, say, with a higher limit).
    """

    def __init__(
        self, reason_code: ReasonCode, message: str, page_index: int | None = None, retryable: bool = False
    ) -> None:
        """Keep every argument in `args`, so that the error pickles."""
        super().__init__(reason_code, message, page_index, retryable)
        self.reason_code = reason_code
        self.message = message
        self.page_index = page_index
        self.retryable = retryable

    def __str__(self) -> str:
        """Return the message for people."""
        return self.message
