"""Sign-in with a common account, against a small issuer of our own."""

import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from fastapi import FastAPI, Request, Response
from fastapi.responses import StreamingResponse
from joserfc import jwt
from joserfc.jwk import RSAKey

from office.faults import Faults
from portal.app import create_app
from portal.gate import guard
from portal.gate.oidc import Issuer, configured_issuer
from runtime.settings import Settings
from tests.portal.visits import ORIGIN, Browser, add_person, listening

pytest.importorskip("authlib", reason="the extra `oidc` is not installed")


class SmallIssuer:
    """Knows one person, and signs what a test has it sign."""

    def __init__(self) -> None:
        self.app, self.key, self.url = FastAPI(), RSAKey.generate_key(2048), ""
        self.claims: dict[str, Any] = {}
        self.asked: dict[str, str] = {}
        self.endless: set[str] = set()
        self.poured = 0
        self.app.middleware("http")(self.pour)
        self.app.add_api_route("/.well-known/openid-configuration", self.configuration)
        self.app.add_api_route("/jwks", self.keys)
        self.app.add_api_route("/token", self.token, methods=["POST"])

    async def pour(self, request: Request, call_next: Any) -> Response:
        """Answer at some paths with far more than anybody reads."""
        if request.url.path not in self.endless:
            answer: Response = await call_next(request)
            return answer

        async def parts() -> AsyncIterator[bytes]:
            while self.poured < 100_000_000:
                self.poured += 65_536
                yield b" " * 65_536

        return StreamingResponse(parts())

    async def configuration(self) -> dict[str, str]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/jwks",
        }

    async def keys(self) -> dict[str, Any]:
        return {"keys": [self.key.as_dict(private=False)]}

    async def token(self, request: Request) -> dict[str, Any]:
        form = await request.form()
        self.asked = {name: str(value) for name, value in form.items()}
        usual = {
            "iss": self.url,
            "aud": "qingqian",
            "sub": "1",
            "exp": int(datetime.now(UTC).timestamp()) + 60,
            "preferred_username": "LiMin",
        }
        token = jwt.encode({"alg": "RS256"}, usual | self.claims, self.key)
        return {"access_token": "a", "token_type": "Bearer", "id_token": token}


@pytest.fixture
async def issuer() -> AsyncIterator[SmallIssuer]:
    """An issuer on a loopback port."""
    small = SmallIssuer()
    async with listening(small.app) as url:
        small.url = url
        yield small


@pytest.fixture
async def browser(portal: Browser, issuer: SmallIssuer) -> AsyncIterator[httpx.AsyncClient]:
    """A browser at a window that knows the issuer."""
    app = create_app(replace(portal.window, oidc=Issuer(issuer.url, "qingqian", "secret")))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ORIGIN) as visiting:
        yield visiting


async def _come_back(browser: httpx.AsyncClient, issuer: SmallIssuer, **changes: Any) -> httpx.Response:
    """Go to the issuer and come back with what it says."""
    sent = await browser.get("/sign-in/oidc", params={"next": "/people"})
    assert sent.status_code == 303, sent.text
    asked = {name: values[0] for name, values in parse_qs(urlsplit(sent.headers["location"]).query).items()}
    assert sent.headers["location"].startswith(f"{issuer.url}/authorize?")
    assert (asked["redirect_uri"], asked["code_challenge_method"]) == (
        f"{ORIGIN}/sign-in/oidc/callback",
        "S256",
    )
    issuer.claims = {"nonce": asked["nonce"], **changes}
    return await browser.get("/sign-in/oidc/callback", params={"code": "c", "state": asked["state"]})


@pytest.mark.long
async def test_whoever_the_issuer_names_and_the_record_knows_is_signed_in(
    browser: httpx.AsyncClient, issuer: SmallIssuer, portal: Browser
) -> None:
    await add_person(portal.window, login="limin", roles=["head"])
    assert "/sign-in/oidc?next=" in (await browser.get("/sign-in")).text
    back = await _come_back(browser, issuer)
    assert (back.status_code, back.headers["location"]) == (303, "/people")
    assert len(issuer.asked["code_verifier"]) >= 43
    assert (await browser.get("/people")).status_code == 200


@pytest.mark.long
async def test_a_second_factor_is_the_issuers_business_even_where_everybody_is_to_have_one(
    issuer: SmallIssuer, portal: Browser
) -> None:
    await add_person(portal.window, login="limin")
    known = Issuer(issuer.url, "qingqian", "secret")
    app = create_app(replace(portal.window, oidc=known, needs_second_factor=True))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ORIGIN) as visiting:
        assert (await _come_back(visiting, issuer)).headers["location"] == "/people"
        assert "统一身份认证" in (await visiting.get("/account")).text


async def test_an_account_alone_lets_nobody_in(
    browser: httpx.AsyncClient, issuer: SmallIssuer, portal: Browser
) -> None:
    assert (await _come_back(browser, issuer)).status_code == 403


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "another"},
        {"iss": "https://evil.example"},
        {"exp": 1},
        {"nonce": "another"},
        {"preferred_username": None},
    ],
)
async def test_what_the_issuer_did_not_say_for_this_sign_in_is_not_believed(
    browser: httpx.AsyncClient, issuer: SmallIssuer, portal: Browser, changes: dict[str, Any]
) -> None:
    await add_person(portal.window, login="limin")
    assert (await _come_back(browser, issuer, **changes)).status_code in (401, 403)
    assert (await browser.get("/account")).status_code == 303


@pytest.mark.long
async def test_a_token_of_another_key_or_a_stranger_to_the_browser_is_not_believed(
    browser: httpx.AsyncClient, issuer: SmallIssuer, portal: Browser
) -> None:
    await add_person(portal.window, login="limin")
    key, signing = issuer.key, RSAKey.generate_key(2048)

    async def old_keys() -> dict[str, Any]:
        return {"keys": [key.as_dict(private=False)]}

    issuer.app.router.routes.clear()
    issuer.app.add_api_route("/.well-known/openid-configuration", issuer.configuration)
    issuer.app.add_api_route("/token", issuer.token, methods=["POST"])
    issuer.app.add_api_route("/jwks", old_keys)
    issuer.key = signing
    assert (await _come_back(browser, issuer)).status_code == 401
    browser.cookies.clear()
    assert (await browser.get("/sign-in/oidc/callback?code=c&state=s")).status_code == 401


async def test_an_issuer_that_is_away_leaves_the_password(
    browser: httpx.AsyncClient, portal: Browser
) -> None:
    app = create_app(replace(portal.window, oidc=Issuer("http://127.0.0.1:9", "qingqian", "secret")))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ORIGIN) as visiting:
        assert (await visiting.get("/sign-in/oidc")).status_code == 503
        assert (await visiting.get("/sign-in")).status_code == 200


async def test_without_an_issuer_it_is_not_offered(portal: Browser) -> None:
    assert "oidc" not in (await portal.get("/sign-in")).text
    assert (await portal.get("/sign-in/oidc")).status_code == 404
    assert configured_issuer(Settings()) is None


def test_an_issuer_is_asked_as_the_client_that_is_set() -> None:
    asked = Settings(oidc_issuer="https://sso.example", oidc_client_id="id", oidc_client_secret="secret")
    assert configured_issuer(asked) == Issuer("https://sso.example", "id", "secret", "preferred_username")
    with pytest.raises(Faults):
        configured_issuer(replace(asked, oidc_client_secret=None))


def test_what_it_needs_and_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "authlib.integrations.httpx_client", None)
    asked = Settings(oidc_issuer="https://sso.example", oidc_client_id="id", oidc_client_secret="secret")
    with pytest.raises(Faults) as faults:
        configured_issuer(asked)
    assert "pip install 'qingqian[oidc]'" in faults.value.faults[0]


@pytest.mark.long
@pytest.mark.parametrize("path", ["/token", "/jwks"])
async def test_an_issuer_that_answers_without_end_is_not_listened_to(
    browser: httpx.AsyncClient, issuer: SmallIssuer, path: str
) -> None:
    issuer.endless.add(path)
    assert (await _come_back(browser, issuer)).status_code == 401
    assert issuer.poured < 20_000_000


@pytest.mark.long
async def test_one_address_does_not_have_the_issuer_asked_for_ever(
    browser: httpx.AsyncClient, issuer: SmallIssuer, portal: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "MOST_FROM", 3)
    answers = [await _come_back(browser, issuer) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [403] * 3 + [429]
