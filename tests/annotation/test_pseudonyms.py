import pytest

from annotation.pseudonyms import checked_key, new_key, pseudonym, unknown
from schemas.errors import AnnotationError

KEY = "k" * 32


def test_a_person_keeps_the_pseudonym_wherever_they_sign_in() -> None:
    assert len({pseudonym(address, KEY) for address in ("ada@x.org", "Ada@X.org", " ada@x.org ")}) == 1


def test_pseudonyms_tell_people_apart_and_hide_who_they_are() -> None:
    names = {pseudonym(f"person{number}@x.org", KEY) for number in range(2000)}
    assert len(names) == 2000
    assert all("@" not in name and "person1@" not in name for name in names)


def test_another_key_gives_other_pseudonyms() -> None:
    assert pseudonym("ada@x.org", KEY) != pseudonym("ada@x.org", new_key())


def test_an_unknown_account_is_told_apart_by_server_and_number() -> None:
    names = {unknown(server, number, KEY) for server in ("http://a", "http://b") for number in (0, 1)}
    assert len(names) == 4
    assert all(name.startswith("unknown-") for name in names)


def test_a_short_key_is_refused() -> None:
    assert checked_key(f" {KEY}\n", "here") == KEY
    with pytest.raises(AnnotationError, match="here: the key for pseudonyms has 5 characters"):
        checked_key("short", "here")
