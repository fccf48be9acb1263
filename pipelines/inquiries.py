"""What could be asked about a document: a list whose order depends on the corpus and the recipe alone.

A place in the list names the same inquiry in every process and in every run, so that a plan is a list of numbers.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import zip_longest
from typing import Final

from generators.bundles import Bundle, build_bundles
from generators.choosing import SMALL_ENGINE
from generators.document_view import DocumentView
from generators.draft_tasks import task_of
from generators.drafting import requests_for
from generators.engines.estimates import estimate_of
from generators.engines.exchange import Picture, Request
from generators.picture_sizing import fitting
from generators.prompt_packs import PromptPack, open_pack
from pipelines.budgets import Estimate, Offer
from pipelines.checking import Views
from pipelines.workspace import DocumentPlace, Workspace
from schemas.cells import Cell
from schemas.kinds import ElementKind, Modality
from schemas.recipe import GenerateSection, Recipe
from schemas.records import Element, Image

_CARRIERS: Final = {ElementKind.TABLE: Modality.TABLE, ElementKind.FIGURE: Modality.FIGURE}
_DOCUMENTS_KEPT: Final = 4


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A request with what is needed to make its answer a question."""

    request: Request
    bundle: Bundle
    views: Mapping[str, DocumentView]


class Inquirer:
    """Lists the inquiries about the documents of a workspace.

    Args:
        workspace: where the documents are.
        recipe: what to ask.
        across: the bundles that tie a document to another, by the document that comes first in them.
        attempts: how often a bundle is asked, each time for another type or with another seed.
        follow_ups: how many requests follow an answer at most, to try and reword its question.
    """

    def __init__(
        self,
        workspace: Workspace,
        recipe: Recipe,
        *,
        across: Mapping[str, Sequence[Bundle]] | None = None,
        attempts: int = 1,
        follow_ups: int = 0,
    ) -> None:
        """Open the prompt pack; no document is read yet."""
        self.views = Views(workspace)
        self.pack: PromptPack = open_pack(recipe.corpus.domain, recipe.generate.prompts)
        self._recipe = recipe
        self._across = across or {}
        self._attempts = attempts
        self._follow_ups = follow_ups
        self._crops = lru_cache(_DOCUMENTS_KEPT)(CropReader(workspace, recipe))

    def offer(self, place: DocumentPlace) -> Offer:
        """Return what each inquiry about a document may cost; no picture is read for it."""
        return Offer(place.doc_id, tuple(self._estimate(inquiry) for inquiry in self._list(place, pictures=False)))

    def inquiries(self, place: DocumentPlace, chosen: Sequence[int] | None = None) -> Iterator[Inquiry]:
        """Yield the inquiries at the places that are `chosen`, or all."""
        wanted = None if chosen is None else set(chosen)
        for number, inquiry in enumerate(self._list(place, pictures=True)):
            if wanted is None or number in wanted:
                yield inquiry

    def across(self, doc_id: str) -> Sequence[Bundle]:
        """Return the bundles that tie a document to another."""
        return self._across.get(doc_id, ())

    def crops(self, doc_id: str) -> Mapping[str, Image]:
        """Return the crops of a document's figures by id."""
        return self._crops(doc_id)

    def _list(self, place: DocumentPlace, *, pictures: bool) -> Iterator[Inquiry]:
        """Yield a bundle of each kind in turn, all bundles as often as there are attempts."""
        own = build_bundles(self.views[place.doc_id], seed=self._recipe.seed)
        turns = zip_longest(own, self.across(place.doc_id))
        bundles = [bundle for turn in turns for bundle in turn if bundle is not None]
        for attempt in range(self._attempts):
            for bundle in bundles:
                yield from self._ask(bundle, attempt, pictures=pictures)

    def _ask(self, bundle: Bundle, attempt: int, *, pictures: bool) -> Iterator[Inquiry]:
        views = {doc_id: self.views[doc_id] for doc_id in bundle.doc_ids}
        images = self._pictures(bundle, views) if pictures else _blanks(bundle, views)
        found = [
            request
            for generate in self._by_type(bundle)
            for request in requests_for(
                bundle, views, generate, seed=self._recipe.seed + attempt, pack=self.pack, images=images
            )
        ]
        # Another type each time, and another seed; what one type cannot be asked about offers fewer.
        if found:
            yield Inquiry(found[attempt % len(found)], bundle, views)

    def _by_type(self, bundle: Bundle) -> list[GenerateSection]:
        """Return the recipe once for each question type, so that each is asked for by itself."""
        generate = self._recipe.generate
        if generate.engine == SMALL_ENGINE:
            return [generate]
        types = list(generate.question_types)
        random.Random(f"{self._recipe.seed} {bundle.bundle_id}").shuffle(types)
        return [generate.model_copy(update={"question_types": (kind,)}) for kind in types]

    def _pictures(self, bundle: Bundle, views: Mapping[str, DocumentView]) -> dict[str, Image]:
        found: dict[str, Image] = {}
        for doc_id, view in views.items():
            if any(element.kind is ElementKind.FIGURE for element in _evidence(bundle, view)):
                found |= self._crops(doc_id)
        return found

    def _estimate(self, inquiry: Inquiry) -> Estimate:
        most, requests = estimate_of(inquiry.request), 1 + self._follow_ups
        tokens = (requests * most.prompt_tokens, requests * most.completion_tokens)
        return Estimate(str(expected_cell(inquiry)), requests, *tokens)


class CropReader:
    """Reads the crops of a document's figures, scaled down for engines.

    Args:
        workspace: where the documents are.
        recipe: whether figures are asked about at all, and how large their pictures may be.
    """

    def __init__(self, workspace: Workspace, recipe: Recipe) -> None:
        """Read nothing yet."""
        self._workspace = workspace
        self._places = {place.doc_id: place for place in workspace.places()}
        self._pixels = recipe.generate.picture_pixels
        self._pictures = recipe.generate.pictures and recipe.generate.engine != SMALL_ENGINE

    def __call__(self, doc_id: str) -> dict[str, Image]:
        """Return the crops by id."""
        place = self._places[doc_id]
        figures = self._workspace.view(place).of_kind(ElementKind.FIGURE) if self._pictures else []
        wanted = [figure.image_id for figure in figures if figure.image_id]
        images = self._workspace.images(place, wanted) if wanted else {}
        sized = {name: fitting(Picture(image.bytes, image.format), self._pixels) for name, image in images.items()}
        # What no picture library reads is no use to a model either.
        return {
            name: replace(images[name], bytes=picture.bytes, format=picture.format)
            for name, picture in sized.items()
            if picture is not None
        }


def expected_cell(inquiry: Inquiry) -> Cell:
    """Return the cell that a question will be in if it needs all of its bundle's evidence."""
    elements = [element for view in inquiry.views.values() for element in _evidence(inquiry.bundle, view)]
    carriers = {_CARRIERS.get(element.kind, Modality.TEXT) for element in elements}
    modality = "+".join(kind.value for kind in Modality if kind in carriers)
    return Cell(task_of(inquiry.request).question_type, modality, len(inquiry.bundle.doc_ids) > 1)


def _evidence(bundle: Bundle, view: DocumentView) -> list[Element]:
    found = (view.get(element_id) for element_id in bundle.evidence)
    return [element for element in found if element is not None]


def _blanks(bundle: Bundle, views: Mapping[str, DocumentView]) -> dict[str, Image]:
    """Return empty pictures where there would be real ones: enough to say what an inquiry costs."""
    elements = [element for view in views.values() for element in _evidence(bundle, view)]
    return {item.image_id: Image(item.image_id, b"", "png", 0, 0) for item in elements if item.image_id}
