"""The figures that the norm works out, one by one: what others compute, we compute too."""

from __future__ import annotations

import hashlib

import pytest

from toegang.emrtd import bac, pace
from toegang.emrtd.access import AccessKey, Printed
from toegang.emrtd.apdu import Command, Response, read_on, select_file
from toegang.emrtd.ciphers import AUTHENTICATION, ENCRYPTION, PASSWORD, Suite
from toegang.emrtd.curves import BRAINPOOL_P256
from toegang.emrtd.mrz import Mrz
from toegang.emrtd.secure_messaging import Channel
from toegang.emrtd.security_infos import parse

octets = bytes.fromhex
ERIKSSON = Mrz.parse(
    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<L898902C<3UTO6908061F9406236ZE184226B<<<<<14"
)
CHALLENGES = octets("781723860C06C226") + octets("0B795240CB7049B01C19B33E32804F0B")


def channel_of_the_example() -> Channel:
    return Channel(
        suite=Suite.TDES,
        encryption=octets("979EC13B1CBFE9DCD01AB0FED307EAE5"),
        authentication=octets("F1CB1F1FB5ADF208806B89DC579DC1F8"),
        counter=0x887022120C06C226,
    )


@pytest.mark.requires("ICAO9303-11-D.1", "ICAO9303-11-D.2", "ICAO9303-11-9.7.1", "ICAO9303-11-9.7.2")
def test_keys_come_from_what_is_printed() -> None:
    assert ERIKSSON.key.information == "L898902C<369080619406236"
    assert ERIKSSON.key.seed == octets("239AB9CB282DAF66231DC5A4DF6BFBAE")
    assert Suite.TDES.derive(ERIKSSON.key.seed, ENCRYPTION) == octets("AB94FDECF2674FDFB9B391F85D7F76F2")
    assert Suite.TDES.derive(ERIKSSON.key.seed, AUTHENTICATION) == octets("7962D9ECE03D1ACD4C76089DCE131543")


@pytest.mark.requires("ICAO9303-11-D.3", "ICAO9303-11-4.3.1", "ICAO9303-11-4.3.3.2")
def test_basic_access_says_and_believes_what_the_norm_does() -> None:
    begun, command = bac.begin(ERIKSSON.key, Response.parse(octets("4608F919887022129000")), CHALLENGES)
    assert command.encode() == octets(
        "008200002872C29C2371CC9BDB65B779B8E8D37B29ECC154AA56A8799FAE2F498F76ED92F25F1448EEA8AD90A728"
    )
    answer = octets("46B9342A41396CD7386BF5803104D7CEDC122B9132139BAF2EEDC94EE178534F2F2D235D074D74499000")
    assert bac.finish(begun, Response.parse(answer)) == channel_of_the_example()


@pytest.mark.requires("ICAO9303-11-D.4", "ICAO9303-11-9.8.4")
def test_a_file_is_chosen_and_read_in_the_channel_of_the_norm() -> None:
    channel, sent = channel_of_the_example().protect(select_file(0x011E))
    assert sent.encode() == octets("0CA4020C158709016375432908C044F68E08BF8B92D635FF24F800")
    channel, response = channel.open(Response.parse(octets("990290008E08FA855A5D4C50A8ED9000")))
    assert response == Response(status=0x9000)
    channel, sent = channel.protect(read_on(0, 4))
    assert sent.encode() == octets("0CB000000D9701048E08ED6705417E96BA5500")
    channel, response = channel.open(
        Response.parse(octets("8709019FF0EC34F9922651990290008E08AD55CC17140B2DED9000"))
    )
    assert response.data == octets("60145F01")
    channel, sent = channel.protect(read_on(4, 18))
    assert sent.encode() == octets("0CB000040D9701128E082EA28A70F3C7B53500")
    answer = "871901FB9235F4E4037F2327DCC8964F1F9B8C30F42C8E2FFF224A990290008E08C8B2787EAEA07D749000"
    _, response = channel.open(Response.parse(octets(answer)))
    assert response.data == octets("04303130365F36063034303030305C026175")


T22000129 = AccessKey(printed=Printed.MRZ, information="T22000129364081251010318")
CARD_ACCESS = octets("31143012060A04007F0007020204020202010202010D")
CHIP_MAP = (
    "824FBA91C9CBE26BEF53A0EBE7342A3BF178CEA9F45DE0B70AA601651FBA3F57"
    "30D8C879AAA9C9F73991E61B58F4D52EB87A0A0C709A49DC63719363CCD13C54"
)
OUR_MAP = (
    "7ACF3EFC982EC45565A4B155129EFBC74650DCBFA6362D896FC70262E0C2CC5E"
    "544552DCB6725218799115B55C9BAA6D9F6BC3A9618E70C25AF71777A9C4922D"
)
OUR_KEY = (
    "2DB7A64C0355044EC9DF190514C625CBA2CEA48754887122F3A5EF0D5EDD301C"
    "3556F3B3B186DF10B857B58F6A7EB80F20BA5DC7BE1D43D9BF850149FBB36462"
)
CHIP_KEY = (
    "9E880F842905B8B3181F7AF7CAA9F0EFB743847F44A306D2D28C1D9EC65DF6DB"
    "7764B22277A2EDDC3C265A9F018F9CB852E111B768B326904B59A0193776F094"
)
PRIVATE_MAP = 0x7F4EF07B9EA82FD78AD689B38D0BC78CF21F249D953BC46F4C6E19259C010F99
PRIVATE_KEY = 0xA73FB703AC1436A18E0CFA5ABB3F7BEC7A070E7A6788486BEE230C4A22762595


def answered(data: str) -> Response:
    return Response(data=octets(data), status=0x9000)


@pytest.mark.requires("ICAO9303-11-G.1", "ICAO9303-11-9.7.3")
def test_the_password_of_pace_comes_from_what_is_printed() -> None:
    assert T22000129.password == octets("7E2D2A41C74EA0B38CD36F863939BFA8E9032AAD")
    assert Suite.AES128.derive(T22000129.password, PASSWORD) == octets("89DED1B26624EC1E634C1989302849DD")


@pytest.mark.requires(
    "ICAO9303-11-G.1", "ICAO9303-11-4.4.1", "ICAO9303-11-4.4.3.3", "ICAO9303-11-4.4.3.4", "ICAO9303-11-9.2.1"
)
def test_pace_says_and_believes_what_the_norm_does() -> None:
    way = pace.choose(parse(CARD_ACCESS))
    assert (way.suite, way.curve) == (Suite.AES128, BRAINPOOL_P256)
    assert pace.set_up(way, T22000129).encode() == octets("0022C1A40F800A04007F00070202040202830101")
    assert pace.ask_nonce(answered("")).encode() == octets("10860000027C0000")

    nonce = answered("7C12801095A3A016522EE98D01E76CB6B98B42C3")
    mapping, command = pace.map_nonce(way, T22000129, nonce, PRIVATE_MAP)
    assert mapping.nonce == octets("3F00C4D39D153F2B2A214A078D899B22")
    assert command.encode() == octets(f"10860000457C43814104{OUR_MAP}00")

    agreement, command = pace.agree(mapping, answered(f"7C43824104{CHIP_MAP}"), PRIVATE_KEY)
    assert command.encode() == octets(f"10860000457C43834104{OUR_KEY}00")

    confirmation, command = pace.confirm(agreement, answered(f"7C43844104{CHIP_KEY}"))
    assert confirmation.channel.encryption == octets("F5F0E35C0D7161EE6724EE513A0D9A7F")
    assert confirmation.channel.authentication == octets("FE251C7858B356B24514B3BD5F4297D1")
    assert command.encode() == octets("008600000C7C0A8508C2B0BD78D94BA86600")

    channel = pace.finish(confirmation, answered("7C0A86083ABB9674BCE93C08"))
    assert channel.counter == 0


@pytest.mark.requires("ICAO9303-11-4.4.3.3")
def test_the_generator_is_mapped_as_in_the_norm() -> None:
    curve = BRAINPOOL_P256
    shared = curve.multiply(PRIVATE_MAP, curve.decode(octets("04" + CHIP_MAP)))
    nonce = 0x3F00C4D39D153F2B2A214A078D899B22
    assert shared[0] == 0x60332EF2450B5D247EF6D3868397D398852ED6E8CAF6FFEEF6BF85CA57057FD5
    assert curve.encode(curve.add(curve.multiply(nonce, curve.g), shared)) == octets(
        "04"
        "8CED63C91426D4F0EB1435E7CB1D74A46723A0AF21C89634F65A9AE87A9265E2"
        "8C879506743F8611AC33645C5B985C80B5F09A0B83407C1B6A4D857AE76FE522"
    )


@pytest.mark.requires("ICAO9303-11-9.7.1")
@pytest.mark.parametrize(
    ("suite", "function", "size"),
    [(Suite.AES128, "sha1", 16), (Suite.AES192, "sha256", 24), (Suite.AES256, "sha256", 32)],
)
def test_longer_keys_come_from_a_longer_hash(suite: Suite, function: str, size: int) -> None:
    expected = hashlib.new(function, b"secret\x00\x00\x00\x01", usedforsecurity=False).digest()[:size]
    assert suite.derive(b"secret", ENCRYPTION) == expected


def test_a_command_is_short_where_it_fits_and_extended_where_it_does_not() -> None:
    assert Command(ins=0x84).encode() == octets("00840000")
    assert Command(ins=0x84, expected=256).encode() == octets("0084000000")
    assert Command(ins=0x84, expected=257).encode() == octets("00840000000101")
    assert Command(ins=0x84, data=b"x", expected=65536).encode() == octets("00840000000001780000")
    assert Command(ins=0x84, data=bytes(256)).encode()[:7] == octets("00840000000100")
