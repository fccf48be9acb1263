"""What a caller decides about one extraction: the `extract` section of the recipe, and what the document is."""

from dataclasses import dataclass, field

from schemas.recipe import CorpusSection, ExtractSection, Profile


@dataclass(frozen=True, slots=True)
class ExtractOptions:
    """See `schemas.recipe.ExtractSection` for the meaning of each; the password never shows in a repr or a log."""

    profile: Profile = Profile.BEST
    page_dpi: int = 96
    crop_dpi: int = 144
    ocr: str = "auto"
    max_pages: int = 20_000
    max_megabytes: int = 512
    page_range: int = 32
    seconds_per_page: float = 20.0
    memory_megabytes: int = 3072
    password: str | None = field(default=None, repr=False)
    passage_characters: int = 1200
    unstructured_strategy: str = "auto"
    domain: str | None = None
    licence: str | None = None


def options_from_recipe(extract: ExtractSection, corpus: CorpusSection, password: str | None = None) -> ExtractOptions:
    """Return the options that a recipe asks for; `password` is the value of its password variable."""
    return ExtractOptions(
        profile=extract.profile,
        page_dpi=extract.page_dpi,
        crop_dpi=extract.crop_dpi,
        ocr=extract.ocr,
        max_pages=extract.max_pages,
        max_megabytes=extract.max_megabytes,
        page_range=extract.page_range,
        seconds_per_page=extract.seconds_per_page,
        memory_megabytes=extract.memory_megabytes,
        password=password,
        passage_characters=extract.passage_characters,
        unstructured_strategy=extract.unstructured_strategy,
        domain=corpus.domain,
        licence=corpus.licence,
    )
