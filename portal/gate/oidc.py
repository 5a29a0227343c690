"""Sign-in with a common account (统一身份认证) by OpenID Connect: code flow with PKCE; the ID token is verified here.

It needs the extra `oidc`, and `QINGQIAN_OIDC_ISSUER`, `_CLIENT_ID`, `_CLIENT_SECRET`. The claim `QINGQIAN_OIDC_CLAIM`
(`preferred_username` by default) must be the login of a person whom the record knows; an account at the issuer alone is not enough.
"""

import secrets
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final, NamedTuple, cast

import httpx

from office.faults import Faults
from portal.gate.bounded import Bounded
from runtime.settings import Settings

SCOPE: Final = "openid profile"


class NotSignedIn(Exception):  # noqa: N818 - it is told to a person
    """The issuer does not name the person, or its answer cannot be trusted."""


class Started(NamedTuple):
    """What the browser's cookie holds until it returns from the issuer."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Issuer:
    """An OpenID issuer, and this window's client there."""

    url: str
    client_id: str
    client_secret: str
    claim: str = "preferred_username"

    async def begin(self, back: str) -> tuple[str, Started]:
        """Begin a sign-in; returns the issuer's page to redirect to, which later redirects to `back`.

        Raises:
            NotSignedIn: The issuer does not answer properly.
        """
        started = Started(*(secrets.token_urlsafe(32) for _ in range(3)))
        try:
            async with self._client(back) as client:
                said = await self._discovered()
                url, _ = client.create_authorization_url(
                    said["authorization_endpoint"],
                    state=started.state,
                    nonce=started.nonce,
                    code_verifier=started.verifier,
                )
        except (httpx.HTTPError, ValueError, KeyError) as error:
            raise NotSignedIn(f"the issuer does not answer as one: {type(error).__name__}") from error
        return url, started

    async def finish(self, started: Started, code: str, back: str) -> str:
        """The login of a person who returned with a code.

        Raises:
            NotSignedIn: The code or the ID token is invalid, or names nobody.
        """
        from authlib.integrations.base_client.errors import OAuthError
        from joserfc.errors import JoseError

        try:
            async with self._client(back) as client:
                said = await self._discovered()
                tokens = await client.fetch_token(
                    said["token_endpoint"], code=code, code_verifier=started.verifier
                )
            keys = await _fetched(said["jwks_uri"])
            claims = self._checked(tokens["id_token"], keys, started.nonce)
        except (httpx.HTTPError, OAuthError, JoseError, ValueError, KeyError) as error:
            raise NotSignedIn(f"the answer cannot be believed: {type(error).__name__}") from error
        return str(claims[self.claim]).strip().lower()

    def _checked(self, token: str, keys: dict[str, Any], nonce: str) -> dict[str, Any]:
        """The claims of a valid ID token, issued by this issuer for this client and this sign-in."""
        from joserfc import jwt
        from joserfc.jwk import KeySet, KeySetSerialization

        claims = jwt.decode(
            token,
            KeySet.import_key_set(cast(KeySetSerialization, keys)),
            algorithms=["RS256", "ES256", "PS256"],
        ).claims
        jwt.JWTClaimsRegistry(
            leeway=60,
            iss={"essential": True, "value": self.url},
            aud={"essential": True, "value": self.client_id},
            exp={"essential": True},
            nonce={"essential": True, "value": nonce},
        ).validate(claims)
        if self.claim not in claims:
            raise KeyError(self.claim)
        return claims

    def _client(self, back: str) -> Any:
        from authlib.integrations.httpx_client import AsyncOAuth2Client

        return AsyncOAuth2Client(
            self.client_id,
            self.client_secret,
            scope=SCOPE,
            redirect_uri=back,
            code_challenge_method="S256",
            transport=Bounded(),
            timeout=None,  # `Bounded` limits the whole.
            follow_redirects=False,
        )

    async def _discovered(self) -> dict[str, Any]:
        said = await _fetched(self.url.rstrip("/") + "/.well-known/openid-configuration")
        if said["issuer"] != self.url:
            raise ValueError("it says that it is another issuer")
        return said


async def _fetched(url: str) -> dict[str, Any]:
    """The JSON document at an address."""
    async with httpx.AsyncClient(transport=Bounded(), timeout=None, follow_redirects=False) as client:
        found: dict[str, Any] = (await client.get(url)).raise_for_status().json()
        return found


def configured_issuer(settings: Settings) -> Issuer | None:
    """The issuer in the settings; None if there is none.

    Raises:
        Faults: The client id or secret is missing, or the extra `oidc` is.
    """
    if not settings.oidc_issuer:
        return None
    if settings.oidc_client_id is None or settings.oidc_client_secret is None:
        raise Faults(
            "QINGQIAN_OIDC_CLIENT_ID, QINGQIAN_OIDC_CLIENT_SECRET", ["both are needed where an issuer is set"]
        )
    try:
        import_module("authlib.integrations.httpx_client")
    except ModuleNotFoundError as error:
        lacking = f"{error.name} is not installed, which it needs: pip install 'qingqian[oidc]'"
        raise Faults("QINGQIAN_OIDC_ISSUER", [lacking]) from None
    return Issuer(
        settings.oidc_issuer, settings.oidc_client_id, settings.oidc_client_secret, settings.oidc_claim
    )
