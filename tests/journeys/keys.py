"""A security key as a browser would have registered it."""

import hashlib
import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

ID = b"kunci contoh 001"


def credential(host: str = "localhost") -> dict[str, Any]:
    """What django-allauth keeps of a key."""
    public = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    flags = AuthenticatorData.FLAG
    data = AuthenticatorData.create(
        hashlib.sha256(host.encode()).digest(),
        flags.USER_PRESENT | flags.ATTESTED,
        0,
        AttestedCredentialData.create(bytes(16), ID, public),
    )
    said = {"type": "webauthn.create", "challenge": websafe_encode(b"contoh"), "origin": f"http://{host}"}
    return {
        "id": websafe_encode(ID),
        "rawId": websafe_encode(ID),
        "type": "public-key",
        "response": {
            "clientDataJSON": websafe_encode(json.dumps(said).encode()),
            "attestationObject": websafe_encode(AttestationObject.create("none", data, {})),
        },
        "clientExtensionResults": {},
    }
