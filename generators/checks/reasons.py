"""Why a check rejects a question: one code a reason, each with the line that the documentation prints."""

from enum import StrEnum


class CheckReason(StrEnum):
    """A reason code of a failed check. `description` says in one line what was found."""

    description: str

    def __new__(cls, code: str, description: str) -> "CheckReason":
        """Make a member that equals its code and carries its description."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.description = description
        return member

    # The record and its text
    MALFORMED_RECORD = "malformed_record", "A field is missing or of the wrong type."
    BAD_TEXT_LENGTH = "bad_text_length", "The question or the answer is empty, too short or too long."
    BROKEN_CHARACTERS = (
        "broken_characters",
        "Control or look-alike characters, lost glyphs, text broken or wrongly decoded.",
    )
    UNBALANCED_MARKS = "unbalanced_marks", "A quotation mark or bracket opens and never closes, or the reverse."
    NOT_A_QUESTION = "not_a_question", "The question neither asks nor instructs."
    SEVERAL_QUESTIONS = "several_questions", "Two questions are joined in one."
    TRUNCATED = "truncated", "The question or the answer stops in the middle."
    PROMPT_LEAK = "prompt_leak", "Words of an instruction, a template, a schema or an assistant's small talk."
    MARKUP = "markup", "Markup that the document does not print."
    INTERNAL_REFERENCE = "internal_reference", "An internal id, a file path or a local address."
    WRONG_LANGUAGE = "wrong_language", "The text is not in the language that the row states."
    BAD_LANGUAGE_CODE = "bad_language_code", "The language is not a language code."

    # Question and answer against each other
    REFUSAL = "refusal", "The answer declines to answer."
    UNANSWERABLE_MISMATCH = "unanswerable_mismatch", "The row is marked unanswerable but answers, or the reverse."
    ANSWER_IN_QUESTION = "answer_in_question", "The question gives its answer away."
    ANSWER_REPEATS_QUESTION = "answer_repeats_question", "The answer only repeats the question."
    WRONG_ANSWER_KIND = "wrong_answer_kind", "The answer is not of the kind that the row states."
    SELF_CONTRADICTION = "self_contradiction", "The question or the answer contradicts itself or the other."
    WRONG_TYPE = "wrong_type", "The question is not of the type that the row states."
    UNIT_CONTRADICTION = "unit_contradiction", "The question asks for one unit and the answer gives another."

    # The evidence against the document
    NO_EVIDENCE = "no_evidence", "There is no evidence that carries the answer, or it proves nothing."
    REPEATED_EVIDENCE = "repeated_evidence", "The same evidence is given twice."
    UNKNOWN_DOCUMENT = "unknown_document", "An evidence names a document that the corpus does not hold."
    UNKNOWN_ELEMENT = "unknown_element", "An evidence names an element that its document does not hold."
    WRONG_PLACE = "wrong_place", "Page, page label or box of an evidence are not those of its element."
    WRONG_MODALITY = "wrong_modality", "The modality of an evidence, or of the answer, is not what the evidence is."
    QUOTE_DIFFERS = "quote_differs", "A quote does not stand in its element where the row says."
    CELL_DIFFERS = "cell_differs", "A quoted cell does not exist or holds another text."

    # The answer against the evidence
    PROGRAM_BROKEN = "program_broken", "The table program cannot be run over the evidence."
    PROGRAM_DIFFERS = "program_differs", "The table program gives another result than the row states."
    ANSWER_DIFFERS = "answer_differs", "The answer does not state the result of its program, its unit or its scale."
    QUESTION_DIFFERS = "question_differs", "The question does not ask for what its program computes."
    INCOMPLETE_OPERANDS = "incomplete_operands", "The program leaves out cells of the row or column that it is about."
    UNSUPPORTED_NUMBER = "unsupported_number", "A number of the answer stands nowhere in the evidence."
    UNSUPPORTED_UNIT = "unsupported_unit", "A unit or scale of the answer stands nowhere near the evidence."
    UNSUPPORTED_WORDS = "unsupported_words", "Names or words of the answer stand nowhere in the evidence."
    UNSUPPORTED_QUESTION = "unsupported_question", "A number, name or premise of the question stands nowhere near."
    UNPROVEN_ALTERNATIVE = "unproven_alternative", "A place that is said to answer as well does not prove the answer."

    # The question on its own
    NEGATED_QUESTION = "negated_question", "The question asks for what is not, the evidence says what is."
    ROLES_REVERSED = "roles_reversed", "The question asks what A does to B, the quote says what B does to A."
    MISSPELT_NAME = "misspelt_name", "A name in the question is a slip of one that the document prints."
    DEIXIS = "deixis", "The question points at something that its reader does not see."
    UNRESOLVED_REFERENCE = "unresolved_reference", "A pronoun or a generic name refers to nothing in the question."
    BARE_LABEL = "bare_label", "A table, figure, section or page is named without its document."
    NOT_FINDABLE = "not_findable", "Too few words lead to the document among others."

    # What engines try
    NOT_ANSWERED = "not_answered", "An engine finds no answer in the evidence alone."
    ANSWERED_OTHERWISE = "answered_otherwise", "An engine reads another answer off the evidence."
    CLOSED_BOOK = "closed_book", "An engine knows the answer without the evidence."
    YET_ANSWERED = "yet_answered", "The question is marked unanswerable, and an engine or a place answers it."
    AMBIGUOUS = "ambiguous", "Another place in the corpus gives another answer to the same question."
    JUDGED_UNFIT = "judged_unfit", "A judge scores the question and its answer below the threshold."

    # A wording that an engine proposed; the question stays as it was
    REWRITE_FAILED = "rewrite_failed", "The engine gave no rewording, or one that the checks refuse."
    REWRITE_UNCHANGED = "rewrite_unchanged", "The rewording says the same words."
    REWRITE_LOST = "rewrite_lost", "The rewording lacks a number, a unit, a name or a label of the question."
    REWRITE_ADDED = "rewrite_added", "The rewording adds a number, a name or words that the document does not lead to."
    REWRITE_TURNED = "rewrite_turned", "The rewording asks for something else: another direction, order or unit."
    REWRITE_TOO_LONG = "rewrite_too_long", "The rewording is much longer than the question."
    REWRITE_NOT_OBSCURED = "rewrite_not_obscured", "The rewording shares as many words with its source as before."

    # The set
    CONTAMINATED = "contaminated", "A public benchmark that the recipe names holds this question."
    DUPLICATE = "duplicate", "Another question asks the same, or the same cells with the same operation."
    OVER_QUOTA = "over_quota", "Enough questions of this kind were kept already."
