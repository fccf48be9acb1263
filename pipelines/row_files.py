"""The files of a dataset: what a unit's rows go to, and how the files of all units become those of the dataset."""

import uuid
from collections.abc import Iterator, Sequence

from pipelines.formats.shape import Attachment, Config, Encoding, Format
from pipelines.lines import LineWriter, fragment_path, join_fragments
from pipelines.shards import ShardFile, ShardLimits, ShardWriter, numbered
from pipelines.storage import Folder, storage_errors

_ASIDE = ".aside"


class RowFiles:
    """Writes the rows of one config in one unit, each to the file of its subset and split."""

    def __init__(self, folder: Folder, config: Config, unit: int, *, limits: ShardLimits) -> None:
        """Open nothing yet."""
        self._folder, self._config, self._unit, self._limits = folder, config, unit, limits
        self._writers: dict[tuple[str, str], ShardWriter | LineWriter] = {}

    def write(self, row: dict[str, object]) -> None:
        """Take one row."""
        split = str((self._config.split_column and row[self._config.split_column]) or self._config.default_split)
        subset = str((self._config.subset_column and row[self._config.subset_column]) or "")
        if (subset, split) not in self._writers:
            self._writers[subset, split] = self._open(subset, split)
        self._writers[subset, split].write(row)

    def close(self) -> list[ShardFile]:
        """Finish all files and return them."""
        return [file for key in sorted(self._writers) for file in self._writers[key].close()]

    def _open(self, subset: str, split: str) -> ShardWriter | LineWriter:
        config = self._config
        name, schema = f"{subset}-{config.name}" if subset else config.name, config.schema()
        if config.encoding is Encoding.PARQUET:
            stem = f"{split}-{self._unit:06d}"
            return ShardWriter(self._folder, name, stem=stem, schema=schema, limits=self._limits)
        path = fragment_path(self._unit, config.path.format(split=split))
        return LineWriter(self._folder, name, split, path=path, columns=schema.names, encoding=config.encoding)


def finish_files(folder: Folder, format: Format, files: Sequence[ShardFile], *, limits: ShardLimits) -> list[ShardFile]:
    """Give the files of all units, in the order of the units, their final names; a config without rows gets one too."""
    written = {format.config(file.config).name for file in files}
    final: list[ShardFile] = []
    for config in format.configs:
        own = [file for file in files if format.config(file.config).name == config.name]
        if config.name not in written:
            own = _empty(folder, config, limits)
        final += _numbered(folder, own) if config.encoding is Encoding.PARQUET else _joined(folder, config, own)
    return final


def put_aside(folder: Folder, attachment: Attachment) -> None:
    """Lay a file beside the rows: written whole and then named, in case two workers are asked to do it."""
    aside = f"{_ASIDE}.{uuid.uuid4().hex}"
    with folder.open_output(aside) as file, storage_errors(attachment.path):
        for piece in attachment.pieces:
            file.write(piece)
    folder.move(aside, attachment.path)


def _empty(folder: Folder, config: Config, limits: ShardLimits) -> list[ShardFile]:
    schema = config.schema()
    if config.encoding is Encoding.PARQUET:
        stem = f"{config.default_split}-none"
        return ShardWriter(folder, config.name, stem=stem, schema=schema, limits=limits).close()
    path = fragment_path(0, config.path.format(split=config.default_split))
    columns, encoding = schema.names, config.encoding
    return LineWriter(folder, config.name, config.default_split, path=path, columns=columns, encoding=encoding).close()


def _numbered(folder: Folder, files: Sequence[ShardFile]) -> Iterator[ShardFile]:
    for file, path in numbered(list(files)):
        folder.move(file.path, path)
        yield ShardFile(file.config, file.split, path, file.rows, file.byte_size)


def _joined(folder: Folder, config: Config, files: Sequence[ShardFile]) -> Iterator[ShardFile]:
    for split in sorted({file.split for file in files}):
        own = [file for file in files if file.split == split]
        yield join_fragments(folder, own, config.schema().names, config.encoding)
