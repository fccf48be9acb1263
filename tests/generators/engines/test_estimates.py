import io

import pytest
from PIL import Image

from generators.engines.estimates import estimate_of, picture_tokens, text_tokens
from generators.engines.exchange import Message, Picture, Request, Sampling


@pytest.mark.parametrize(
    ("text", "least"),
    [
        ("", 0),
        ("The revenue of the company grew.", 7),
        ("| 2021 | 1,204.5 | 3.1 % |", 20),
        ("営業収益は前年同期比で増加した", 15),
        ("Доходы компании выросли", 6),
        ("\ud800 alone", 2),
    ],
)
def test_a_text_is_never_thought_cheaper_than_tokenizers_make_it(text: str, least: int) -> None:
    assert text_tokens(text) >= least


def test_a_picture_costs_by_its_size_and_an_unreadable_one_a_lot() -> None:
    stream = io.BytesIO()
    Image.new("RGB", (1536, 1024)).save(stream, "PNG")
    # A model with patches of 28 pixels sees 2,009 of them.
    assert 2009 <= picture_tokens(Picture(stream.getvalue(), "png")) <= 2500
    assert picture_tokens(Picture(b"no picture", "png")) >= 4000


def test_schema_and_answer_count_and_a_weighed_word_is_one_token() -> None:
    plain = Request("r", (Message("user", "abc"),), Sampling(0.0, 1.0, 99))
    schema = Request("r", (Message("user", "abc"),), Sampling(0.0, 1.0, 99), schema='{"type":"object"}')
    weighed = Request("r", (Message("user", "abc"),), Sampling(0.0, 1.0, 99), weigh=("yes", "no"))
    assert estimate_of(schema).prompt_tokens > estimate_of(plain).prompt_tokens
    assert [estimate_of(plain).completion_tokens, estimate_of(weighed).completion_tokens] == [99, 1]
