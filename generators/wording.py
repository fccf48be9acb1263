"""Questions in words: headers, row labels, subjects and titles put into the sentences of `generators.phrases`."""

import random
import re
from dataclasses import dataclass, replace
from typing import Final

from generators.column_words import GROUP_MARK, ColumnWords, narrowed
from generators.measures import Measure
from generators.nouns import singular
from generators.phrases import WHERE, WHERE_ALONE, WHERE_FIRST, WHERE_FIRST_ALONE
from generators.subjects import Voice, leads_alone
from generators.table_grid import Column, Grid, Row
from generators.table_text import is_name, is_period, is_range, is_setting
from generators.words import word_list

_COUNTED: Final = word_list("counted")
_MEASURES: Final = word_list("measures") | _COUNTED
_NOT_MEASURE: Final = re.compile(
    r"^(?:in|to|at|for|of|by|from|with|per|not|more|less|never|yes|no|other)\b(?! of| capita)|\?$", re.IGNORECASE
)
_KNOWN: Final = word_list("acronyms")
_TRAILING_YEAR: Final = re.compile(r"^(?P<name>.*[^\W\d].*?),? (?:in )?(?P<year>(?:19|20)\d\d(?:\s?[-–/]\s?\d{1,4})?)$")
_WITH_ARTICLE: Final = frozenset(
    (
        *("UK", "USA", "US", "EU", "UAE", "United Kingdom", "United States", "United States of America"),
        *("Netherlands", "Philippines", "Czech Republic", "Dominican Republic", "European Union", "Soviet Union"),
    )
)
_YEARS: Final = re.compile(
    r"(?:(?:fiscal|financial|calendar|school|academic) )?(?:years?|periods?|quarters?|months?)", re.I
)
_OPEN_END: Final = re.compile(r"\b(?:since|from|to|of|until|before|after|and|by|vs|as of|=)$")
_JOINED: Final = r"\b(?:of|in|since|per|for|from|to|by|with|change|growth)\b"
_HOW_MANY: Final = rf"number of (?:[\w-]+ ){{0,2}}(?:{'|'.join(sorted(_COUNTED))}|[a-z]{{3,}}[^sui\W\d_]s)(?: per \w+)?"
_INNER_MARKS: Final = str.maketrans('“”"', "‘’’")
_LONGEST_PHRASE: Final = 12
_LONG_MEASURE: Final = 4
_LONG_SUBJECT: Final = 8
_MOST_NAMES: Final = 3
AGES: Final = re.compile(r"ages?(?: groups?| class(?:es)?)?", re.IGNORECASE)
_ALONE: Final = 0.6
_DATED: Final = re.compile(r"\b(?:1[89]|20)\d\d\b")
_MOST_JOINED: Final = 4
_MOST_WORDS: Final = 75
# "MeanFscore" holds "mean".
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SUPERLATIVE: Final = re.compile(r"(?:lowest|highest|maximum|minimum|max|min|largest|smallest)\b", re.IGNORECASE)
_WITH_THE: Final = (
    r"(?:[Nn]umber|[Ss]ize|[Dd]istribution|[Ee]ffect|[Pp]ercentage|[Pp]roportion|[Ff]requency|[Aa]mount|[Ss]hare"
    r"|[Cc]omparison|[Pp]revalence|[Ii]ncidence|[Ii]mpact|[Uu]se|[Rr]ole|[Ss]tructure|[Ee]volution|[Gg]rowth)"
    r" (?:of|in) "
)
_NOT_ON: Final = re.compile(r"(?:overview|summary|summaries|lists?|details?|examples?) of\b", re.IGNORECASE)
_TIMES: Final = frozenset(["sec", "second", "min", "minute", "hour"])
_MONEY: Final = frozenset(["$", "€", "£", "dollar", "euro"])
_PERCENTAGE: Final = frozenset(["percent", "percentage", "percentages", "per cent", "pct"])
_ONE_EACH: Final = frozenset(["shares", "rates", "percentages", "proportions", "ratios"])
_BARE: Final = frozenset(["percent", "percentage", "percentages", "value", "values", "points", "number", "amount"])


@dataclass(frozen=True, slots=True)
class Setting:
    """What every question about one table says: its subject, its document, and how the document writes."""

    subject: str
    document: str
    voice: Voice


def column_words(column: Column, voice: Voice) -> ColumnWords | None:
    """Return how a sentence names a column, or None when its header explains nothing."""
    periods = [name for name in column.header if is_period(name)]
    # "Year" above years says nothing that they do not.
    names = [_expanded(one) for one in column.header if not is_period(one) and not (periods and heads_periods(one))]
    if len(names) == 1 and column.total and names[0].casefold() == "total":
        return ColumnWords("total", "".join(f" in {period}" for period in periods))
    if (
        not column.header
        or len(names) > _MOST_NAMES
        or len(periods) > 1
        or not all(is_explained(name, voice) for name in names)
    ):
        return None
    if len(names) == 1 and names[0].casefold() in _PERCENTAGE and column.measure.percent:
        return ColumnWords("percentage", "".join(f" in {period}" for period in periods))
    place = next((at for at in reversed(range(len(names))) if is_measure(names[at])), None)
    measure = _of_one(voice.lowered(names.pop(place)), column) if place is not None else None
    if measure and not periods:
        measure, year = split_year(measure)
        periods = [year] if year else []
    if measure and column.measure.unit is None and _is_counted(measure):
        total = "total " if measure.startswith("total ") else ""
        measure = f"{total}number of {measure.removeprefix('total ')}"
    if measure and len(names) == 1 and measure.startswith("number of ") and re.fullmatch(r"[a-z]+ed", names[0]):
        # "Students" above "assessed".
        measure = f"{measure} {names.pop()}"
    if len(names) > (2 if measure else 1) or (measure is None and not names and not periods):
        return None
    under = "".join(f" in {period}" for period in periods)
    return ColumnWords(measure, under, "figure" if measure else _figure(column.measure), GROUP_MARK.join(names))


def _of_one(measure: str, column: Column) -> str:
    """Return a measure of which each row has one in the singular: "market shares" over percentages."""
    head, _, last = measure.rpartition(" ")
    return f"{head} {singular(last)}".strip() if last in _ONE_EACH and column.measure.percent else measure


def split_year(name: str) -> tuple[str, str]:
    """Return a header without the year that it ends with, and that year or "".

    >>> split_year("Sales 1995"), split_year("Growth since 1995")
    (('Sales', '1995'), ('Growth since 1995', ''))
    """
    dated = _TRAILING_YEAR.match(name)
    return (dated["name"], dated["year"]) if dated and not _OPEN_END.search(dated["name"]) else (name, "")


def heads_periods(name: str) -> bool:
    """Tell whether a header only says that periods stand below it ("Year")."""
    return _YEARS.fullmatch(name) is not None


def _figure(measure: Measure) -> str:
    if measure.percent:
        return "percentage"
    unit = (measure.unit or "").casefold().rstrip("s")
    return "time" if unit in _TIMES else "amount" if unit in _MONEY else "figure"


def is_measure(name: str) -> bool:
    """Tell whether a header is a noun phrase that says what its numbers are."""
    return (
        not _MEASURES.isdisjoint(re.findall(r"[a-z\d]+", _CAMEL.sub(" ", re.sub(r"\(.*?\)", "", name)).lower()))
        and not _NOT_MEASURE.search(name)
        and name.lower() not in _BARE
        and len(name.split()) <= 10
    )


def is_explained(name: str, voice: Voice) -> bool:
    """Tell whether a header can be understood: words, known acronyms or those that the document's text uses.

    >>> is_explained("X1", Voice(()))
    False
    """
    if not is_name(name):
        return False
    if is_range(name):
        return False
    words = re.findall(r"[^\W_]+", name)
    return all(_is_plain(word, voice) for word in words) and any(len(word) > 2 or word in _KNOWN for word in words)


def row_words(row: Row, grid: Grid, voice: Voice) -> str | None:
    """Return how a sentence names a row, or None when its label is no name."""
    if not row.unique or not is_name(row.label):
        return None
    name = re.sub(r"\s*\[[\d, –-]+\]$", "", row.label)
    if len(row.cells) > 1 and len(name.split()) > _MOST_JOINED:
        # "Very high, Frequency of opportunity occurrence": two labels that no sentence joins like this.
        return None
    if is_range(name) and not is_period(name):
        if grid.stub_head is None or not is_explained(grid.stub_head, voice) or len(grid.stub_head.split()) > 3:
            return None
        head = voice.lowered(grid.stub_head)
        name = f"{'ages' if AGES.fullmatch(head) else head} {name[:1].lower()}{name[1:]}"
    elif not is_period(name) and not (name[:1].isupper() or len(name) > 4):
        return None
    elif name in _WITH_ARTICLE:
        name = f"the {name}"
    elif len(name.split()) > 5 or re.search(r"[,;:?]| / |\b(?:I|we|you|not)\b", name):
        name = f"“{name}”"
    return _in_section(name, row, grid) if row.section else name


def _in_section(name: str, row: Row, grid: Grid) -> str | None:
    """Return a row's name with the group that it stands in, which a period that comes once does without."""
    if is_period(row.label) and sum(other.label == row.label for other in grid.rows) == 1:
        return name
    if row.section is None or not is_name(row.section):
        return None
    if is_setting(row.label):
        return f"{row.section} with {name}"
    return f"{name} in {row.section}" if is_period(row.section) else f"{name} in the group “{row.section}”"


def ask(
    templates: tuple[str, ...], setting: Setting, column: ColumnWords, rng: random.Random, **slots: str
) -> str | None:
    """Return a question in one of the templates, or None when it would be too long to read."""
    column = narrowed(column, setting.voice, rng)
    measure = column.measure or column.figure
    template = rng.choice(tuple(one for one in templates if _fits(one, measure)) or templates)
    places = _places(template, setting, rng)
    document = setting.document.translate(_INNER_MARKS)
    where = rng.choice(places).format(subject=_inside(setting), document=document)
    counted = measure.removeprefix("number of ")
    text = template.format(where=where, Where=where, measure=measure, counted=counted, under=column.under, **slots)
    text = _agree(text, measure, plural_measure=column.plural)
    text = re.sub(r"\b(?:of|for) (?=(?:19|20)\d\d\b(?! \w+ed))", "in ", text)
    return text if len(text.split()) <= _MOST_WORDS else None


def name_table(template: str, setting: Setting) -> str:
    """Return a table with its document, named as the template says."""
    return template.format(subject=_inside(setting), document=setting.document.translate(_INNER_MARKS))


def agree(text: str, column: ColumnWords) -> str:
    """Return a sentence about a column with its verbs and articles made to agree with the measure."""
    return _agree(text, column.measure or column.figure, plural_measure=column.plural)


def with_article(column: ColumnWords) -> str:
    """Return a column's measure as the object of "have": "a price", "an average price", "sales"."""
    measure = column.measure or column.figure
    if column.plural:
        return measure
    return f"an {measure}" if re.match(r"“?(?:[aeioAEIO]|[uU]n(?!i))", measure) else f"a {measure}"


def is_superlative(measure: str) -> bool:
    """Tell whether a measure is an extreme itself, of which no highest can be asked: "lowest temperature"."""
    return _SUPERLATIVE.match(measure) is not None


def _fits(template: str, measure: str) -> bool:
    """Tell whether a pattern reads well with a measure: "the number of schools in the sample of Spain" does not."""
    if "{counted}" in template:
        return re.fullmatch(_HOW_MANY, measure) is not None
    if re.search(r"\b[Ww]hat \{measure\}", template) and measure.startswith("number of "):
        return False
    if "{item} have" in template and is_superlative(measure):
        return False
    if "of {item}" in template or "{item} have" in template:
        return measure != "percentage" and len(measure.split()) <= _LONG_MEASURE and re.search(_JOINED, measure) is None
    return True


def _places(template: str, setting: Setting, rng: random.Random) -> tuple[str, ...]:
    """Return how to name the table: a long, dated caption that leads to it does without its document now and then."""
    dated = _DATED.search(setting.subject) is not None and leads_alone(setting.subject)
    long = dated and len(setting.subject.split()) >= _LONG_SUBJECT
    if not setting.document or (long and rng.random() < _ALONE):
        return WHERE_FIRST_ALONE if template.startswith("{Where}") else WHERE_ALONE
    return WHERE_FIRST if template.startswith("{Where}") else WHERE


def _inside(setting: Setting) -> str:
    """Return the table's subject as it follows "the table": a short plain phrase, or the caption in marks."""
    if setting.subject.isupper() and " " in setting.subject:
        words = [setting.voice.uncapitalised(word) for word in setting.subject.split()]
        setting = replace(setting, subject=" ".join(words))
    first, _, rest = setting.subject.partition(" ")
    lowered = setting.voice.lowered(first)
    plain = lowered != first or first[:1].islower() or first.isupper()
    article = "the " if re.match(_WITH_THE, setting.subject) else ""
    simple = len(setting.subject.split()) <= _LONGEST_PHRASE and re.search(r"[,;:()–—“”]", setting.subject) is None
    if plain and simple and not setting.voice.is_titled(setting.subject) and not _NOT_ON.match(setting.subject):
        return f"on {article}{lowered} {rest}".strip()
    subject = setting.subject.translate(_INNER_MARKS)
    # "tABLE 6. number of deaths": small capitals, lost in the text of the page.
    capital = re.match(r"[a-z]{3,} [a-z]", subject) is not None
    return f"“{subject[:1].upper() if capital else subject[:1]}{subject[1:]}”"


def _is_counted(measure: str) -> bool:
    """Tell whether a header is the plural of what is counted ("students assessed"): its numbers are numbers of them."""
    head = re.split(r" (?:of|per|in|for|on|by|from|to|with|at|that)\b", measure)[0].split()
    return any(word in _COUNTED for word in head) and not measure.startswith("number")


def _agree(text: str, measure: str, *, plural_measure: bool) -> str:
    if plural_measure:
        name = re.escape(measure)
        text = re.sub(rf"\bis the ((?:combined |average )?{name})", r"are the \1", text)
        text = re.sub(rf"\bwas the (average {name})", r"were the \1", text)
        text = re.sub(rf"\bwas the ({name})", r"were the \1", text)
        text = re.sub(rf"({name}) is (reported|given|listed)", r"\1 are \2", text)
        text = re.sub(rf"\bis the ({name})(.*?) (higher|lower) for", r"are the \1\2 \3 for", text)
        text = re.sub(rf"\bdoes the ((?:combined )?{name})", r"do the \1", text)
        text = text.replace("exceed that of", "exceed those of").replace("to that for", "to those for")
        return re.sub(rf"\ba ({name})", r"\1", text)
    return re.sub(r"\ba (?=[aeioAEIO]|un)", "an ", text) if f" a {measure}" in text else text


def _expanded(name: str) -> str:
    name = re.sub(r"^% (?=of\b|growth|change)", "percentage ", name)
    name = re.sub(r"\b(?:No|no|Nr)\. (?=of\b)", "number ", name)
    name = re.sub(r"^(?:Freq|freq)\.$", "frequency", name)
    return re.sub(r"\b(?:Avg|avg)\. ?", "average ", name)


def _is_plain(word: str, voice: Voice) -> bool:
    if word in _KNOWN or word.isdigit() or voice.knows(word):
        return True
    if any(character.isdigit() for character in word):
        return voice.explains(word)
    if len(word) <= 2:
        return False
    return voice.explains(word) if word.isupper() else re.search(r"[aeiouyAEIOUYà-ÿ]", word) is not None
