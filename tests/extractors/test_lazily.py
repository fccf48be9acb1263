from dataclasses import dataclass

from extractors.lazily import lazy


@dataclass(frozen=True)
class Word:
    text: str

    @lazy
    def letters(self) -> list[str]:
        """The letters."""
        return list(self.text)


def test_a_value_is_made_once_for_each_object() -> None:
    word, other = Word("ab"), Word("c")
    assert word.letters is word.letters
    assert (word.letters, other.letters) == (["a", "b"], ["c"])
