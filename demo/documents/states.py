"""A state: its authority (CSCA), the signers of its documents, and its list of revoked certificates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from demo.documents.encoding import bits, children, content, integer, oid, sequence, set_of, text

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
DOCUMENT_TYPES: Final = x509.ObjectIdentifier("2.23.136.1.1.6.2")
MASTER_LIST_SIGNER: Final = x509.ObjectIdentifier("2.23.136.1.1.3")
YEAR: Final = timedelta(days=365)
_SERIALS: Final = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a certificate is to say; an honest one by default, bent where a test wants it."""

    name: str
    country: str = "NL"
    begins: datetime
    ends: datetime
    ca: bool | None = None
    usages: frozenset[str] = frozenset({"digital_signature"})
    types: tuple[str, ...] | None = None
    purposes: tuple[x509.ObjectIdentifier, ...] = ()
    critical: x509.ObjectIdentifier | None = None
    hash: type[hashes.SHA256 | hashes.SHA384 | hashes.SHA512] = hashes.SHA256
    pss: bool = False
    explicit: bool = False


@dataclass(frozen=True, kw_only=True)
class Held:
    """A key with its certificate (DER)."""

    key: PrivateKey = field(repr=False)
    certificate: bytes = field(repr=False)

    @property
    def parsed(self) -> x509.Certificate:
        """The certificate, to be looked at."""
        return x509.load_der_x509_certificate(self.certificate)


@dataclass(frozen=True, kw_only=True)
class State:
    """One state: its authority and when it is."""

    authority: Held
    now: datetime
    country: str = "NL"

    @classmethod
    def founded(cls, now: datetime, country: str = "NL", key: PrivateKey | None = None) -> State:
        """Return a state with a new authority, five years old, for ten years more."""
        wish = authority_wish(now, country)
        return cls(authority=self_signed(key or elliptic(), wish), now=now, country=country)

    def signer(
        self, key: PrivateKey | None = None, change: Callable[[Wish], Wish] = lambda wish: wish
    ) -> Held:
        """Return a new signer of documents; `change` bends what its certificate says."""
        wish = Wish(
            name="Document signer, made up",
            country=self.country,
            begins=self.now - YEAR,
            ends=self.now + 11 * YEAR,
        )
        return certified(key or elliptic(), change(wish), self.authority)

    def next(self, key: PrivateKey | None = None) -> tuple[State, bytes]:
        """Return this state with its next key, and the link to it by the old one."""
        new = key or elliptic()
        wish = authority_wish(self.now, self.country)
        link = certified(new, wish, self.authority)
        return replace(self, authority=self_signed(new, wish)), link.certificate

    def revoked(
        self, *serials: int, at: datetime | None = None, lasts: timedelta = timedelta(days=90)
    ) -> bytes:
        """Return the list of revoked certificates (DER), of `at`, a day ago by default."""
        begins = at or self.now - timedelta(days=1)
        built = x509.CertificateRevocationListBuilder(
            issuer_name=self.authority.parsed.subject, last_update=begins, next_update=begins + lasts
        ).add_extension(x509.CRLNumber(7), critical=False)
        for serial in serials:
            built = built.add_revoked_certificate(
                x509.RevokedCertificateBuilder(serial_number=serial, revocation_date=begins).build()
            )
        return built.sign(self.authority.key, hashes.SHA256()).public_bytes(Encoding.DER)


def authority_wish(now: datetime, country: str) -> Wish:
    """Return what the certificate of an authority says."""
    return Wish(
        name="Authority, made up",
        country=country,
        begins=now - 5 * YEAR,
        ends=now + 15 * YEAR,
        ca=True,
        usages=frozenset({"key_cert_sign", "crl_sign"}),
    )


def elliptic(curve: type[ec.EllipticCurve] = ec.BrainpoolP256R1) -> ec.EllipticCurvePrivateKey:
    """Return a new key on a curve."""
    return ec.generate_private_key(curve())


def rivest(size: int = 2048) -> rsa.RSAPrivateKey:
    """Return a new RSA key of so many bits."""
    return rsa.generate_private_key(public_exponent=65537, key_size=size)


def public_octets(key: PrivateKey) -> bytes:
    """Return the public half as it stands in certificates."""
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def self_signed(key: PrivateKey, wish: Wish) -> Held:
    """Return a certificate by its own key."""
    return _made(key, wish, key, _name(wish))


def certified(key: PrivateKey, wish: Wish, by: Held) -> Held:
    """Return a certificate by another key."""
    return _made(key, wish, by.key, by.parsed.subject)


def _name(wish: Wish) -> x509.Name:
    country = x509.NameAttribute(x509.NameOID.COUNTRY_NAME, wish.country)
    return x509.Name([country, x509.NameAttribute(x509.NameOID.COMMON_NAME, wish.name)])


def _made(key: PrivateKey, wish: Wish, signing: PrivateKey, issuer: x509.Name) -> Held:
    built = x509.CertificateBuilder(
        issuer, _name(wish), key.public_key(), x509.random_serial_number(), wish.begins, wish.ends
    )
    for extension, critical in _extensions(key, wish, signing):
        built = built.add_extension(extension, critical=critical)
    mode = padding.PSS(padding.MGF1(wish.hash()), wish.hash().digest_size) if wish.pss else None
    certificate = built.sign(signing, wish.hash(), rsa_padding=mode)
    der = certificate.public_bytes(Encoding.DER)
    if wish.explicit:
        der = _spelled_out(certificate, key, signing, wish.hash())
    return Held(key=key, certificate=der)


def _extensions(key: PrivateKey, wish: Wish, signing: PrivateKey) -> list[tuple[x509.ExtensionType, bool]]:
    usage = dict.fromkeys(_USAGES, False) | dict.fromkeys(wish.usages, True)
    found: list[tuple[x509.ExtensionType, bool]] = [
        (x509.KeyUsage(**usage), True),
        (x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False),
        (x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key()), False),
    ]
    if wish.ca is not None:
        found.append((x509.BasicConstraints(ca=wish.ca, path_length=0 if wish.ca else None), True))
    if wish.types is not None:
        listed = sequence(integer(0), set_of(*(text(each) for each in wish.types)))
        found.append((x509.UnrecognizedExtension(DOCUMENT_TYPES, listed), False))
    if wish.purposes:
        found.append((x509.ExtendedKeyUsage(wish.purposes), True))
    if wish.critical is not None:
        found.append((x509.UnrecognizedExtension(wish.critical, b"\x05\x00"), True))
    return found


_USAGES: Final = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


def _spelled_out(
    certificate: x509.Certificate, key: PrivateKey, signing: PrivateKey, function: hashes.HashAlgorithm
) -> bytes:
    """Return the same certificate with the parameters of its curve written out, as authorities must."""
    if not isinstance(signing, ec.EllipticCurvePrivateKey):
        raise TypeError(signing)
    named = public_octets(key)
    body = sequence(content(certificate.tbs_certificate_bytes).replace(named, explicit_key(named)))
    kind = children(content(certificate.public_bytes(Encoding.DER)))[1]
    return sequence(body, kind, bits(signing.sign(body, ec.ECDSA(function))))


def explicit_key(named: bytes, generator: bytes | None = None) -> bytes:
    """Return a key on brainpoolP256r1, the curve written out; another generator makes another curve."""
    p, a, b, g, n = (bytes.fromhex(each) for each in _BRAINPOOL)
    prime = sequence(oid("1.2.840.10045.1.1"), integer(int.from_bytes(p, "big")))
    curve = sequence(_octets(a), _octets(b))
    order = integer(int.from_bytes(n, "big"))
    written = sequence(integer(1), prime, curve, _octets(generator or b"\x04" + g), order, integer(1))
    point = children(content(named))[1]
    return sequence(sequence(oid("1.2.840.10045.2.1"), written), point)


def parameters_of(key: ec.EllipticCurvePrivateKey) -> tuple[bytes, ...]:
    """Return the parameters of a key's curve, written out: p, a, b, generator, order and cofactor.

    Raises:
        TypeError: it is on another curve than brainpoolP256r1.

    """
    if not isinstance(key.curve, ec.BrainpoolP256R1):
        raise TypeError(key.curve.name)
    p, a, b, g, n = (bytes.fromhex(each) for each in _BRAINPOOL)
    return p, a, b, b"\x04" + g, n, b"\x01"


def _octets(value: bytes) -> bytes:
    return b"\x04" + bytes((len(value),)) + value


# RFC5639-3.4: p, a, b, generator and order.
_BRAINPOOL: Final = (
    "A9FB57DBA1EEA9BC3E660A909D838D726E3BF623D52620282013481D1F6E5377",
    "7D5A0975FC2C3057EEF67530417AFFE7FB8055C126DC5C6CE94A4B44F330B5D9",
    "26DC5C6CE94A4B44F330B5D9BBD77CBF958416295CF7E1CE6BCCDC18FF8C07B6",
    (
        "8BD2AEB9CB7E57CB2C4B482FFC81B7AFB9DE27E1E3BD23C23A4453BD9ACE3262"
        "547EF835C3DAC4FD97F8461A14611DC9C27745132DED8E545C1D54C72F046997"
    ),
    "A9FB57DBA1EEA9BC3E660A909D838D718C397AA3B561A6F7901E0E82974856A7",
)


def moment_of(at: datetime) -> str:
    """Return a moment as signed attributes have it."""
    return at.astimezone(UTC).strftime("%y%m%d%H%M%SZ")
