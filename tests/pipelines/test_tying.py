"""The same bundles over several documents whatever the runner, the chunks and the buckets."""

import apache_beam as beam
import pytest
from apache_beam.options.pipeline_options import PipelineOptions

from generators.ties import choose_across, ties_of
from pipelines.beam_options import LOCAL_RUNNER
from pipelines.outcomes import publish
from pipelines.parts import write_part
from pipelines.tying import TieDocuments
from pipelines.workspace import open_workspace, writing
from schemas.kinds import Stage
from schemas.recipe import Recipe
from tests.generators.test_ties import corpus


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    url = str(tmp_path_factory.mktemp("tying") / "workspace")
    views = corpus()
    rows = {
        "documents": [view.document for view in views],
        "pages": [page for view in views for page in view.pages.values()],
        "elements": [element for view in views for element in view.elements],
        "links": [link for view in views for link in view.links],
    }
    with writing(url) as opened:
        draft = opened.begin(Stage.EXTRACT)
        for table, records in rows.items():
            if records:
                draft.stage(write_part(opened.folder, draft.staging, table, records))
        publish(draft, Recipe(), key="tied", seconds=0.1)
    return open_workspace(url)


@pytest.mark.parametrize(("arguments", "size", "buckets"), [((), 64, 64), (("--direct_num_workers=2",), 3, 2)])
def test_bundles_are_those_of_the_pure_steps(workspace, tmp_path, arguments, size, buckets):
    mode = "--direct_running_mode=multi_threading" if arguments else "--direct_running_mode=in_memory"
    options = PipelineOptions([f"--runner={LOCAL_RUNNER}", mode, *arguments])
    places = workspace.places()
    chunks = [tuple(places[start : start + size]) for start in range(0, len(places), size)]
    with beam.Pipeline(options=options) as pipeline:
        bundles = pipeline | beam.Create(chunks) | TieDocuments(workspace.folder, seed=5, buckets=buckets)
        _ = bundles | beam.Map(repr) | beam.io.WriteToText(str(tmp_path / "bundles"), num_shards=1)
    [written] = tmp_path.glob("bundles*")
    expected = choose_across([tie for view in workspace.views() for tie in ties_of(view)], seed=5)
    assert expected
    assert sorted(written.read_text().splitlines()) == sorted(map(repr, expected))
