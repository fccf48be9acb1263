"""The sentences that questions are made of: several for each operation, chosen by seed.

Slots: {measure} a noun phrase with its article left out ("retail sales"), {counted} what it is a number of, {item} and
{other} row names, {items} several of them, {under} a column that is no measure (' in 1996', ' under "Female"'), {kind}
what the rows are ("country"), {kinds} their plural, {condition} 'sales above 5 million', {size} how many of them,
{where} the table and document, {Where} the same at the start of a sentence. In the latter {subject} is 'on retail
sales' or a caption in quotation marks.
"""

from typing import Final

from schemas.kinds import Operation

WHERE: Final = (
    "in the table {subject} in “{document}”",
    "according to the table {subject} in “{document}”",
    "in “{document}”, according to the table {subject}",
    "according to “{document}” (table {subject})",
)

WHERE_FIRST: Final = (
    "In “{document}”, according to the table {subject},",
    "According to the table {subject} in “{document}”,",
    "In the table {subject} in “{document}”,",
    "Looking at the table {subject} in “{document}”,",
    "Going by the table {subject} in “{document}”,",
)

# Where the document has no title, the table's subject leads to it alone.
WHERE_ALONE: Final = (
    "in the table {subject}",
    "according to the table {subject}",
)

WHERE_FIRST_ALONE: Final = (
    "According to the table {subject},",
    "In the table {subject},",
    "Going by the table {subject},",
)

Phrases = dict[Operation, tuple[str, ...]]

QUESTIONS: Final[Phrases] = {
    Operation.LOOKUP: (
        "What {measure} is reported for {item}{under} {where}?",
        "What {measure} does {item} have{under} {where}?",
        "{Where} what is the {measure} of {item}{under}?",
        "{Where} what is the {measure} for {item}{under}?",
        "{Where} what {measure} is given for {item}{under}?",
        "What is the {measure} of {item}{under} {where}?",
        "How many {counted} are reported for {item}{under} {where}?",
        "{Where} how many {counted} are there for {item}{under}?",
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
        "What is the combined {measure} for {items}{under} {where}?",
        "{Where} what is the combined {measure} for {items}{under}?",
        "{Where} how many {counted} do {items} have in total{under}?",
    ),
    Operation.DIFFERENCE: (
        "By how much does the {measure} of {item}{under} exceed that of {other} {where}?",
        "{Where} what is the difference in the {measure}{under} between {item} and {other}?",
        "{Where} by how much is the {measure}{under} higher for {item} than for {other}?",
    ),
    Operation.COUNT: (
        "How many {kinds} have a {measure}{under} {above} {threshold} {where}?",
        "{Where} how many {kinds} have a {measure}{under} {above} {threshold}?",
    ),
    Operation.AVERAGE: (
        "What is the average {measure} of {items}{under} {where}?",
        "{Where} what is the average {measure}{under} across {items}?",
    ),
    Operation.EXCESS: (
        "By how much does the combined {measure} of {items}{under} exceed that of {other} {where}?",
        "{Where} by how much does the combined {measure} of {items}{under} exceed that of {other}?",
    ),
    Operation.RATIO: (
        "What is the ratio of the {measure} for {item}{under} to that for {other} {where}?",
        "{Where} how many times as high is the {measure}{under} for {item} as for {other}?",
        "{Where} what is the ratio of the {measure} for {item}{under} to that for {other}?",
    ),
    Operation.SHARE: (
        "What percentage of the total {measure}{under} does {item} account for {where}?",
        "{Where} what percentage of the total {measure}{under} does {item} account for?",
    ),
    Operation.FILTER: (
        "Which {kinds} have {condition} {where}?",
        "{Where} which {kinds} have {condition}?",
    ),
    Operation.TOP: (
        "Which {size} {kinds} have the {highest} {measure}{under} {where}, {order} first?",
        "{Where} which {size} {kinds} have the {highest} {measure}{under}, {order} first?",
        "{Where} which are the {size} {kinds} with the {highest} {measure}{under}, {order} first?",
    ),
}

# For columns that name a thing or a period and no measure: {measure} is "figure" or "percentage", the subject of the
# table says what it is.
FIGURES: Final[Phrases] = {
    Operation.LOOKUP: (
        "What {measure} is reported for {item}{under} {where}?",
        "{Where} what {measure} is given for {item}{under}?",
        "{Where} what is the {measure} for {item}{under}?",
    ),
    Operation.COMPARE: (
        "Which has the {higher} {measure}{under} {where}: {item} or {other}?",
        "{Where} is the {measure}{under} {higher} for {item} or for {other}?",
    ),
    Operation.MAXIMUM: (
        "Which {kind} has the highest {measure}{under} {where}?",
        "{Where} for which {kind} is the {measure}{under} the highest?",
    ),
    Operation.MINIMUM: (
        "Which {kind} has the lowest {measure}{under} {where}?",
        "{Where} for which {kind} is the {measure}{under} the lowest?",
    ),
    Operation.RANK: ("Which {kind} has the {place} {measure}{under} {where}?",),
    Operation.DIFFERENCE: (
        "What is the difference between the {measure}s for {item} and {other}{under} {where}?",
        "{Where} by how much is the {measure}{under} higher for {item} than for {other}?",
    ),
    Operation.COUNT: ("For how many {kinds} is the {measure}{under} {above} {threshold} {where}?",),
    Operation.RATIO: ("{Where} how many times as high is the {measure}{under} for {item} as for {other}?",),
    Operation.FILTER: ("{Where} which {kinds} have {condition}?",),
    Operation.TOP: (
        "Which {size} {kinds} have the {highest} {measure}s{under} {where}, {order} first?",
        "{Where} which {size} {kinds} have the {highest} {measure}s{under}, {order} first?",
    ),
}

# For rows that are years or other periods, whatever the column is.
PERIODS: Final[Phrases] = {
    Operation.LOOKUP: (
        "What was the {measure}{under} in {item} {where}?",
        "{Where} what was the {measure}{under} in {item}?",
    ),
    Operation.COMPARE: (
        "{Where} was the {measure}{under} {higher} in {item} or in {other}?",
        "When was the {measure}{under} {higher}, in {item} or in {other}, {where}?",
    ),
    Operation.MAXIMUM: (
        "In which {kind} was the {measure}{under} the highest {where}?",
        "{Where} in which {kind} was the {measure}{under} the highest?",
    ),
    Operation.MINIMUM: (
        "In which {kind} was the {measure}{under} the lowest {where}?",
        "{Where} in which {kind} was the {measure}{under} the lowest?",
    ),
    Operation.RANK: ("{Where} in which {kind} was the {measure}{under} the {place}?",),
    Operation.DIFFERENCE: (
        "By how much did the {measure}{under} differ between {item} and {other} {where}?",
        "{Where} by how much was the {measure}{under} higher in {item} than in {other}?",
    ),
    Operation.COUNT: ("{Where} in how many {kinds} was the {measure}{under} {above} {threshold}?",),
    Operation.AVERAGE: (
        "What was the average {measure}{under} over {items} {where}?",
        "{Where} what was the average {measure}{under} over {items}?",
    ),
    Operation.RATIO: ("{Where} how many times as high was the {measure}{under} in {item} as in {other}?",),
    Operation.TOP: ("{Where} in which {size} {kinds} was the {measure}{under} the {highest}, {order} first?",),
}

# From one column to another in the same row, as when columns are years.
ACROSS: Final[tuple[str, ...]] = (
    "{Where} by how much does the {measure} for {item} differ between {first} and {second}?",
    "By how much does the {measure} for {item} differ between {first} and {second} {where}?",
    "How large is the difference in the {measure} for {item} between {first} and {second} {where}?",
)
# By how many percent, from one period to another: of a row, and of a column.
CHANGES: Final[tuple[str, ...]] = (
    "By what percentage did the {measure} for {item} {grow} between {first} and {second} {where}?",
    "{Where} by what percentage did the {measure} for {item} {grow} from {first} to {second}?",
    "By what percentage did the {measure} for {item} {grow} from {first} to {second} {where}?",
)
GROWTH: Final[tuple[str, ...]] = (
    "By what percentage did the {measure}{under} {grow} between {first} and {second} {where}?",
    "{Where} by what percentage did the {measure}{under} {grow} from {first} to {second}?",
)
# Over every row of a table: {size} of them.
AVERAGES: Final[tuple[str, ...]] = (
    "What is the average {measure}{under} across all {size} {kinds} {where}?",
    "{Where} what is the average {measure}{under} of all {size} {kinds}?",
    "On average over all {size} {kinds}, what is the {measure}{under} {where}?",
)
AND_FILTER: Final = " and {condition}"
TEXT_LOOKUP: Final[tuple[str, ...]] = (
    "What {measure} is listed for {item} {where}?",
    "{Where} what is the {measure} for {item}?",
    "{Where} which {measure} is given for {item}?",
)
PHRASE_LOOKUP: Final[tuple[str, ...]] = (
    "What is the {measure} of {item} {where}?",
    "{Where} what is the {measure} of {item}?",
    "{Where} what {measure} is given of {item}?",
)
PLACES: Final = {2: "second-highest", 3: "third-highest", -2: "second-lowest", -3: "third-lowest"}

# Over two tables: {first} and {second} name them with their documents, {when} and {then} the columns' periods.
JOIN_TABLE: Final = "the table {subject} in “{document}”"
JOIN_TABLE_ALONE: Final = "the table {subject}"
JOIN_TABLE_BOTH: Final = "the table {subject}, both in “{document}”"
JOINS: Final[Phrases] = {
    Operation.COMPARE: (
        "Which gives the {higher} {measure} for {item}: {first}{when}, or {second}{then}?",
        "Going by {first}{when} and by {second}{then}, which of the two gives the {higher} {measure} for {item}?",
    ),
    Operation.DIFFERENCE: (
        "By how much is the {measure} for {item}{when} according to {first} higher than{then} according to {second}?",
        "What is the difference between the {measure} for {item}{when} in {first} and that{then} in {second}?",
    ),
    Operation.RATIO: (
        "How many times as high is the {measure} for {item}{when} according to {first} as{then} according to {second}?",
    ),
    Operation.CHANGE: (
        "By what percentage did the {measure} for {item} {grow} from {early}, according to {first}, to {late}, "
        "according to {second}?",
    ),
}
