"""Elliptic curves, as far as PACE needs them: points are added, and multiplied from any generator.

cryptography's curves have one generator each and give only one coordinate of a shared point, so two steps of
PACE cannot be done with them: the point that the mapping shares, and a key on the new generator. Everything
else goes through cryptography. What is multiplied here is an ephemeral key, used once, beside a password that
is printed on the document: the time that it takes is not worth measuring (docs/protocols/emrtd.md).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec

from toegang.emrtd.faults import Fault, refuse

Point = tuple[int, int]
_Jacobian = tuple[int, int, int]
_UNCOMPRESSED: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A curve y2 = x3 + ax + b over a prime field, of prime order `n` with generator `g`.

    `number` is the identifier of ICAO9303-11-9.5.1.
    """

    name: str
    oid: str
    number: int
    native: type[ec.EllipticCurve]
    p: int = field(repr=False)
    a: int = field(repr=False)
    b: int = field(repr=False)
    g: Point = field(repr=False)
    n: int = field(repr=False)

    @property
    def size(self) -> int:
        """The octets of one coordinate."""
        return (self.p.bit_length() + 7) // 8

    def encode(self, point: Point) -> bytes:
        """TR03111-3.2.1: the uncompressed form of a point."""
        return bytes([_UNCOMPRESSED]) + point[0].to_bytes(self.size) + point[1].to_bytes(self.size)

    def decode(self, octets: bytes) -> Point:
        """TR03111-3.2.1: read the uncompressed form; the point MUST be on the curve.

        Raises:
            DocumentRefused: another form, or a point beside the curve.

        """
        if len(octets) != 1 + 2 * self.size or octets[0] != _UNCOMPRESSED:
            refuse(Fault.UNREADABLE, "not an uncompressed point")
        x, y = int.from_bytes(octets[1 : 1 + self.size]), int.from_bytes(octets[1 + self.size :])
        if x >= self.p or y >= self.p or (y * y - (x * x * x + self.a * x + self.b)) % self.p:
            refuse(Fault.ALGORITHM, "a point that is not on its curve")
        return x, y

    def public(self, private: int) -> Point:
        """Return the public half of a private key; the library multiplies its own generator, and evenly.

        Raises:
            DocumentRefused: a private key of nought.

        """
        if private % self.n == 0:
            refuse(Fault.ALGORITHM, "a point at infinity")
        numbers = ec.derive_private_key(private % self.n, self.native()).public_key().public_numbers()
        return numbers.x, numbers.y

    def agreed(self, private: int, public: Point) -> bytes:
        """TR03111-4.3.1: the secret that two keys share: one coordinate, as long as the field."""
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(self.native(), self.encode(public))
        return ec.derive_private_key(private, self.native()).exchange(ec.ECDH(), theirs)

    def multiply(self, factor: int, point: Point) -> Point:
        """Add a point to itself `factor` times.

        Raises:
            DocumentRefused: the sum is the point at infinity.

        """
        total: _Jacobian = (0, 1, 0)
        for bit in f"{factor % self.n:b}":
            total = self._double(total)
            if bit == "1":
                total = self._plus(total, (*point, 1))
        return self._affine(total)

    def add(self, first: Point, second: Point) -> Point:
        """Add two points.

        Raises:
            DocumentRefused: the sum is the point at infinity.

        """
        return self._affine(self._plus((*first, 1), (*second, 1)))

    def scalar(self, octets: bytes) -> int:
        """Return a private key from random octets, at least eight more than the order has.

        FIPS186-5-A.2.1: so many octets more make the remainder as good as even.
        """
        return 1 + int.from_bytes(octets) % (self.n - 1)

    def _double(self, point: _Jacobian) -> _Jacobian:
        x, y, z = point
        if not z or not y:
            return (0, 1, 0)
        p = self.p
        square = y * y % p
        s = 4 * x * square % p
        m = (3 * x * x + self.a * pow(z, 4, p)) % p
        doubled = (m * m - 2 * s) % p
        return doubled, (m * (s - doubled) - 8 * square * square) % p, 2 * y * z % p

    def _plus(self, first: _Jacobian, second: _Jacobian) -> _Jacobian:
        if not first[2]:
            return second
        if not second[2]:
            return first
        p = self.p
        (x1, y1, z1), (x2, y2, z2) = first, second
        zz1, zz2 = z1 * z1 % p, z2 * z2 % p
        u1, u2 = x1 * zz2 % p, x2 * zz1 % p
        s1, s2 = y1 * zz2 * z2 % p, y2 * zz1 * z1 % p
        if u1 == u2:
            return self._double(first) if s1 == s2 else (0, 1, 0)
        h, r = (u2 - u1) % p, (s2 - s1) % p
        hh = h * h % p
        hhh, v = h * hh % p, u1 * hh % p
        x = (r * r - hhh - 2 * v) % p
        return x, (r * (v - x) - s1 * hhh) % p, h * z1 * z2 % p

    def _affine(self, point: _Jacobian) -> Point:
        x, y, z = point
        if not z:
            refuse(Fault.ALGORITHM, "a point at infinity")
        inverse = pow(z, -1, self.p)
        square = inverse * inverse % self.p
        return x * square % self.p, y * square * inverse % self.p


P256: Final = Curve(
    name="secp256r1",
    oid="1.2.840.10045.3.1.7",
    number=12,
    native=ec.SECP256R1,
    p=0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF,
    a=0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFC,
    b=0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B,
    g=(
        0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
        0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
    ),
    n=0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
)
BRAINPOOL_P256: Final = Curve(
    name="brainpoolP256r1",
    oid="1.3.36.3.3.2.8.1.1.7",
    number=13,
    native=ec.BrainpoolP256R1,
    p=0xA9FB57DBA1EEA9BC3E660A909D838D726E3BF623D52620282013481D1F6E5377,
    a=0x7D5A0975FC2C3057EEF67530417AFFE7FB8055C126DC5C6CE94A4B44F330B5D9,
    b=0x26DC5C6CE94A4B44F330B5D9BBD77CBF958416295CF7E1CE6BCCDC18FF8C07B6,
    g=(
        0x8BD2AEB9CB7E57CB2C4B482FFC81B7AFB9DE27E1E3BD23C23A4453BD9ACE3262,
        0x547EF835C3DAC4FD97F8461A14611DC9C27745132DED8E545C1D54C72F046997,
    ),
    n=0xA9FB57DBA1EEA9BC3E660A909D838D718C397AA3B561A6F7901E0E82974856A7,
)
P384: Final = Curve(
    name="secp384r1",
    oid="1.3.132.0.34",
    number=15,
    native=ec.SECP384R1,
    p=int(
        "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEFFFFFFFF0000000000000000FFFFFFFF", 16
    ),
    a=int(
        "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEFFFFFFFF0000000000000000FFFFFFFC", 16
    ),
    b=int(
        "B3312FA7E23EE7E4988E056BE3F82D19181D9C6EFE8141120314088F5013875AC656398D8A2ED19D2A85C8EDD3EC2AEF", 16
    ),
    g=(
        int(
            "AA87CA22BE8B05378EB1C71EF320AD746E1D3B628BA79B9859F741E082542A38"
            "5502F25DBF55296C3A545E3872760AB7",
            16,
        ),
        int(
            "3617DE4A96262C6F5D9E98BF9292DC29F8F41DBD289A147CE9DA3113B5F0B8C0"
            "0A60B1CE1D7E819D7A431D7C90EA0E5F",
            16,
        ),
    ),
    n=int(
        "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973", 16
    ),
)
BRAINPOOL_P384: Final = Curve(
    name="brainpoolP384r1",
    oid="1.3.36.3.3.2.8.1.1.11",
    number=16,
    native=ec.BrainpoolP384R1,
    p=int(
        "8CB91E82A3386D280F5D6F7E50E641DF152F7109ED5456B412B1DA197FB71123ACD3A729901D1A71874700133107EC53", 16
    ),
    a=int(
        "7BC382C63D8C150C3C72080ACE05AFA0C2BEA28E4FB22787139165EFBA91F90F8AA5814A503AD4EB04A8C7DD22CE2826", 16
    ),
    b=int(
        "4A8C7DD22CE28268B39B55416F0447C2FB77DE107DCD2A62E880EA53EEB62D57CB4390295DBC9943AB78696FA504C11", 16
    ),
    g=(
        int(
            "1D1C64F068CF45FFA2A63A81B7C13F6B8847A3E77EF14FE3DB7FCAFE0CBD10E8"
            "E826E03436D646AAEF87B2E247D4AF1E",
            16,
        ),
        int(
            "8ABE1D7520F9C2A45CB1EB8E95CFD55262B70B29FEEC5864E19C054FF9912928"
            "0E4646217791811142820341263C5315",
            16,
        ),
    ),
    n=int(
        "8CB91E82A3386D280F5D6F7E50E641DF152F7109ED5456B31F166E6CAC0425A7CF3AB6AF6B7FC3103B883202E9046565", 16
    ),
)
BRAINPOOL_P512: Final = Curve(
    name="brainpoolP512r1",
    oid="1.3.36.3.3.2.8.1.1.13",
    number=17,
    native=ec.BrainpoolP512R1,
    p=int(
        "AADD9DB8DBE9C48B3FD4E6AE33C9FC07CB308DB3B3C9D20ED6639CCA70330871"
        "7D4D9B009BC66842AECDA12AE6A380E62881FF2F2D82C68528AA6056583A48F3",
        16,
    ),
    a=int(
        "7830A3318B603B89E2327145AC234CC594CBDD8D3DF91610A83441CAEA9863BC"
        "2DED5D5AA8253AA10A2EF1C98B9AC8B57F1117A72BF2C7B9E7C1AC4D77FC94CA",
        16,
    ),
    b=int(
        "3DF91610A83441CAEA9863BC2DED5D5AA8253AA10A2EF1C98B9AC8B57F1117A7"
        "2BF2C7B9E7C1AC4D77FC94CADC083E67984050B75EBAE5DD2809BD638016F723",
        16,
    ),
    g=(
        int(
            "81AEE4BDD82ED9645A21322E9C4C6A9385ED9F70B5D916C1B43B62EEF4D0098E"
            "FF3B1F78E2D0D48D50D1687B93B97D5F7C6D5047406A5E688B352209BCB9F822",
            16,
        ),
        int(
            "7DDE385D566332ECC0EABFA9CF7822FDF209F70024A57B1AA000C55B881F8111"
            "B2DCDE494A5F485E5BCA4BD88A2763AED1CA2B2FA8F0540678CD1E0F3AD80892",
            16,
        ),
    ),
    n=int(
        "AADD9DB8DBE9C48B3FD4E6AE33C9FC07CB308DB3B3C9D20ED6639CCA70330870"
        "553E5C414CA92619418661197FAC10471DB1D381085DDADDB58796829CA90069",
        16,
    ),
)
P521: Final = Curve(
    name="secp521r1",
    oid="1.3.132.0.35",
    number=18,
    native=ec.SECP521R1,
    p=int(
        "1FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"
        "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"
        "FFF",
        16,
    ),
    a=int(
        "1FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"
        "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"
        "FFC",
        16,
    ),
    b=int(
        "51953EB9618E1C9A1F929A21A0B68540EEA2DA725B99B315F3B8B489918EF109"
        "E156193951EC7E937B1652C0BD3BB1BF073573DF883D2C34F1EF451FD46B503F"
        "00",
        16,
    ),
    g=(
        int(
            "C6858E06B70404E9CD9E3ECB662395B4429C648139053FB521F828AF606B4D3D"
            "BAA14B5E77EFE75928FE1DC127A2FFA8DE3348B3C1856A429BF97E7E31C2E5BD"
            "66",
            16,
        ),
        int(
            "11839296A789A3BC0045C8A5FB42C7D1BD998F54449579B446817AFBD17273E6"
            "62C97EE72995EF42640C550B9013FAD0761353C7086A272C24088BE94769FD16"
            "650",
            16,
        ),
    ),
    n=int(
        "1FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"
        "FFA51868783BF2F966B7FCC0148F709A5D03BB5C9B8899C47AEBB6FB71E91386"
        "409",
        16,
    ),
)

CURVES: Final = (P256, BRAINPOOL_P256, P384, BRAINPOOL_P384, BRAINPOOL_P512, P521)
"""ICAO9303-11-9.5.1: what keys and PACE may use: NIST and Brainpool, 256 bits and more."""
