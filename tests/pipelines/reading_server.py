"""What a scripted server answers in the whole flow: it drafts, reads the sources it is sent, and rewords by rule.

It knows the answers of the questions it is told, and of those it drafts; it gives one only when all that proves it
stands in the sources.
"""

import json
import re
import threading
from collections.abc import Iterable, Mapping
from typing import Any

from schemas.records import Question
from tests.generators.openai_server import Reply, answer

_DEFINITION = re.compile(r"(?P<name>[A-Z]\w+(?: [A-Z]\w+)*) is (?P<what>an? [^.\n]*)\.")
_TITLE = re.compile(r"^(?:In|According to) “[^”]*”, (.)")


class Reader:
    """The script of a server.

    Args:
        known: questions that it can read off their sources.
        rewordings: what it says instead of a question that ends so.
    """

    def __init__(self, known: Iterable[Question] = (), rewordings: Mapping[str, str] | None = None) -> None:
        self._rewordings = rewordings or {}
        self._lock = threading.Lock()
        self.kinds: list[str] = []
        self._known: dict[str, tuple[str, tuple[str, ...]]] = {}
        for question in known:
            proof = (cell.text for unit in question.evidence if unit.role == "answer" for cell in unit.cells)
            self._known[question.question] = question.answer, tuple(proof)

    def __call__(self, body: dict[str, Any], number: int) -> Reply:
        system = body["messages"][0]["content"]
        content = body["messages"][-1]["content"]
        text = content if isinstance(content, str) else content[-1]["text"]
        for part, act in (
            ("You write questions", self._draft),
            ("You reword questions", self._reword),
            ("You edit questions", self._reword),
            ("You answer questions from what you know", self._decline),
            ("You answer questions from sources", self._read),
        ):
            if part in system:
                with self._lock:
                    self.kinds.append(act.__name__.strip("_"))
                    return act(text, number)
        with self._lock:
            self.kinds.append("weigh")
        return answer("yes")

    def _draft(self, text: str, number: int) -> Reply:
        found = _DEFINITION.search(text.partition("[1]")[2])
        if found is None:
            return answer(json.dumps({"question": "", "answer": "", "quotes": []}))
        question, said = f"What is {found['name']}?", f"{found['what']}."
        self._known[question] = said, (found[0],)
        return answer(json.dumps({"question": question, "answer": said, "quotes": [{"source": 1, "text": found[0]}]}))

    def _read(self, text: str, number: int) -> Reply:
        sources, _, asked = text.rpartition("Question: ")
        question = asked.partition("\nAnswer:")[0].strip()
        said, proof = self._known.get(question) or self._known.get(_TITLE.sub(_upper, question), ("", ()))
        held = " ".join(sources.split())
        return answer(said if said and all(" ".join(part.split()) in held for part in proof) else "UNANSWERABLE")

    def _decline(self, text: str, number: int) -> Reply:
        return answer("UNANSWERABLE")

    def _reword(self, text: str, number: int) -> Reply:
        asked = re.findall(r"^Question: (.*)$", text, re.MULTILINE)[-1]
        reworded = next((new for end, new in self._rewordings.items() if asked.endswith(end)), asked)
        self._known[reworded] = self._known.get(asked) or self._known.get(_TITLE.sub(_upper, asked), ("", ()))
        return answer(json.dumps({"question": reworded}))


def _upper(match: re.Match[str]) -> str:
    return match[1].upper()
