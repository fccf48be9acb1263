"""Which runner runs a stage, and how its failures come back as our own errors.

Without options after `--` a stage runs on Beam's FnApiRunner inside this process: the default DirectRunner would first
try to download another one. Anything after `--` goes to Beam as it stands.
"""

import re
import threading
from collections.abc import Sequence
from typing import Final

import apache_beam as beam
from apache_beam.metrics.metric import Metrics, MetricsFilter
from apache_beam.options.pipeline_options import GoogleCloudOptions, PipelineOptions, StandardOptions
from apache_beam.runners.runner import PipelineResult

from pipelines.progress import TALLY
from schemas.errors import CorpusMillError, EngineError, UsageError, WorkspaceError

LOCAL_RUNNER: Final = "apache_beam.runners.portability.fn_api_runner.fn_runner.FnApiRunner"
NAMESPACE: Final = "corpusmill"
APART: Final = "apart: "
"""What the names of counts begin with that only programs look at."""
_POLL_SECONDS: Final = 5.0
_BY_NAME: Final = {kind.__name__: kind for kind in (WorkspaceError, EngineError, UsageError)}
_RAISED: Final = re.compile(rf"schemas\.errors\.({'|'.join(_BY_NAME)}): (.*)")
_WHERE: Final = re.compile(r" \[while running .*\]$")


def pipeline_options(beam_args: Sequence[str], workspace: str) -> PipelineOptions:
    """Return Beam's options for what stood after `--`, with our runner where none is named.

    Raises:
        UsageError: Beam does not take them, or the runner's workers cannot reach the workspace.
    """
    try:
        options = PipelineOptions(list(beam_args))
        standard = options.view_as(StandardOptions)
    except (ValueError, SystemExit) as error:
        raise UsageError(f"Beam does not take these options: {' '.join(beam_args)} ({error})") from error
    if standard.runner is None:
        standard.runner = LOCAL_RUNNER
    writes_template = any(argument.startswith("--template_location") for argument in beam_args)
    if "Dataflow" in str(standard.runner) and "://" not in workspace and not writes_template:
        raise UsageError(f"{workspace}: Dataflow's workers cannot reach this folder; give a gs:// path as workspace")
    return options


def runs_here(options: PipelineOptions) -> bool:
    """Say whether the work is done in this process."""
    return str(options.view_as(StandardOptions).runner).endswith("FnApiRunner")


def new_pipeline(options: PipelineOptions) -> beam.Pipeline:
    """Return an empty pipeline.

    Raises:
        UsageError: there is no such runner.
    """
    try:
        return beam.Pipeline(options=options)
    except (ValueError, ImportError, AttributeError) as error:
        raise UsageError(f"Beam cannot use this runner: {error}") from error


def run_pipeline(pipeline: beam.Pipeline) -> dict[str, int]:
    """Run a pipeline to its end and return what our counters counted.

    Raises:
        CorpusMillError: what a step raised on purpose, as it was.
        UsageError: the runner only wrote a template, so there is nothing to commit.
        WorkspaceError: another runner ended in a state other than done.
    """
    try:
        result = pipeline.run()
        _refuse_template(pipeline.options)
        state = _wait(result)
    except Exception as error:
        # Each runner has an exception of its own for a job that failed; what it holds of ours is looked for in all.
        own = own_error(error)
        if own is None:
            raise
        raise own from error
    if state != "DONE":
        raise WorkspaceError(f"the pipeline ended as {state}; its runner's log says why. Nothing was committed")
    return counted(result)


def counted(result: PipelineResult) -> dict[str, int]:
    """Return our counters."""
    found = result.metrics().query(MetricsFilter().with_namespace(NAMESPACE))["counters"]
    return {item.key.metric.name: int(item.result) for item in found}


def own_error(error: Exception) -> CorpusMillError | None:
    """Return the error of ours that Beam hands on: with a remark of its own, or as text out of another process."""
    if isinstance(error, CorpusMillError):
        return type(error)(_WHERE.sub("", str(error)))
    found = _RAISED.findall(str(error))
    if not found:
        return None
    kind, message = found[-1]
    return _BY_NAME[kind](_WHERE.sub("", message))


def count(name: str, number: int = 1) -> None:
    """Count in Beam's metrics and in this process's tally; call it in the thread that Beam calls."""
    if number:
        Metrics.counter(NAMESPACE, name).inc(number)
        TALLY.add(name, number)


def count_apart(name: str, number: int = 1) -> None:
    """Count in Beam's metrics alone, for whoever plans the next pipeline; people are not shown it."""
    Metrics.counter(NAMESPACE, f"{APART}{name}").inc(number)


def _refuse_template(options: PipelineOptions) -> None:
    target = options.view_as(GoogleCloudOptions).template_location
    if target:
        raise UsageError(
            f"the job's template was written to {target}; nothing ran and nothing was committed. This command commits "
            "when its job ends, so a corpus is made without --template_location"
        )


def _wait(result: PipelineResult) -> str:
    # Once and without a limit: the portable runner cannot be asked to wait a second time.
    ended = threading.Event()
    threading.Thread(target=_watch, args=(result, ended), name="metrics", daemon=True).start()
    try:
        return str(result.wait_until_finish())
    finally:
        ended.set()


def _watch(result: PipelineResult, ended: threading.Event) -> None:
    """Carry what workers elsewhere count into this process's tally."""
    while not ended.wait(_POLL_SECONDS):
        TALLY.raise_to({name: number for name, number in counted(result).items() if not name.startswith(APART)})
