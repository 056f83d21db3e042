"""A passkey for tests, written from Web Authentication level 3: it makes a key and signs what it is asked."""

import hashlib
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from fido2 import cbor

OURS = "http://localhost:8000"
PRESENT, VERIFIED, NEW = 0x01, 0x04, 0x40


def _written(content: bytes) -> str:
    return urlsafe_b64encode(content).decode().rstrip("=")


def _read(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Passkey:
    """One passkey, whose owner it verifies unless a test says that it did not; `origin` is the page it believes in."""

    origin: str = OURS
    verifies: bool = True
    credential: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    owner: str = ""

    def make(self, client: Client, path: str = "/accounts/second-step/passkey/ask/") -> str:
        """The answer to the challenge for a new passkey."""
        asked = client.post(path).json()["publicKey"]
        self.owner = asked["user"]["id"]
        public = cbor.encode(self._public())
        known = bytes(16) + len(self.credential).to_bytes(2, "big") + self.credential + public
        attestation = {"fmt": "none", "attStmt": {}, "authData": self._seen(asked["rp"]["id"], NEW) + known}
        said = self._said("webauthn.create", asked["challenge"])
        return self._answer({"clientDataJSON": _written(said), "attestationObject": _written(cbor.encode(attestation))})

    def sign(self, client: Client, path: str = "/accounts/passkey/ask/") -> str:
        """The answer to a challenge to sign in."""
        asked = client.post(path).json()["publicKey"]
        seen, said = self._seen(asked["rpId"]), self._said("webauthn.get", asked["challenge"])
        signature = self.key.sign(seen + hashlib.sha256(said).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(
            {
                "clientDataJSON": _written(said),
                "authenticatorData": _written(seen),
                "signature": _written(signature),
                "userHandle": self.owner,
            }
        )

    def _public(self) -> dict[int, object]:
        """The public key as COSE writes an ES256 key (RFC 9053, section 7.1.1)."""
        point = self.key.public_key().public_numbers()
        return {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}

    def _seen(self, party: str, more: int = 0) -> bytes:
        flags = PRESENT | more | (VERIFIED if self.verifies else 0)
        return hashlib.sha256(party.encode()).digest() + bytes([flags]) + bytes(4)

    def _said(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _answer(self, response: dict[str, str]) -> str:
        name = _written(self.credential)
        return json.dumps(
            {"id": name, "rawId": name, "type": "public-key", "response": response, "clientExtensionResults": {}}
        )


def given(client: Client, name: str = "My phone") -> Passkey:
    """A passkey added by whoever is signed in."""
    made = Passkey()
    answer = client.post("/accounts/second-step/passkey/", {"name": name, "credential": made.make(client)})
    assert answer.status_code == 302, answer.text
    return made
