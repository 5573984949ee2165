"""The doors that handlers may use, filled once by app; handlers get nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from toegang.web.unproven import Unproven

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from toegang.catalogue.partners.door import Cockpit
    from toegang.catalogue.partners.uploads import Uploads
    from toegang.catalogue.watch import Catalogue
    from toegang.clock import Clock
    from toegang.ids import Ids
    from toegang.keys.files import KeyDirectory
    from toegang.login.floor import OwnFloor
    from toegang.login.flow import Logins
    from toegang.mandates.clients import Clients
    from toegang.mandates.desk.door import MandatesAtDesk
    from toegang.mandates.drafts import Drafts
    from toegang.mandates.explaining import Explaining
    from toegang.mandates.gathering import Gathering
    from toegang.mandates.helping import HelpingInCatalogue
    from toegang.mandates.jobs import Jobs
    from toegang.mandates.names import Names
    from toegang.mandates.numbers import Numbers
    from toegang.mandates.proposing import FourEyes
    from toegang.mandates.rechecking import Rechecking
    from toegang.mandates.register import Mandates
    from toegang.mandates.searching import ByName
    from toegang.mandates.standing_in import StandingIn
    from toegang.mandates.stores import Mandatable
    from toegang.mandates.teams import Teams
    from toegang.mandates.voluntary import Voluntary
    from toegang.means.app.apps import Apps
    from toegang.means.card.cards import OwnCards
    from toegang.means.citizen.accounts import Accounts
    from toegang.means.document.checks import Checks
    from toegang.means.external.linking import Linking
    from toegang.means.listed import Lister
    from toegang.means.oidc.kind import OidcMeans
    from toegang.means.passkey.passkeys import Passkeys
    from toegang.means.reader.readers import Readers
    from toegang.means.saml.kind import SamlMeans
    from toegang.provider.authzen.asking import Deciding
    from toegang.provider.authzen.searching import Searching
    from toegang.provider.authzen.statuses import Statuses
    from toegang.provider.everywhere import Everywhere
    from toegang.provider.linking import LinkProposals
    from toegang.provider.logout.leave import Logouts
    from toegang.provider.oidc.admit import Admission
    from toegang.provider.oidc.endings import Endings
    from toegang.provider.oidc.logout import Logout
    from toegang.provider.oidc.posted import PostedRequests
    from toegang.provider.oidc.pushed import PushedRequests
    from toegang.provider.oidc.tokens import Tokens
    from toegang.provider.oidc.upstream import ProviderLogout
    from toegang.provider.oidc.userinfo import UserInfo
    from toegang.provider.operators import Operators
    from toegang.provider.own import MyAccount, Stays
    from toegang.provider.own_data import OwnData
    from toegang.provider.own_trail import OwnTrail
    from toegang.provider.saml.admit import Admission as SamlAdmission
    from toegang.provider.saml.logout import SamlLogout
    from toegang.provider.saml.metadata import OwnMetadata
    from toegang.provider.saml.posted import PostedAnswers, PostedMessages
    from toegang.provider.saml.resolve import Resolution
    from toegang.provider.saml.returning import LogoutAnswers
    from toegang.provider.saml.upstream import MeansLogout
    from toegang.reports.charts import Charts
    from toegang.reports.counting import Reports
    from toegang.reports.rollout import Rollouts
    from toegang.web.assets import Assets
    from toegang.web.pages import Pages
    from toegang.web.sealed_parties import SealedParties
    from toegang.web.security_txt import SecurityTxt
    from toegang.web.visits import Cookies


class Meter(Protocol):
    """Counts what was answered; it costs a few microseconds a request."""

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request by its route's template, never by its path."""
        ...

    def refused_with(self, code: str) -> None:
        """Count a refusal by its stable code."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenId:
    """The OpenID provider's doors; `metadata` is the discovery document.

    `back_channel` is the address where TLS asks for a certificate; empty when it is the issuer, or none.
    """

    issuer: str
    back_channel: str
    metadata: Mapping[str, object]
    keys: KeyDirectory
    admission: Admission
    posted: PostedRequests
    pushed: PushedRequests
    tokens: Tokens
    userinfo: UserInfo
    endings: Endings
    logout: Logout


@dataclass(frozen=True, slots=True, kw_only=True)
class Saml:
    """The SAML identity provider's doors; `register` is the metadata of the register of mandates."""

    metadata: OwnMetadata
    register: OwnMetadata
    admission: SamlAdmission
    posted: PostedMessages
    answers: PostedAnswers
    resolution: Resolution
    logout: SamlLogout
    logout_answers: LogoutAnswers


@dataclass(frozen=True, slots=True, kw_only=True)
class Upstream:
    """The doors for means of other parties that tell of logouts."""

    oidc: ProviderLogout
    saml: MeansLogout


@dataclass(frozen=True, slots=True, kw_only=True)
class Systems:
    """The doors for systems of service providers."""

    deciding: Deciding
    searching: Searching
    statuses: Statuses


@dataclass(frozen=True, slots=True, kw_only=True)
class Mine:
    """What My account shows and does beyond the account itself; `listers` fill the list of means."""

    listers: tuple[Lister, ...]
    everywhere: Everywhere
    data: OwnData
    floor: OwnFloor
    trail: OwnTrail


@dataclass(frozen=True, slots=True, kw_only=True)
class Representing:
    """Who may act for whom: what people gave, what the law gives, and how the parties are known.

    `sealed` is how pages name parties to a browser, `at_desk` what is done at a desk for who comes by,
    `office` what is decided by who is no party to it, `explaining` what the help desk is told. Who logs in is
    asked about by `gathering`; `for_systems` and `rechecking` leave them half of the turns.
    """

    mandates: Mandates
    numbers: Numbers
    names: Names
    by_name: ByName
    clients: Clients
    teams: Teams
    gathering: Gathering
    for_systems: Gathering
    rechecking: Rechecking
    voluntary: Voluntary
    at_desk: MandatesAtDesk
    office: FourEyes
    explaining: Explaining
    standing_in: StandingIn
    drafts: Drafts
    services: Mandatable
    helping: HelpingInCatalogue
    jobs: Jobs
    sealed: SealedParties


@dataclass(frozen=True, slots=True, kw_only=True)
class Rooms:
    """Every door."""

    clock: Clock
    ids: Ids
    catalogue: Catalogue
    logins: Logins
    logouts: Logouts
    openid: OpenId
    saml: Saml
    upstream: Upstream
    systems: Systems
    citizen: Accounts
    apps: Apps
    readers: Readers
    checks: Checks
    passkeys: Passkeys
    cards: OwnCards | None
    oidc_means: OidcMeans
    saml_means: SamlMeans
    linking: Linking
    proposals: LinkProposals
    own: MyAccount
    mine: Mine
    stays: Stays
    operators: Operators
    representing: Representing
    cockpit: Cockpit
    uploads: Uploads
    reports: Reports
    charts: Charts
    rollouts: Rollouts
    unproven: Unproven = field(default_factory=Unproven)
    pages: Pages
    assets: Assets
    cookies: Cookies
    meter: Meter
    security_txt: SecurityTxt | None
    ready: Callable[[], Awaitable[None]]
