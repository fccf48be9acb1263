import socket
from collections.abc import Callable

import pytest

from annotation.server import LabelServer, open_server
from schemas.errors import AnnotationError
from tests.annotation.label_studio_replies import Reply, replying

TOKEN = "0123456789abcdef0123456789abcdef01234567"
PROJECT = {"id": 3, "title": "t", "description": "d", "task_number": 2, "label_config": "<View/>"}
HTML = Reply(b"<html>hello</html>", kind="text/html")


def export(server: LabelServer) -> object:
    return server.export(3)


def push(server: LabelServer) -> object:
    server.import_tasks(3, [{"data": {}, "predictions": [{}]}, {"data": {}, "predictions": [{}]}])
    return None


def see(server: LabelServer) -> object:
    server.check_picture("/data/p.webp")
    return None


@pytest.mark.parametrize(
    ("replies", "message"),
    [
        (
            {"/api/current-user/whoami": Reply({"detail": "Invalid token."}, 401)},
            "refuses the token; take the one under",
        ),
        ({"/api/version": Reply({"release": "1.8.0"})}, "is Label Studio 1.8.0; 1.23 or later is needed"),
        ({"/api/version": Reply({"release": "abc"})}, "says that it is Label Studio abc"),
        ({"/api/version": Reply({})}, "of an unknown release"),
        ({"/api/version": HTML}, "is not Label Studio; correct annotate.url"),
        ({"/api/version": Reply({"detail": "no"}, 404)}, "the address is not Label Studio's"),
        ({"/api/version": Reply({"detail": "broken"}, 500)}, r"Label Studio failed \(500: broken\); see its log"),
    ],
)
def test_a_server_that_cannot_be_used_is_told_with_the_remedy(replies: dict[str, Reply], message: str) -> None:
    with replying(replies) as url, pytest.raises(AnnotationError, match=message) as told:
        open_server(url, TOKEN)
    assert str(told.value).startswith(url)


def test_a_server_that_is_down_is_told() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(
        AnnotationError, match=r"no Label Studio server answers there .+start it, or correct annotate.url"
    ):
        open_server(url, TOKEN)


@pytest.mark.parametrize("url", ["http://", "http://[::1", "http://no such host.invalid"])
def test_an_address_that_is_none_is_told(url: str) -> None:
    with pytest.raises(AnnotationError):
        open_server(url, TOKEN)


@pytest.mark.parametrize(
    ("replies", "action", "message"),
    [
        (
            {"/api/projects/3/export": Reply(b'[{"id": 1}, {"id')},
            export,
            "export of project 3 broke off after 16 bytes",
        ),
        ({"/api/projects/3/export": Reply({"a": 1})}, export, "is no list of tasks"),
        ({}, export, "the project was deleted"),
        ({"/api/projects/3/import": Reply({"task_count": 1})}, push, "took 1 of 2 tasks; run the same command again"),
        (
            {"/api/projects/3/import": Reply({"task_count": 2, "prediction_count": 1})},
            push,
            "lost 1 of 2 predictions, so that those pages begin without boxes and verdicts",
        ),
        ({"/api/projects/3/import": Reply({"detail": "locked"}, 500)}, push, r"failed \(500: locked\)"),
        (
            {"/api/projects/3/import": Reply({"validation_errors": {"data": ["asked missing"]}}, 400)},
            push,
            r"refused the request \(400: \{'data': \['asked missing'\]\}\)",
        ),
        ({"/api/projects/3/import": Reply({"detail": "no"}, 403)}, push, "use one of an owner or administrator"),
        ({}, see, "does not show the picture /data/p.webp .status 404.*LOCAL_FILES_DOCUMENT_ROOT"),
        ({"/data/p.webp": HTML}, see, "status 200, text/html"),
    ],
)
def test_what_fails_later_is_told_with_the_remedy(
    replies: dict[str, Reply], action: Callable[[LabelServer], object], message: str
) -> None:
    with replying(replies) as url:
        server = open_server(url, TOKEN)
        try:
            with pytest.raises(AnnotationError, match=message):
                action(server)
        finally:
            server.close()


def test_a_deleted_project_is_none_and_another_is_described() -> None:
    with replying({"/api/projects/3": Reply(PROJECT)}) as url:
        server = open_server(url, TOKEN)
        try:
            assert server.project(4) is None
            found = server.project(3)
            assert found is not None
            assert (found.project_id, found.tasks, found.description) == (3, 2, "d")
        finally:
            server.close()
