"""Key pairs in all the forms in which `pulumi_tls` gives them. They have the form of keys and open nothing."""

from __future__ import annotations

import base64
import hashlib
import random
from dataclasses import dataclass
from typing import Final

from lab_support.mock_packages import der

_RSA: Final = der.sequence(der.oid("1.2.840.113549.1.1.1"), der.block(0x05))
_ED25519: Final = der.sequence(der.oid("1.3.101.112"))
# Object identifier and bytes of a coordinate: RFC 5480, section 2.1.1.1.
_CURVES: Final = {
    "P224": ("1.3.132.0.33", 28),
    "P256": ("1.2.840.10045.3.1.7", 32),
    "P384": ("1.3.132.0.34", 48),
    "P521": ("1.3.132.0.35", 66),
}
_SSH_CURVES: Final = {"P256": "nistp256", "P384": "nistp384", "P521": "nistp521"}


@dataclass(frozen=True)
class KeyPair:
    """`public` is a SubjectPublicKeyInfo, `private` the PEM of the algorithm's own form, `ssh` SSH's public form."""

    algorithm: str
    public: bytes
    private: str
    pkcs8: str
    ssh: bytes
    ssh_private: str

    @property
    def public_forms(self) -> dict[str, str]:
        """The public half as the package's outputs name it."""
        return {"publicKeyPem": der.pem("PUBLIC KEY", self.public), **_ssh_forms(self.ssh)}


def key_pair(algorithm: str, chance: random.Random, rsa_bits: int = 2048, curve: str = "P224") -> KeyPair:
    """A key pair of this algorithm (RSA, ECDSA or ED25519) made of chance."""
    if algorithm == "ED25519":
        return _ed25519(chance)
    if algorithm == "ECDSA":
        return _ecdsa(chance, curve if curve in _CURVES else "P224")
    return _rsa(chance, rsa_bits)


def public_of(private_pem: str) -> bytes:
    """The SubjectPublicKeyInfo that belongs to a private key in PEM; derived from its text where it is not RSA's."""
    return _rsa_public(*_public_numbers(private_pem))


def public_forms_of(private_pem: str) -> dict[str, str]:
    """The public half of a private key in PEM, as the package's outputs name it."""
    modulus, exponent = _public_numbers(private_pem)
    ssh = _ssh(b"ssh-rsa", _mpint(exponent), _mpint(modulus))
    return {"publicKeyPem": der.pem("PUBLIC KEY", _rsa_public(modulus, exponent)), **_ssh_forms(ssh)}


def _public_numbers(private_pem: str) -> tuple[int, int]:
    if "BEGIN RSA PRIVATE KEY" in private_pem:
        numbers = der.integers_in(der.from_pem(private_pem) or der.sequence())
        if len(numbers) > 2:
            return numbers[1], numbers[2]
    return _number(random.Random(private_pem), 2048), 65537


def _ssh_forms(ssh: bytes) -> dict[str, str]:
    """A public key as SSH writes it, and its fingerprints; P-224 is a curve that SSH does not know."""
    if not ssh:
        return dict.fromkeys(
            ("publicKeyOpenssh", "publicKeyFingerprintMd5", "publicKeyFingerprintSha256"), ""
        )
    kind = ssh[4 : 4 + int.from_bytes(ssh[:4], "big")].decode()
    sha256 = base64.b64encode(hashlib.sha256(ssh).digest()).decode().rstrip("=")
    return {
        "publicKeyOpenssh": f"{kind} {base64.b64encode(ssh).decode()}\n",
        "publicKeyFingerprintMd5": hashlib.md5(ssh, usedforsecurity=False).digest().hex(":"),
        "publicKeyFingerprintSha256": f"SHA256:{sha256}",
    }


def _rsa(chance: random.Random, size: int) -> KeyPair:
    modulus, exponent = _number(chance, size), 65537
    secret = _number(chance, size)
    parts = [_number(chance, size // 2) for _ in range(5)]
    own = der.sequence(*map(der.integer, (0, modulus, exponent, secret, *parts)))
    ssh = _ssh(b"ssh-rsa", _mpint(exponent), _mpint(modulus))
    first, second, *_, inverse = parts
    private = b"".join(map(_mpint, (modulus, exponent, secret, inverse, first, second)))
    return KeyPair(
        "RSA",
        _rsa_public(modulus, exponent),
        der.pem("RSA PRIVATE KEY", own),
        _pkcs8(_RSA, own),
        ssh,
        _openssh(ssh, _ssh(b"ssh-rsa") + private, chance),
    )


def _rsa_public(modulus: int, exponent: int) -> bytes:
    return der.sequence(_RSA, der.bits(der.sequence(der.integer(modulus), der.integer(exponent))))


def _ecdsa(chance: random.Random, curve: str) -> KeyPair:
    name, size = _CURVES[curve]
    scalar, point = chance.randbytes(size), b"\x04" + chance.randbytes(2 * size)
    algorithm = der.sequence(der.oid("1.2.840.10045.2.1"), der.oid(name))
    own = der.sequence(
        der.integer(1), der.octets(scalar), der.block(0xA0, der.oid(name)), der.block(0xA1, der.bits(point))
    )
    ssh_curve = _SSH_CURVES.get(curve, "").encode()
    kind = b"ecdsa-sha2-" + ssh_curve
    ssh = _ssh(kind, _string(ssh_curve), _string(point)) if ssh_curve else b""
    private = _ssh(kind, _string(ssh_curve), _string(point), _string(scalar))
    return KeyPair(
        "ECDSA",
        der.sequence(algorithm, der.bits(point)),
        der.pem("EC PRIVATE KEY", own),
        _pkcs8(algorithm, own),
        ssh,
        _openssh(ssh, private, chance) if ssh else "",
    )


def _ed25519(chance: random.Random) -> KeyPair:
    seed, point = chance.randbytes(32), chance.randbytes(32)
    ssh = _ssh(b"ssh-ed25519", _string(point))
    pkcs8 = _pkcs8(_ED25519, der.octets(seed))
    private = _ssh(b"ssh-ed25519", _string(point), _string(seed + point))
    return KeyPair(
        "ED25519", der.sequence(_ED25519, der.bits(point)), pkcs8, pkcs8, ssh, _openssh(ssh, private, chance)
    )


def _number(chance: random.Random, size: int) -> int:
    """An odd number of exactly so many bits."""
    return chance.getrandbits(size) | 1 << (size - 1) | 1


def _pkcs8(algorithm: bytes, own: bytes) -> str:
    return der.pem("PRIVATE KEY", der.sequence(der.integer(0), algorithm, der.octets(own)))


def _string(content: bytes) -> bytes:
    return len(content).to_bytes(4, "big") + content


def _mpint(number: int) -> bytes:
    return _string(number.to_bytes(number.bit_length() // 8 + 1, "big"))


def _ssh(kind: bytes, *parts: bytes) -> bytes:
    return _string(kind) + b"".join(parts)


def _openssh(public: bytes, private: bytes, chance: random.Random) -> str:
    """OpenSSH's file format for one key without a passphrase (openssh-portable, PROTOCOL.key)."""
    check = chance.randbytes(4)
    body = check + check + private + _string(b"")
    body += bytes(range(1, 1 + -len(body) % 8))
    head = b"openssh-key-v1\0" + _string(b"none") + _string(b"none") + _string(b"")
    return der.pem("OPENSSH PRIVATE KEY", head + (1).to_bytes(4, "big") + _string(public) + _string(body))
