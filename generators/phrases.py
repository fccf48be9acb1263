"""The sentences that questions are made of: several for each operation, chosen by seed.

Slots: {measure} a noun phrase with its article left out ("retail sales"), {item} and {other} row names, {items} several
of them, {under} a column that is no measure (' in 1996', ' under "Female"'), {kind} what the rows are ("country"),
{kinds} their plural, {where} the table and document, {Where} the same at the start of a sentence.
"""

from typing import Final

from schemas.kinds import Operation

WHERE: Final = (
    'in the table on {subject} in "{document}"',
    'according to the table on {subject} in "{document}"',
    'in "{document}", going by its table on {subject}',
    'according to the figures on {subject} in "{document}"',
)

WHERE_FIRST: Final = (
    'In "{document}", according to the table on {subject},',
    'According to the table on {subject} in "{document}",',
    'In the table on {subject} in "{document}",',
    'Looking at the table on {subject} in "{document}",',
)

# Where the document has no title, the table's subject leads to it alone.
WHERE_ALONE: Final = (
    "in the table on {subject}",
    "according to the table on {subject}",
    "according to the published figures on {subject}",
)

WHERE_FIRST_ALONE: Final = ("According to the table on {subject},", "In the table on {subject},")

QUESTIONS: Final[dict[Operation, tuple[str, ...]]] = {
    Operation.LOOKUP: (
        "What {measure} is reported for {item}{under} {where}?",
        "{Where} what is the {measure} of {item}{under}?",
        "{Where} what {measure} is given for {item}{under}?",
        "What is the {measure} of {item}{under} {where}?",
    ),
    Operation.COMPARE: (
        "Which has the {higher} {measure}{under} {where}: {item} or {other}?",
        "{Where} which of {item} and {other} has the {higher} {measure}{under}?",
        "{Where} is the {measure}{under} {higher} for {item} or for {other}?",
    ),
    Operation.MAXIMUM: (
        "Which {kind} has the highest {measure}{under} {where}?",
        "{Where} which {kind} has the highest {measure}{under}?",
        "{Where} for which {kind} is the {measure}{under} the highest?",
    ),
    Operation.MINIMUM: (
        "Which {kind} has the lowest {measure}{under} {where}?",
        "{Where} which {kind} has the lowest {measure}{under}?",
        "{Where} for which {kind} is the {measure}{under} the lowest?",
    ),
    Operation.RANK: (
        "Which {kind} has the {place} {measure}{under} {where}?",
        "{Where} which {kind} has the {place} {measure}{under}?",
    ),
    Operation.SUM: (
        "What is the combined {measure} of {items}{under} {where}?",
        "{Where} what do {items} add up to in {measure}{under}?",
        "{Where} what is the sum of the {measure} of {items}{under}?",
    ),
    Operation.DIFFERENCE: (
        "By how much does the {measure} of {item}{under} exceed that of {other} {where}?",
        "{Where} what is the difference between {item} and {other} in {measure}{under}?",
        "{Where} by how much is the {measure}{under} higher for {item} than for {other}?",
    ),
    Operation.COUNT: (
        "How many {kinds} have a {measure}{under} {above} {threshold} {where}?",
        "{Where} how many {kinds} have a {measure}{under} {above} {threshold}?",
    ),
}

# For columns that name a thing or a period and no measure: the subject of the table says what the figure is.
FIGURES: Final[dict[Operation, tuple[str, ...]]] = {
    Operation.LOOKUP: (
        "What value is reported for {item}{under} {where}?",
        "{Where} what figure is given for {item}{under}?",
        "{Where} what is the value for {item}{under}?",
    ),
    Operation.COMPARE: (
        "Which has the {higher} value{under} {where}: {item} or {other}?",
        "{Where} is the value{under} {higher} for {item} or for {other}?",
    ),
    Operation.MAXIMUM: (
        "Which {kind} has the highest value{under} {where}?",
        "{Where} for which {kind} is the value{under} the highest?",
    ),
    Operation.MINIMUM: (
        "Which {kind} has the lowest value{under} {where}?",
        "{Where} for which {kind} is the value{under} the lowest?",
    ),
    Operation.RANK: ("Which {kind} has the {place} value{under} {where}?",),
    Operation.DIFFERENCE: (
        "What is the difference between the values for {item} and {other}{under} {where}?",
        "{Where} by how much is the value{under} higher for {item} than for {other}?",
    ),
    Operation.COUNT: ("For how many {kinds} is the value{under} {above} {threshold} {where}?",),
}

# From one column to another in the same row, as when columns are years.
ACROSS: Final[tuple[str, ...]] = (
    "{Where} what is the difference between the values for {item} in {first} and in {second}?",
    "By how much do the values for {item} in {first} and {second} differ {where}?",
)
ACROSS_MEASURE: Final[tuple[str, ...]] = (
    "{Where} what is the difference between the {measure} of {item} in {first} and in {second}?",
    "By how much does the {measure} of {item} differ between {first} and {second} {where}?",
)
TEXT_LOOKUP: Final[tuple[str, ...]] = (
    "What {measure} is listed for {item} {where}?",
    "{Where} what is the {measure} of {item}?",
    "{Where} which {measure} is given for {item}?",
)
PLACES: Final = {2: "second-highest", 3: "third-highest", -2: "second-lowest", -3: "third-lowest"}
