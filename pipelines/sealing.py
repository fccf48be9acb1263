"""Sealed hold-outs: every file of a dataset encrypted for its readers, with a canary in it.

Encryption is age's (https://age-encryption.org), by pyrage: any age tool opens the files with a reader's identity. The
canary is a string that nobody writes by chance: a model that can tell it has seen the opened hold-out.
"""

import uuid
from collections.abc import Sequence
from typing import Any, Final

import pyarrow.parquet as pq

from pipelines.formats.shape import Encoding, Format
from pipelines.outcomes import tell
from pipelines.storage import Folder, storage_errors
from schemas.errors import UsageError

SUFFIX: Final = ".age"
CANARY_KEY: Final = b"corpusmill_canary"
_CARD: Final = "README.md"
_PARQUET: Final = ".parquet"
_NAMESPACE: Final = uuid.UUID("6f6b0c2e-6a0e-5d3b-9f57-5c1f6a0f6e11")


def canary(source: str) -> str:
    """Return the canary of all exports that are marked with `source`."""
    return f"BENCHMARK DATA, NEVER TO BE TRAINED ON. corpusmill canary {uuid.uuid5(_NAMESPACE, source)}"


def find_recipients(keys: Sequence[str]) -> list[Any]:
    """Return age recipients for public keys (age1…).

    Raises:
        UsageError: one is no such key, or the library is not installed.
    """
    try:
        import pyrage
    except ImportError as error:
        raise UsageError("a sealed export needs the package pyrage: pip install 'corpusmill[seal]'") from error
    found = []
    for key in keys:
        try:
            found.append(pyrage.x25519.Recipient.from_str(key))
        except pyrage.RecipientError as error:
            raise UsageError(
                f"--seal-to {key}: no age recipient ({error}); age-keygen prints one, it begins with age1"
            ) from error
    return found


def check_sealable(format: Format) -> None:
    """Make sure that every file of a format can hold a canary.

    Raises:
        UsageError: some are lines of text or pictures, which cannot.
    """
    if format.files or any(config.encoding is not Encoding.PARQUET for config in format.configs):
        raise UsageError(
            f"--seal-to: {format.name} holds files that have no place for a canary; seal --format huggingface, and "
            "convert after opening"
        )


def seal(folder: Folder, paths: Sequence[str], recipients: Sequence[Any], *, token: str) -> None:
    """Encrypt a finished dataset file by file, each with the canary in it, and leave a card that says so.

    Args:
        folder: the dataset.
        paths: its Parquet files and its card.
        recipients: who may open it.
        token: the canary.
    """
    import pyrage

    for path in paths:
        marked = f"{path}.marked"
        if path.endswith(_PARQUET):
            _mark_parquet(folder, path, marked, token)
        else:
            _mark_text(folder, path, marked, token)
        with (
            storage_errors(path),
            folder.filesystem.open(folder.path(marked), "rb") as plain,
            folder.open_output(f"{path}{SUFFIX}") as sealed,
        ):
            pyrage.encrypt_io(plain, sealed, list(recipients))
        folder.remove(marked)
        folder.remove(path)
    with folder.open_output(_CARD) as file:
        file.write(_notice(paths, len(recipients), token).encode())


def _mark_parquet(folder: Folder, path: str, marked: str, token: str) -> None:
    """Copy a Parquet file, row group by row group, with the canary among its metadata."""
    with storage_errors(path), pq.ParquetFile(folder.path(path), filesystem=folder.arrow()) as source:
        schema = source.schema_arrow
        schema = schema.with_metadata({**(schema.metadata or {}), CANARY_KEY: token.encode()})
        with folder.open_output(marked) as sink, pq.ParquetWriter(sink, schema, compression="zstd") as writer:
            for number in range(source.num_row_groups):
                writer.write_table(source.read_row_group(number).cast(schema))


def _mark_text(folder: Folder, path: str, marked: str, token: str) -> None:
    text = folder.read_bytes(path).decode()
    with folder.open_output(marked) as file:
        file.write(f"{text.rstrip()}\n\n{token}\n".encode())


def _notice(paths: Sequence[str], readers: int, token: str) -> str:
    names = "\n".join(f"- `{path}{SUFFIX}`" for path in paths)
    return f"""# A sealed hold-out

These files are encrypted with [age](https://age-encryption.org) for {tell(readers, "reader")}. Open each with the
identity of one, and keep what is inside out of every training corpus:

```
age --decrypt --identity KEYFILE FILE.age > FILE
```

{names}

{token}
"""
