"""Make accounts on a Label Studio server through its invitation link, as people who follow the link would.

    LABEL_STUDIO_API_KEY=... python bench/label_studio_accounts.py http://127.0.0.1:8080 anna@example.org=PASSWORD ...

The token is an administrator's. An account that is there already is left as it is.
"""

import os
import sys

import httpx


def make_account(url: str, token: str, *, email: str, password: str) -> str:
    """Make an account and say what came of it."""
    headers = {"Authorization": f"Token {token}"}
    with httpx.Client(base_url=url, timeout=60) as admin, httpx.Client(base_url=url, timeout=60) as person:
        accounts = admin.get("/api/users/", headers=headers)
        accounts.raise_for_status()
        if email.casefold() in {account["email"].casefold() for account in accounts.json()}:
            return f"{email} is there already"
        link = admin.get("/api/invite", headers=headers).raise_for_status().json()["invite_url"]
        person.get(link).raise_for_status()
        form = {
            "csrfmiddlewaretoken": person.cookies["csrftoken"],
            "email": email,
            "password": password,
            "allow_newsletters": "false",
        }
        answer = person.post(link, data=form, headers={"Referer": f"{url}{link}"})
        return f"{email} {'made' if answer.is_redirect else f'refused ({answer.status_code})'}"


if __name__ == "__main__":
    server, *people = sys.argv[1:]
    for one in people:
        address, _, secret = one.partition("=")
        print(make_account(server.rstrip("/"), os.environ["LABEL_STUDIO_API_KEY"], email=address, password=secret))
