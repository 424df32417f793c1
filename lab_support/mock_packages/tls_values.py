"""`pulumi_tls`: keys, requests and certificates of the right form, fixed by the resource's URN.

What is certified is what the program says; the signatures are made up, so nothing should trust them.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from lab_support.mock_packages import der
from lab_support.mock_packages.keys import key_pair, public_forms_of, public_of
from lab_support.mock_packages.package_request import PackageRequest, PackageResource

# The account's clock: the same in every preview.
NOW: Final = datetime(2026, 1, 1, tzinfo=UTC)
_SHA256_WITH_RSA: Final = der.sequence(der.oid("1.2.840.113549.1.1.11"), der.block(0x05))
# X.520 attribute types (RFC 5280, appendix A).
_ATTRIBUTES: Final = {
    "commonName": "2.5.4.3",
    "serialNumber": "2.5.4.5",
    "country": "2.5.4.6",
    "locality": "2.5.4.7",
    "province": "2.5.4.8",
    "organization": "2.5.4.10",
    "organizationalUnit": "2.5.4.11",
    "postalCode": "2.5.4.17",
}


def _private_key(request: PackageRequest) -> PackageResource:
    algorithm = str(request.get("algorithm", "RSA"))
    pair = key_pair(
        algorithm, request.chance, int(request.get("rsaBits", 2048)), request.get("ecdsaCurve", "P224")
    )
    outputs = {
        "privateKeyPem": pair.private,
        "privateKeyPemPkcs8": pair.pkcs8,
        "privateKeyOpenssh": pair.ssh_private,
        **pair.public_forms,
        "ecdsaCurve": request.get("ecdsaCurve", "P224"),
        "rsaBits": request.get("rsaBits", 2048),
    }
    secrets = frozenset({"privateKeyPem", "privateKeyPemPkcs8", "privateKeyOpenssh"})
    return PackageResource(hashlib.sha1(pair.public, usedforsecurity=False).hexdigest(), outputs, secrets)


def _self_signed(request: PackageRequest) -> PackageResource:
    subject = _name(request.get("subject", {}))
    return _certificate(
        request, subject, subject, public_of(request.get("privateKeyPem", "")), "keyAlgorithm"
    )


def _locally_signed(request: PackageRequest) -> PackageResource:
    public = public_of(request.get("certRequestPem", ""))
    return _certificate(request, _name({}), _name({"commonName": request.name}), public, "caKeyAlgorithm")


def _certificate(
    request: PackageRequest, issuer: bytes, subject: bytes, public: bytes, algorithm: str
) -> PackageResource:
    chance = request.chance
    serial = chance.getrandbits(127)
    end = NOW + timedelta(hours=float(request.get("validityPeriodHours", 0)))
    validity = der.sequence(der.time(NOW), der.time(end))
    version = der.block(0xA0, der.integer(2))
    body = der.sequence(version, der.integer(serial), _SHA256_WITH_RSA, issuer, validity, subject, public)
    signed = der.sequence(body, _SHA256_WITH_RSA, der.bits(chance.randbytes(256)))
    outputs = {
        "certPem": der.pem("CERTIFICATE", signed),
        algorithm: "RSA",
        "readyForRenewal": False,
        "validityStartTime": NOW.isoformat().replace("+00:00", "Z"),
        "validityEndTime": end.isoformat().replace("+00:00", "Z"),
    }
    return PackageResource(str(serial), outputs)


def _request(request: PackageRequest) -> PackageResource:
    public = public_of(request.get("privateKeyPem", ""))
    body = der.sequence(der.integer(0), _name(request.get("subject", {})), public, der.block(0xA0))
    signed = der.sequence(body, _SHA256_WITH_RSA, der.bits(request.chance.randbytes(256)))
    outputs = {"certRequestPem": der.pem("CERTIFICATE REQUEST", signed), "keyAlgorithm": "RSA"}
    return PackageResource(hashlib.sha1(signed, usedforsecurity=False).hexdigest(), outputs)


def _name(subject: Mapping[str, Any]) -> bytes:
    """An X.501 name of the parts of a subject that the program gives."""
    parts = [
        der.block(0x31, der.sequence(der.oid(dotted), der.text(str(subject[key]))))
        for key, dotted in _ATTRIBUTES.items()
        if subject.get(key)
    ]
    return der.sequence(*parts)


def get_certificate(args: Mapping[str, Any]) -> dict[str, Any]:
    """The certificates behind an address, the root first: two, with fingerprints that follow from the address."""
    where = str(args.get("url") or args.get("content") or "")
    chain = [_found(where, level) for level in ("root", "leaf")]
    return {"id": hashlib.sha1(where.encode(), usedforsecurity=False).hexdigest(), "certificates": chain}


def _found(where: str, level: str) -> dict[str, Any]:
    chance = random.Random(f"{where} {level}")
    host = where.partition("://")[2].partition("/")[0] or where[:40]
    subject = f"CN={host}" if level == "leaf" else "CN=Mock Root CA"
    return {
        "certPem": "",
        "isCa": level == "root",
        "issuer": "CN=Mock Root CA",
        "maxPathLength": -1,
        "notBefore": NOW.isoformat().replace("+00:00", "Z"),
        "notAfter": (NOW + timedelta(days=365)).isoformat().replace("+00:00", "Z"),
        "publicKeyAlgorithm": "RSA",
        "serialNumber": str(chance.getrandbits(127)),
        "sha1Fingerprint": chance.randbytes(20).hex(),
        "signatureAlgorithm": "SHA256-RSA",
        "subject": subject,
        "version": 3,
    }


def get_public_key(args: Mapping[str, Any]) -> dict[str, Any]:
    """What belongs to a private key: its public half."""
    forms = public_forms_of(str(args.get("privateKeyPem") or args.get("privateKeyOpenssh") or ""))
    identity = hashlib.sha1(forms["publicKeyPem"].encode(), usedforsecurity=False).hexdigest()
    return {"id": identity, "algorithm": "RSA", **forms}


MAKERS: Final[Mapping[str, Callable[[PackageRequest], PackageResource]]] = {
    "tls:index/privateKey:PrivateKey": _private_key,
    "tls:index/selfSignedCert:SelfSignedCert": _self_signed,
    "tls:index/locallySignedCert:LocallySignedCert": _locally_signed,
    "tls:index/certRequest:CertRequest": _request,
}
