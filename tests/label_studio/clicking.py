"""A person at the labelling page: signs in, reads each task, clicks, types, drags, submits or skips.

Run by the environment that holds Playwright: `python clicking.py PLAN.json`. The plan names the server, the account,
the project and, by question, what to answer; what was seen comes back as JSON on stdout.
"""

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

SECONDS = 60_000
THE_END = re.compile("no more tasks|no tasks", re.IGNORECASE)
SCREEN = {"width": 1440, "height": 900}


def label_all(plan: dict[str, Any]) -> dict[str, Any]:
    """Label the tasks of a project until none is left, and say which were seen."""
    from playwright.sync_api import sync_playwright  # not there in the environment that collects tests

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=plan["chromium"], args=["--no-sandbox"])
        page = browser.new_page(viewport=SCREEN)
        page.set_default_timeout(SECONDS)
        try:
            sign_in(page, plan)
            page.goto(f"{plan['url']}/projects/{plan['project']}/data?labeling=1")
            boxes = first_boxes(page, plan)
            seen = []
            while (task := next_task(page)) is not None:
                seen.append(task)
                if plan.get("screenshots"):
                    page.mouse.move(5, 5)
                    page.screenshot(path=str(Path(plan["screenshots"]) / f"task-{len(seen)}.png"))
                judge(page, plan["verdicts"][task["question"]], boxes[task["question"]], by_key=plan["by_key"])
            return {"seen": seen}
        except Exception:
            page.screenshot(path=plan["failure"])
            raise
        finally:
            browser.close()


def sign_in(page: "Page", plan: dict[str, Any]) -> None:
    page.goto(f"{plan['url']}/user/login/")
    page.fill("input[name=email]", plan["email"])
    page.fill("input[name=password]", plan["password"])
    page.click("button[type=submit]")
    page.wait_for_url(lambda url: "/user/login" not in url)


def next_task(page: "Page") -> dict[str, Any] | None:
    """Wait for a task or for the end, and return what stands on the page."""
    page.locator(".cm-question").or_(page.get_by_text(THE_END)).first.wait_for()
    instructions = page.locator("[class*=modal] button")
    if instructions.count() and instructions.first.is_visible():
        instructions.first.click()
    if not page.locator(".cm-question").count():
        return None
    page.wait_for_selector(".cm-left canvas")
    page.wait_for_timeout(700)
    units = page.locator(".cm-card").filter(has_text="Is it needed")
    return {
        "question": page.locator(".cm-question").inner_text(),
        "answer": page.locator(".cm-answer").inner_text(),
        "units": [units.nth(number).inner_text() for number in range(units.count())],
        "marked": page.locator(".cm-right mark").all_inner_texts(),
        "checked": [checked_of(row) for row in page.locator(".cm-row").all()],
        "regions": page.locator(".cm-left .lsf-label").all_inner_texts(),
        "overflow": overflow(page),
        "verdicts": " ".join(page.locator(".cm-verdicts").all_inner_texts()),
    }


def checked_of(row: "Locator") -> str:
    chosen = row.locator(".ant-radio-wrapper-checked")
    # Its key stands behind it in brackets.
    return chosen.inner_text().partition("[")[0].strip() if chosen.count() else ""


def overflow(page: "Page") -> int:
    """Return how many pixels of the right column cannot be seen without scrolling."""
    return int(
        page.evaluate(
            "(() => { const c = document.querySelector('.cm-right'); return c.scrollHeight - c.clientHeight; })()"
        )
    )


def first_boxes(page: "Page", plan: dict[str, Any]) -> dict[str, dict[str, float]]:
    """Return where the first box of each task stands, in percent of its picture: a person finds it by eye."""
    answer = page.request.get(f"{plan['url']}/api/tasks?project={plan['project']}&fields=all&page_size=100").json()
    return {
        task["data"]["question"]: next(
            part["value"] for part in task["predictions"][0]["result"] if part["type"] == "rectanglelabels"
        )
        for task in answer["tasks"]
    }


def judge(page: "Page", verdict: dict[str, Any], box: dict[str, float], *, by_key: bool) -> None:
    if verdict.get("skip"):
        press(page, "Skip")
        return
    for title, value in verdict["labels"].items():
        answer = choose_by_key if by_key else choose
        answer(page.locator(".cm-row").filter(has_text=title), "Yes" if value else "No")
    needed = page.locator(".cm-row").filter(has_text="Is it needed")
    for place, value in enumerate(verdict["required"]):
        choose(needed.nth(place), "Needed" if value else "Not needed")
    for name, text in verdict.get("texts", {}).items():
        page.fill(f"input[name={name}]", text)
    if "drag" in verdict:
        drag(page, box, verdict["drag"])
    press(page, "Submit")


def choose(row: "Locator", value: str) -> None:
    row.locator(f"label:has(input[name='{value}'])").click()


def choose_by_key(row: "Locator", value: str) -> None:
    """Press the key that stands beside an answer; where it is chosen already the key would take it back."""
    label = row.locator(f"label:has(input[name='{value}'])")
    if checked_of(row) != value:
        row.page.keyboard.press(label.locator("sup").inner_text().strip("[]").replace("shift", "Shift"))
    label.and_(row.locator(".ant-radio-wrapper-checked")).wait_for()


def drag(page: "Page", box: dict[str, float], move: dict[str, float]) -> None:
    """Take a box by its middle and drag it, all in percent of the picture."""
    canvas = page.locator(".cm-left .konvajs-content").bounding_box()
    assert canvas is not None
    x = canvas["x"] + canvas["width"] * (box["x"] + box["width"] / 2) / 100
    y = canvas["y"] + canvas["height"] * (box["y"] + box["height"] / 2) / 100
    page.mouse.click(x, y)
    page.wait_for_timeout(300)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + canvas["width"] * move["dx"] / 200, y + canvas["height"] * move["dy"] / 200, steps=5)
    page.mouse.move(x + canvas["width"] * move["dx"] / 100, y + canvas["height"] * move["dy"] / 100, steps=5)
    page.mouse.up()
    page.wait_for_timeout(300)


def press(page: "Page", button: str) -> None:
    """Press Submit or Skip and wait until the server has it and the task has left the page."""
    question = page.locator(".cm-question").inner_text()
    with page.expect_response(
        lambda answer: "/annotations" in answer.url and answer.request.method == "POST"
    ) as posted:
        page.locator("button", has_text=re.compile(f"^{button}$")).first.click()
    assert posted.value.ok, posted.value.text()
    page.wait_for_function("before => document.querySelector('.cm-question')?.innerText !== before", arg=question)


if __name__ == "__main__":
    print(json.dumps(label_all(json.loads(Path(sys.argv[1]).read_text()))))
