"""The rooms' doors, filled: one function per room, in the order of the arrows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from toegang.app.companions import companions, linked_means
from toegang.app.ground import read_text
from toegang.app.mail import mail_post, misuse_box
from toegang.app.mutual_tls import mutual_tls
from toegang.app.systems import known_pseudonyms
from toegang.app.tokens import access_tokens, all_tokens, endings, system_tokens
from toegang.assurance import Level, Scheme, name_of
from toegang.catalogue.values import ClientId, MeansId, ServiceId
from toegang.identity.enrolment import Enrolment
from toegang.keys.ring import Use
from toegang.keys.secret import FindingKey, SealingKey
from toegang.means.citizen import records
from toegang.means.citizen.accounts import Accounts
from toegang.means.citizen.desk import AccountKeys, Desk, Memory
from toegang.means.citizen.hashing import Hasher
from toegang.means.citizen.policy import Limit, Policy
from toegang.means.citizen.posting import Posting
from toegang.means.citizen.throttle import Tallies, Tally
from toegang.means.kinds import APP, CARD, PASSKEY
from toegang.oidc.discovery import Endpoints, ProviderMetadata, metadata_document
from toegang.oidc.dpop import Nonces
from toegang.post.budget import Limits, SmsBudget
from toegang.post.letter import LetterPost
from toegang.post.sms import SmsPost
from toegang.provider.oidc.admit import CLAIMS, Admission, Pushed
from toegang.provider.oidc.backchannel import BackChannel
from toegang.provider.oidc.issue import Issuance
from toegang.provider.oidc.logout import Logout
from toegang.provider.oidc.possession import Possessions
from toegang.provider.oidc.posted import PostedRequests
from toegang.provider.oidc.pushed import PushedRequests
from toegang.provider.oidc.userinfo import UserInfo
from toegang.provider.own import MyAccount, Stay
from toegang.registers.population_http import HttpPopulation
from toegang.reports.counting import Reports
from toegang.storage import ExpiringStore, PeopleStore
from toegang.storage.accounts import AccountTable, DeviceTable
from toegang.storage.figures import FactTables
from toegang.storage.grants import GrantsStore
from toegang.storage.holds import HoldTable
from toegang.storage.outbox import SmsCounts
from toegang.web.rooms import OpenId

if TYPE_CHECKING:
    from collections.abc import Mapping

    from toegang.app.ground import Ground
    from toegang.catalogue.watch import Catalogue
    from toegang.login.flow import Logins
    from toegang.means.base import MeansKind
    from toegang.means.external.linking import Linking
    from toegang.means.passkey.known_models import KnownModels
    from toegang.provider.linking import LinkProposals


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """What is known of persons: who they are to us, and what the register says."""

    enrolment: Enrolment
    population: HttpPopulation


def people(ground: Ground) -> People:
    """Open identity and the population register."""
    settings, secrets = ground.settings, ground.secrets
    return People(
        enrolment=Enrolment(
            people=PeopleStore(ground.database),
            sealing=SealingKey.derive({1: secrets.seal}, "bsn"),
            finding=FindingKey.derive(secrets.find, "bsn"),
            ids=ground.ids,
        ),
        population=HttpPopulation(
            outbound=ground.outbound,
            clock=ground.clock,
            url=settings.population.url,
            secret=read_text(settings.population.token_file),
        ),
    )


def citizen(ground: Ground, known: People) -> Accounts:
    """Open the citizen account."""
    settings, secrets = ground.settings, ground.secrets
    prefixes = frozenset(f"+{country}" for country in settings.sms.countries)
    short = Limit(most=settings.sms.per_minute, window=timedelta(minutes=1))
    policy = Policy(telephone_prefixes=prefixes, sms_short=short)
    keys = AccountKeys.derive({1: secrets.seal}, secrets.find)
    memory = _memory(ground)
    tallies = Tallies(store=memory.tallies)
    limits = Limits(
        hour=settings.sms.per_hour, prefixes=dict.fromkeys(prefixes, (settings.sms.per_hour, 200000))
    )
    posting = Posting(
        sms=SmsPost(
            outbox=ground.outbox,
            budget=SmsBudget(counters=SmsCounts(ground.database), limits=limits),
            ids=ground.ids,
            host=settings.hub.issuer.partition("://")[2],
        ),
        letters=LetterPost(outbox=ground.outbox, ids=ground.ids),
        tallies=tallies,
        hashes=keys.code_hash,
        numbers=keys.numbers,
        ids=ground.ids,
        policy=policy,
        address=settings.hub.issuer,
        mails=mail_post(ground),
        misuse=misuse_box(settings),
    )
    return Accounts.at(
        Desk(
            means=MeansId(settings.hub.citizen_means),
            units=ground.units,
            accounts=AccountTable(ground.database),
            devices=DeviceTable(ground.database),
            holds=HoldTable(ground.database),
            companions=companions(ground.database, ground.trail),
            links=linked_means(ground.database, ground.trail, ground.outbox, ground.ids),
            memory=memory,
            tallies=tallies,
            enrolment=known.enrolment,
            population=known.population,
            posting=posting,
            outbox=ground.outbox,
            trail=ground.trail,
            hasher=Hasher({1: FindingKey.derive(secrets.passwords, "password pepper")}),
            ids=ground.ids,
            keys=keys,
            policy=policy,
        )
    )


def _memory(ground: Ground) -> Memory:
    database = ground.database
    return Memory(
        sign_ins=ExpiringStore(database, "citizen-sign-in", records.SignIn),
        applications=ExpiringStore(database, "citizen-application", records.Application),
        recoveries=ExpiringStore(database, "citizen-recovery", records.Recovery),
        number_changes=ExpiringStore(database, "citizen-number-change", records.NumberChange),
        mail_changes=ExpiringStore(database, "citizen-mail-change", records.MailChange),
        letter_codes=ExpiringStore(database, "citizen-letter-code", records.LetterCode),
        desk_codes=ExpiringStore(database, "citizen-desk-code", records.DeskCode),
        tallies=ExpiringStore(database, "citizen-tally", Tally),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """What is opened once and used in more than one place.

    The stores are those of the answerers and the endpoints of the OpenID provider; `models` are known to
    passkeys, and looked after by a loop.
    """

    grants: GrantsStore
    pushed: ExpiringStore[Pushed]
    seen: ExpiringStore[str]
    models: KnownModels


def shared(ground: Ground, models: KnownModels) -> Shared:
    """Open the stores."""
    return Shared(
        models=models,
        grants=GrantsStore(ground.database),
        pushed=ExpiringStore(ground.database, "oidc-pushed", Pushed),
        seen=ExpiringStore(ground.database, "oidc-seen", str),
    )


def own_service(ground: Ground, catalogue: Catalogue) -> MyAccount:
    """Open My account as a service of the hub."""
    hub = ground.settings.hub
    return MyAccount(
        service=ServiceId(UUID(hub.account_service)),
        client=ClientId(hub.account_client),
        means=MeansId(hub.citizen_means),
        catalogue=catalogue,
        tickets=ExpiringStore(ground.database, "own-ticket", Stay),
        stays=ExpiringStore(ground.database, "own-stay", Stay),
        ids=ground.ids,
        lifetime=timedelta(seconds=ground.settings.login.session_lifetime),
        kinds=frozenset({APP, PASSKEY}),
        clerks=frozenset({CARD}),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Doors:
    """The means that logins can be done with, by the word for their kind, and how accounts are linked."""

    kinds: Mapping[str, MeansKind]
    linking: Linking
    proposals: LinkProposals


def reports(ground: Ground) -> Reports:
    """Open the figures."""
    return Reports(units=ground.units, trail=ground.trail, facts=FactTables(database=ground.database))


def openid(ground: Ground, catalogue: Catalogue, known: People, stores: Shared, door: Logins) -> OpenId:
    """Open the OpenID provider."""
    issuer, endpoints = ground.settings.hub.issuer, _endpoints(ground.settings.hub.issuer)
    nonces = Nonces(key=ground.secrets.token_key("dpop nonce"))
    issuance = Issuance(
        issuer=issuer,
        catalogue=catalogue,
        keys=ground.keys,
        access=access_tokens(ground, stores, catalogue, endpoints),
    )
    back = BackChannel(
        issuer=issuer,
        token_endpoint=endpoints.token,
        catalogue=catalogue,
        units=ground.units,
        seen=stores.seen,
        trail=ground.trail,
        nonces=nonces,
    )
    admission = Admission(
        issuer=issuer,
        catalogue=catalogue,
        keys=ground.keys,
        pushed=stores.pushed,
        grants=stores.grants,
        names=known_pseudonyms(ground),
        units=ground.units,
        trail=ground.trail,
    )
    userinfo = UserInfo(
        url=endpoints.userinfo,
        issuance=issuance,
        logins=door,
        enrolment=known.enrolment,
        population=known.population,
        possessions=(possessions := Possessions(nonces=nonces, back=back)),
    )
    systems = system_tokens(ground, issuance, back, possessions)
    tokens = all_tokens(ground, stores, door, issuance, systems)
    return OpenId(
        issuer=issuer,
        back_channel=ground.settings.hub.back_channel,
        metadata=_metadata(ground, endpoints),
        keys=ground.keys,
        admission=admission,
        posted=_posted(ground),
        pushed=PushedRequests(
            units=ground.units,
            back=back,
            admission=admission,
            pushed=stores.pushed,
            trail=ground.trail,
            ids=ground.ids,
        ),
        tokens=tokens,
        userinfo=userinfo,
        endings=endings(tokens),
        logout=Logout(issuance=issuance),
    )


def _endpoints(issuer: str) -> Endpoints:
    return Endpoints(
        authorization=f"{issuer}/oidc/authorize",
        pushed=f"{issuer}/oidc/par",
        token=f"{issuer}/oidc/token",
        userinfo=f"{issuer}/oidc/userinfo",
        jwks=f"{issuer}/oidc/jwks",
        introspection=f"{issuer}/oidc/introspect",
        revocation=f"{issuer}/oidc/revoke",
        end_session=f"{issuer}/oidc/logout",
    )


def _posted(ground: Ground) -> PostedRequests:
    kept = ExpiringStore(ground.database, "oidc-posted", str)
    return PostedRequests(units=ground.units, kept=kept, ids=ground.ids)


def _metadata(ground: Ground, endpoints: Endpoints) -> dict[str, object]:
    ring, now, wire = ground.keys.ring(), ground.clock.now(), mutual_tls(ground.settings)
    own = ("sub", "acr", "auth_time", "sid", "nonce", "reference")
    return metadata_document(
        ProviderMetadata(
            issuer=ground.settings.hub.issuer,
            endpoints=endpoints,
            scopes=("openid", "profile", "offline_access"),
            claims=(*own, *CLAIMS.values()),
            acr_values=tuple(n for level in Level if (n := name_of(level, Scheme.EIDAS))),
            ui_locales=("nl", "en"),
            subject_types=("pairwise",),
            signing_algorithms=ring.algorithms(Use.SIGNING, now),
            encryption_algorithms=ring.algorithms(Use.ENCRYPTION, now),
            client_certificates=wire.offered,
            back_channel=wire.back_channel,
        )
    )
