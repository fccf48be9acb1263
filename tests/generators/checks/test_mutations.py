from generators.checks.catalog import check_question, failed
from generators.deduplication import deduplicate
from generators.mutations import MUTATIONS, mutate
from generators.program_mutations import PROGRAM_MUTATIONS


def test_every_mutation_applies_somewhere_and_is_caught(sample):
    (view,) = sample.views.values()
    unused = {"evidence_swapped", "off_by_a_row", "off_by_a_column", "unit_swapped", "entity_swapped", "rows_left_out"}
    # These take a document of many paragraphs, or a question that names its table.
    unused |= {"evidence_elsewhere", "answer_from_neighbour", "place_removed", "quote_without_answer"}
    unused |= {"table_renamed", "header_renamed", "roles_reversed", "separators_confused"}
    unused |= {name for name, _ in PROGRAM_MUTATIONS}
    for name, _ in MUTATIONS:
        made = [
            (question, changed)
            for question in (sample.table_question, sample.text_question)
            if (changed := mutate(question, view, name=name, seed=3)) is not None
        ]
        assert made or name in unused, name
        for question, changed in made:
            twin = changed.qa_id != question.qa_id and len(deduplicate([question, changed])[0]) == 1
            assert twin or failed(check_question(changed, sample.views)), (name, changed.question, changed.answer)


def test_a_seed_gives_the_same_mutation(sample):
    (view,) = sample.views.values()
    for name, _ in MUTATIONS:
        assert mutate(sample.table_question, view, name=name, seed=1) == mutate(
            sample.table_question, view, name=name, seed=1
        )
