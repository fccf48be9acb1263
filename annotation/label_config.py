"""The labelling page, in Label Studio's markup: the pages with boxes left, all that is read and judged right.

The names of its controls are what comes back in an annotation, so they are here once, for the page, for the predictions
and for the reading. Evidence units repeat; the control of the n-th one carries its number.
"""

import re
from collections.abc import Iterator
from typing import Final
from xml.sax.saxutils import quoteattr

from annotation.labels import LABELS, Label
from schemas.identity import digest
from schemas.kinds import JudgeRole

BOXES: Final = "boxes"
PAGES: Final = "pages"
ASKED: Final = "asked"
UNIT: Final = "unit"
REQUIRED: Final = "required"
CORRECTED_QUESTION: Final = "corrected_question"
CORRECTED_ANSWER: Final = "corrected_answer"
COMMENT: Final = "comment"

YES: Final = "Yes"
NO: Final = "No"
NEEDED: Final = "Needed"
NOT_NEEDED: Final = "Not needed"

_TEXTS: Final = (
    (CORRECTED_QUESTION, "A better question, if this one must change"),
    (CORRECTED_ANSWER, "The right answer, if this one is wrong or incomplete"),
    (COMMENT, "Comment"),
)
_NUMBERED: Final = re.compile(rf"{REQUIRED}_(\d+)")

# Label Studio's own panel of regions is hidden: it takes a quarter of the width and repeats what stands on the page; so
# is the turning of pages where there is one. The server reads no entities here: no "<", "&" or ">" may stand in it.
_STYLE: Final = """
.lsf-sidepanels__wrapper_align_right { display: none !important; }
.lsf-sidepanels { padding-right: 0 !important; }
.cm { display: flex; gap: 16px; font-size: 13px; line-height: 1.4; }
.cm-left { flex: 46 1 0; min-width: 0; position: sticky; top: 0; align-self: flex-start; }
.cm-left .lsf-labels { margin: 0 0 2px; }
.cm-left [class*="pagination-"]:has(
  .lsf-pagination__btn_arrow-left-double.lsf-pagination__btn_disabled
):has(
  .lsf-pagination__btn_arrow-right-double.lsf-pagination__btn_disabled
) { display: none; }
.cm-left [class*="withPagination-"]:has(
  .lsf-pagination__btn_arrow-left-double.lsf-pagination__btn_disabled
):has(
  .lsf-pagination__btn_arrow-right-double.lsf-pagination__btn_disabled
) { padding-top: 4px; }
.cm-right { flex: 54 1 0; min-width: 0; max-height: calc(100vh - 132px); overflow-y: auto; padding-right: 4px; }
.cm-card { border: 1px solid rgba(128, 128, 144, .35); border-radius: 6px; padding: 5px 10px; margin-bottom: 6px; }
.cm-card p { margin: 0; font-size: 13px; line-height: 1.4; }
.cm-head { font-size: 12px; line-height: 1.5; }
.cm-head span { color: #6b6b7b; }
.cm-card .cm-question { font-size: 14px; margin-bottom: 4px; }
.cm-card .cm-answer { font-size: 14px; font-weight: 600; }
.cm mark { background: #ffe58a; color: #1a1a24; padding: 0 1px; }
.cm-passage { max-height: 110px; overflow: auto; }
.cm-figure { background: no-repeat left / contain; }
.cm-table { max-height: 230px; overflow: auto; }
.cm-table table, .cm-verdicts { border-collapse: collapse; font-size: 12px; line-height: 1.25; }
.cm-table td, .cm-table th { border: 1px solid rgba(128, 128, 144, .35); padding: 1px 6px; text-align: left; }
.cm-table th, .cm-verdicts th { font-weight: 600; }
.cm-table .cm-gap { color: #6b6b7b; border-top: none; border-bottom: none; line-height: 1; }
.cm-verdicts td, .cm-verdicts th { padding: 1px 10px 1px 2px; text-align: left; }
.cm-verdicts p { max-width: 300px; }
.cm-verdicts .cm-differs td { background: rgba(232, 89, 12, .14); font-weight: 600; }
.cm-side { display: flex; gap: 8px; }
.cm-side .cm-card { flex: 1 0 auto; }
.cm-row { display: flex; align-items: center; min-height: 25px; }
.cm-row h4 { flex: 0 0 220px; margin: 0 !important; line-height: 1.4 !important; }
.cm-row h4 { font-size: 13px !important; font-weight: 500 !important; }
.cm-right .lsf-choices { margin: 0 !important; }
.cm-right .lsf-choice { margin: 0 !important; font-size: 13px; }
.cm-right .lsf-choice sup { display: inline-block; min-width: 16px; color: #6b6b7b; font-size: 10px; margin-left: 3px; }
.cm-right .lsf-text-area { margin: 0 0 4px !important; }
.cm-right .lsf-text-area .ant-form-item { margin: 0 !important; }
.cm-right .lsf-text-area input { font-size: 13px; padding: 3px 10px; }
"""

_VERDICTS: Final = '<View className="cm-card"><HyperText name="verdicts" value="$verdicts" inline="true"/></View>'


def label_config(role: JudgeRole) -> str:
    """Return the labelling page for an annotator, or the one for an expert, who sees the annotators' verdicts too."""
    verdicts = _VERDICTS if role == JudgeRole.EXPERT else ""
    return f"""<View className="cm">
<Style>{_STYLE}</Style>
<View className="cm-left">
<RectangleLabels name="{BOXES}" toName="{PAGES}" value="$unit_labels" canRotate="false" opacity="0.12" strokeWidth="2"/>
<Image name="{PAGES}" valueList="${PAGES}" zoom="true" zoomControl="true"/>
</View>
<View className="cm-right">
<View className="cm-card"><HyperText name="{ASKED}" value="${ASKED}" inline="true"/></View>
<Repeater on="$units" indexFlag="{{{{idx}}}}">
<View className="cm-card">
<HyperText name="{UNIT}_{{{{idx}}}}" value="$units[{{{{idx}}}}].html" inline="true"/>
<View className="cm-row"><Header value="Is it needed for the answer?" size="6"/>
{_choices(f"{REQUIRED}_{{{{idx}}}}", f"{UNIT}_{{{{idx}}}}", (NEEDED, NOT_NEEDED))}</View>
</View>
</Repeater>
<View className="cm-side">
<View className="cm-card">
{"".join(_row(label) for label in LABELS)}
</View>
{verdicts}
</View>
{"".join(_text(name, hint) for name, hint in _TEXTS)}
</View>
</View>"""


def required_name(unit: int) -> str:
    """Return the name of the control that says whether an evidence unit is needed."""
    return f"{REQUIRED}_{unit}"


def unit_name(unit: int) -> str:
    """Return the name of the block that shows an evidence unit."""
    return f"{UNIT}_{unit}"


def unit_of(control: str) -> int | None:
    """Return the evidence unit that a control speaks of, or None for any other control.

    >>> unit_of("required_2"), unit_of("comment")
    (2, None)
    """
    found = _NUMBERED.fullmatch(control)
    return int(found[1]) if found else None


def config_hash(config: str) -> str:
    """Return the digest of a labelling page, whatever its spacing."""
    return digest(" ".join(config.split()))


def control_names() -> Iterator[str]:
    """Yield the names that every labelling page must have, or judgements could not be read from it."""
    yield from (BOXES, *(label.name for label in LABELS), *(name for name, _ in _TEXTS))


def _row(label: Label) -> str:
    return f"""<View className="cm-row">
<Header value={quoteattr(label.title)} size="6"/>
{_choices(label.name, ASKED, (YES, NO), (label.key, f"shift+{label.key}"))}
</View>"""


def _choices(name: str, target: str, values: tuple[str, str], keys: tuple[str, str] | None = None) -> str:
    # Without keys of ours Label Studio gives the next free ones, which change with the number of evidence units.
    hotkeys = [f" hotkey={quoteattr(key)}" for key in keys or ()] or [""] * len(values)
    options = "".join(f"<Choice value={quoteattr(value)}{key}/>" for value, key in zip(values, hotkeys, strict=True))
    return (
        f'<Choices name="{name}" toName="{target}" choice="single-radio" showInline="true" required="true">'
        f"{options}</Choices>"
    )


def _text(name: str, hint: str) -> str:
    return (
        f'<TextArea name="{name}" toName="{ASKED}" rows="1" maxSubmissions="1" editable="true"'
        f" placeholder={quoteattr(hint)}/>"
    )
