"""Keys and certificates: other tools can read them."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
import ssl
import subprocess
from typing import Any

import pytest

from lab_support.mock_packages.package_request import PackageRequest, PackageResource
from lab_support.mock_packages.tls_values import MAKERS, get_certificate, get_public_key

needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
ALGORITHMS = [
    {"algorithm": "RSA"},
    {"algorithm": "RSA", "rsaBits": 4096},
    {"algorithm": "ECDSA", "ecdsaCurve": "P256"},
    {"algorithm": "ED25519"},
]


def made(kind: str, /, **inputs: Any) -> PackageResource:
    token = f"tls:index/{kind[0].lower()}{kind[1:]}:{kind}"
    return MAKERS[token](PackageRequest(token, f"urn:pulumi:dev::p::{token}::it", inputs))


def openssl(text: str, *arguments: str) -> str:
    done = subprocess.run(["openssl", *arguments], input=text, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


class TestPrivateKey:
    @pytest.mark.parametrize("inputs", ALGORITHMS, ids=str)
    def test_the_private_forms_are_secret(self, inputs: dict[str, Any]) -> None:
        key = made("PrivateKey", **inputs)
        assert key.secrets == {"privateKeyPem", "privateKeyPemPkcs8", "privateKeyOpenssh"}
        assert "PRIVATE" not in "".join(str(v) for k, v in key.outputs.items() if k not in key.secrets)

    @pytest.mark.parametrize("inputs", ALGORITHMS, ids=str)
    @needs_openssl
    def test_openssl_reads_the_public_one(self, inputs: dict[str, Any]) -> None:
        text = openssl(
            made("PrivateKey", **inputs).outputs["publicKeyPem"], "asn1parse", "-in", "/dev/stdin", "-i"
        )
        assert {"RSA": "rsaEncryption", "ECDSA": "id-ecPublicKey", "ED25519": "ED25519"}[
            inputs["algorithm"]
        ] in text

    @needs_openssl
    def test_openssl_reads_the_private_one(self) -> None:
        text = openssl(made("PrivateKey", algorithm="RSA").outputs["privateKeyPem"], "rsa", "-text", "-noout")
        assert "2048 bit" in text

    @pytest.mark.parametrize(
        ("inputs", "begins"),
        [
            (ALGORITHMS[0], "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ"),
            (ALGORITHMS[2], "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBB"),
            (ALGORITHMS[3], "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI"),
            ({"algorithm": "ECDSA"}, ""),
        ],
        ids=str,
    )
    def test_ssh_has_its_own_form(self, inputs: dict[str, Any], begins: str) -> None:
        """What every key of a kind begins with (RFC 4253, 5656, 8709); SSH does not know P-224."""
        outputs = made("PrivateKey", **inputs).outputs
        assert outputs["publicKeyOpenssh"].startswith(begins)
        assert bool(outputs["publicKeyOpenssh"]) == bool(begins)

    def test_the_fingerprints_are_those_of_the_key(self) -> None:
        outputs = made("PrivateKey", algorithm="ED25519").outputs
        blob = base64.b64decode(outputs["publicKeyOpenssh"].split()[1])
        assert outputs["publicKeyFingerprintMd5"] == hashlib.md5(blob).digest().hex(":")
        assert re.fullmatch(r"SHA256:[A-Za-z0-9+/]{43}", outputs["publicKeyFingerprintSha256"])

    def test_its_public_half_can_be_asked_for(self) -> None:
        key = made("PrivateKey", algorithm="RSA").outputs
        found = get_public_key({"privateKeyPem": key["privateKeyPem"]})
        assert found["publicKeyPem"] == key["publicKeyPem"]
        assert found["publicKeyOpenssh"] == key["publicKeyOpenssh"]


class TestCertificate:
    def test_python_reads_a_self_signed_one(self) -> None:
        key = made("PrivateKey", algorithm="RSA").outputs["privateKeyPem"]
        certificate = made(
            "SelfSignedCert",
            privateKeyPem=key,
            subject={"commonName": "alerts.example", "organization": "Agency"},
            validityPeriodHours=24,
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(cadata=certificate.outputs["certPem"])
        assert context.cert_store_stats()["x509"] == 1
        assert certificate.outputs["validityEndTime"] == "2026-01-02T00:00:00Z"

    @needs_openssl
    def test_it_names_its_subject_and_its_time(self) -> None:
        certificate = made(
            "SelfSignedCert", privateKeyPem="x", subject={"commonName": "a.example"}, validityPeriodHours=24
        )
        text = openssl(certificate.outputs["certPem"], "x509", "-noout", "-subject", "-issuer", "-enddate")
        assert "subject=CN = a.example" in text.replace("CN=", "CN = ")
        assert "notAfter=Jan  2 00:00:00 2026 GMT" in text

    @needs_openssl
    def test_a_certificate_request_is_one_that_openssl_reads(self) -> None:
        request = made("CertRequest", privateKeyPem="x", subject={"commonName": "a.example"})
        text = openssl(request.outputs["certRequestPem"], "req", "-noout", "-subject")
        assert "a.example" in text

    def test_those_behind_an_address_begin_with_the_root(self) -> None:
        found = get_certificate({"url": "https://oidc.example/id"})["certificates"]
        assert [certificate["isCa"] for certificate in found] == [True, False]
        assert all(re.fullmatch("[0-9a-f]{40}", certificate["sha1Fingerprint"]) for certificate in found)
        assert found[1]["subject"] == "CN=oidc.example"
