"""A Label Studio server. The only place that speaks to one, through its SDK.

Every failure is an AnnotationError that names the server and the remedy. Nothing here is tried again by itself where
trying twice could do a thing twice.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import httpx

from annotation.label_config import ASKED, PAGES, config_hash
from annotation.tasks import KEY, Json
from schemas.errors import AnnotationError

OLDEST: Final = (1, 23)
"""The oldest release that the labelling page was tried on."""

_SECONDS: Final = 120.0
_EXPORT_SECONDS: Final = 1800.0
_PAGE: Final = 500
_CHUNK: Final = 1 << 20
_SAID: Final = 300

# The list of a project's tasks shows question, answer and who judged, not what the labelling page is made of.
_HIDDEN: Final = tuple(
    f"tasks:{name}"
    for name in (
        *(f"data.{part}" for part in (KEY, "qa_id", ASKED, PAGES, "places", "unit_labels", "units", "verdicts")),
        "total_predictions",
        "annotations_results",
        "annotations_ids",
        "predictions_score",
        "predictions_model_versions",
        "predictions_results",
        "file_upload",
        "storage_filename",
        "inner_id",
        "created_at",
        "updated_at",
        "updated_by",
        "avg_lead_time",
        "draft_exists",
    )
)
_BESIDE_A_TASK: Final = ("id", "completed_at", "cancelled_annotations", "annotators", "data.answer")
_LIST_OF_TASKS: Final = {
    "title": "Questions",
    "type": "list",
    "target": "tasks",
    "hiddenColumns": {"explore": [*_HIDDEN], "labeling": [*_HIDDEN, *(f"tasks:{name}" for name in _BESIDE_A_TASK)]},
    "columnsWidth": {"tasks:data.question": 600, "tasks:data.answer": 220},
}


@dataclass(frozen=True, slots=True)
class ServerProject:
    """A project as the server has it; `config_hash` is of its labelling page."""

    project_id: int
    title: str
    description: str
    tasks: int
    config_hash: str


@dataclass(frozen=True, slots=True)
class NewProject:
    """A project to make: so many people judge each task; `instructions` (HTML) is what annotators read first."""

    title: str
    description: str
    config: str
    annotators: int
    instructions: str


class LabelServer:
    """A server that answered, and takes our token; `open_server` gives one."""

    def __init__(self, url: str, client: Any, http: httpx.Client) -> None:
        """Wrap an SDK client and the HTTP client that it uses."""
        self.url = url
        self._client = client
        self._http = http

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def project(self, project_id: int) -> ServerProject | None:
        """Return a project, or None where it was deleted."""
        with self._failures():
            try:
                return _project(self._client.projects.get(id=project_id))
            except _api_error() as error:
                if error.status_code == httpx.codes.NOT_FOUND:
                    return None
                raise

    def find_project(self, title: str, mark: str) -> ServerProject | None:
        """Return the project of that title whose description holds `mark`, if there is one."""
        with self._failures():
            found = [item for item in self._client.projects.list(title=title) if mark in (item.description or "")]
            return _project(found[0]) if found else None

    def create_project(self, new: NewProject) -> ServerProject:
        """Make a project."""
        with self._failures():
            made = self._client.projects.create(
                title=new.title,
                description=new.description,
                label_config=new.config,
                maximum_annotations=new.annotators,
                expert_instruction=new.instructions,
                show_instruction=True,
                show_skip_button=True,
                show_collab_predictions=True,
                enable_empty_annotation=False,
                skip_queue="REQUEUE_FOR_OTHERS",
                sampling="Sequential sampling",
            )
            self._client.views.create(project=made.id, data=_LIST_OF_TASKS)
            return _project(self._client.projects.get(id=made.id))

    def update_config(self, project_id: int, config: str) -> ServerProject:
        """Put another labelling page in place of a project's."""
        with self._failures():
            self._client.projects.update(id=project_id, label_config=config)
            return _project(self._client.projects.get(id=project_id))

    def task_keys(self, project_id: int) -> set[str]:
        """Return the keys of the tasks that a project holds."""
        with self._failures():
            tasks = self._client.tasks.list(project=project_id, page_size=_PAGE, fields="task_only")
            return {key for task in tasks if isinstance(key := _data(task).get(KEY), str)}

    def import_tasks(self, project_id: int, tasks: Sequence[Json]) -> None:
        """Add tasks with their predictions: all of them, or none."""
        once = {"max_retries": 0, "timeout": _EXPORT_SECONDS}
        with self._failures():
            answer = self._client.projects.import_tasks(id=project_id, request=list(tasks), request_options=once)
        if answer.task_count != len(tasks):
            raise AnnotationError(
                f"{self.url}: project {project_id} took {answer.task_count} of {len(tasks)} tasks; run the same "
                "command again: it adds those that are missing"
            )
        wanted = sum(len(task["predictions"]) for task in tasks)
        taken = getattr(answer, "prediction_count", None)  # the SDK knows it by another name than the server sends
        if taken is not None and taken < wanted:
            # Seen where its SQLite was locked by people who saved meanwhile: the tasks stand, their pages begin empty.
            raise AnnotationError(
                f"{self.url}: project {project_id} lost {wanted - taken} of {wanted} predictions, so "
                "that those pages begin without boxes and verdicts; they can be judged, or delete them there and run "
                "the same command again: it adds them"
            )

    def export(self, project_id: int) -> list[Json]:
        """Return the annotated tasks of a project with their annotations, in one export."""
        options = {"chunk_size": _CHUNK, "timeout": _EXPORT_SECONDS}
        with self._failures():
            chunks = self._client.projects.exports.download_sync(
                id=project_id, export_type="JSON", download_all_tasks=False, request_options=options
            )
            text = b"".join(chunks)
        return _tasks(text, f"{self.url}: the export of project {project_id}")

    def addresses(self) -> dict[int, str]:
        """Return the e-mail address of every account by its number."""
        with self._failures():
            return {user.id: user.email for user in self._client.users.list() if user.email}

    def serve_folder(self, project_id: int, path: str) -> None:
        """Let a project show the pictures of a folder on the server's own disk."""
        with self._failures():
            known = self._client.import_storage.local.list(project=project_id)
            if not any(storage.path == path for storage in known):
                self._client.import_storage.local.create(
                    project=project_id, path=path, use_blob_urls=True, title="CorpusMill page pictures"
                )

    def check_picture(self, address: str) -> None:
        """Make sure that the server hands a picture out.

        Raises:
            AnnotationError: it does not; people would see an empty page.
        """
        headers = self._client._client_wrapper.get_headers()
        with self._failures():
            answer = self._http.get(f"{self.url}{address}", headers=headers)
        kind = answer.headers.get("content-type", "")
        if answer.status_code != httpx.codes.OK or not kind.startswith("image/"):
            raise AnnotationError(
                f"{self.url}: does not show the picture {address} (status {answer.status_code}, {kind or 'no type'}). "
                "annotate.picture_folder must lie directly in the folder that LABEL_STUDIO_LOCAL_FILES_DOCUMENT_ROOT "
                "names on the server, and LABEL_STUDIO_LOCAL_FILES_SERVING_ENABLED must be true there"
            )

    @contextmanager
    def _failures(self) -> Iterator[None]:
        with server_failures(self.url):
            yield


def open_server(url: str, token: str) -> LabelServer:
    """Connect to a server and make sure that it can be used.

    Raises:
        AnnotationError: it is down, too old, no Label Studio, or refuses the token; or the SDK is not installed.
    """
    try:
        from label_studio_sdk import LabelStudio
    except ImportError as error:
        raise AnnotationError(
            "label-studio-sdk is not installed; install it with: pip install 'corpusmill[annotation]'"
        ) from error
    address = url.rstrip("/")
    http = httpx.Client(timeout=_SECONDS, follow_redirects=True)
    try:
        with server_failures(address):
            client = LabelStudio(base_url=address, api_key=token, httpx_client=http, timeout=_SECONDS)
            _check_version(client.versions.get(), address)
            client.users.whoami()
    except AnnotationError:
        http.close()
        raise
    return LabelServer(address, client, http)


@contextmanager
def server_failures(url: str) -> Iterator[None]:
    """Turn what the SDK raises into an AnnotationError that names the server and the remedy."""
    try:
        yield
    except _api_error() as error:
        raise AnnotationError(f"{url}: {_said(error.status_code, error.body)}") from error
    except httpx.TimeoutException as error:
        raise AnnotationError(
            f"{url}: the Label Studio server does not answer in time; run the command again"
        ) from error
    except httpx.InvalidURL as error:
        raise AnnotationError(f"{url}: no address of a server; give annotate.url as http://host:8080") from error
    except httpx.HTTPError as error:
        raise AnnotationError(
            f"{url}: no Label Studio server answers there ({error}); start it, or correct annotate.url"
        ) from error
    except (json.JSONDecodeError, UnicodeError) as error:
        raise AnnotationError(
            f"{url}: what answers there is not Label Studio; correct annotate.url ({error})"
        ) from error


def _api_error() -> type[Any]:
    from label_studio_sdk.core.api_error import ApiError

    found: type[Any] = ApiError
    return found


def _said(status: int | None, body: object) -> str:
    if status == httpx.codes.UNAUTHORIZED:
        return (
            "Label Studio refuses the token; take the one under Account & Settings (an access token, or the legacy "
            "token where the organisation allows it) into the variable that annotate.token_variable names"
        )
    if status == httpx.codes.FORBIDDEN:
        return "the token's account may not do this; use one of an owner or administrator"
    if status == httpx.codes.NOT_FOUND:
        return "Label Studio does not know it (404): the project was deleted, or the address is not Label Studio's"
    if status is not None and status < httpx.codes.BAD_REQUEST:
        return "what answers there is not Label Studio; correct annotate.url"
    detail = f"{_detail(body)}"[:_SAID]
    if status is not None and status >= httpx.codes.INTERNAL_SERVER_ERROR:
        return f"Label Studio failed ({status}: {detail}); see its log, then run the same command again"
    return f"Label Studio refused the request ({status}: {detail})"


def _detail(body: object) -> object:
    if isinstance(body, Mapping):
        return body.get("validation_errors") or body.get("detail") or dict(body)
    return body


def _check_version(versions: Any, url: str) -> None:
    release = str(getattr(versions, "release", None) or "of an unknown release")
    parts = release.split(".")
    if len(parts) < len(OLDEST) or not all(part.isdigit() for part in parts[: len(OLDEST)]):
        raise AnnotationError(f"{url}: says that it is Label Studio {release}; {_wanted()}")
    if tuple(map(int, parts[: len(OLDEST)])) < OLDEST:
        raise AnnotationError(f"{url}: is Label Studio {release}; {_wanted()}. pip install -U label-studio upgrades it")


def _wanted() -> str:
    return f"{'.'.join(map(str, OLDEST))} or later is needed"


def _project(item: Any) -> ServerProject:
    return ServerProject(
        project_id=int(item.id),
        title=str(item.title or ""),
        description=str(item.description or ""),
        tasks=int(item.task_number or 0),
        config_hash=config_hash(item.label_config or ""),
    )


def _data(task: Any) -> Mapping[str, Any]:
    return task.data if isinstance(task.data, Mapping) else {}


def _tasks(text: bytes, what: str) -> list[Json]:
    try:
        found = json.loads(text)
    except ValueError as error:
        raise AnnotationError(f"{what} broke off after {len(text)} bytes; run the command again") from error
    if not isinstance(found, list):
        raise AnnotationError(f"{what} is no list of tasks; run the command again")
    return found
