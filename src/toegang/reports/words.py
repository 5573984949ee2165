"""The words of figures, in Dutch and English: titles, what they mean, names of levels and refusals.

Names of services and means come from the catalogue as it is now (`labels_of`).
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from toegang.assurance import Level, Step
from toegang.catalogue.parts import CampaignId
from toegang.catalogue.values import MeansId, ServiceId, Text
from toegang.reports.facts import BY_OFFICE, ELSEWHERE, NOWHERE
from toegang.reports.figures import FigureId

if TYPE_CHECKING:
    from collections.abc import Mapping

    from toegang.catalogue.snapshot import Snapshot
    from toegang.reports.figures import Figures

TITLES = {
    FigureId.ACCOUNTS_BY_LEVEL: Text(nl="Actieve accounts per niveau", en="Active accounts per level"),
    FigureId.LOGINS_BY_LEVEL: Text(nl="Inlogs per niveau", en="Logins per level"),
    FigureId.LOGINS_BY_SERVICE: Text(nl="Inlogs per dienst", en="Logins per service"),
    FigureId.LOGINS_BY_MEANS: Text(nl="Inlogs per inlogmiddel", en="Logins per login means"),
    FigureId.PASSKEYS_BY_BOND: Text(nl="Passkeys", en="Passkeys"),
    FigureId.TWO_FACTOR_SHARE: Text(nl="Inlogs met twee factoren", en="Logins with two factors"),
    FigureId.REFUSALS_BY_CODE: Text(nl="Inlogs die niet lukten", en="Logins that did not succeed"),
    FigureId.ACCOUNTS_BY_STEP: Text(nl="Accounts per stap", en="Accounts at each step"),
    FigureId.MOVES_BETWEEN_STEPS: Text(
        nl="Accounts die van stap wisselden", en="Accounts that changed steps"
    ),
    FigureId.LOGINS_BY_STEP: Text(nl="Inlogs per stap", en="Logins by step"),
    FigureId.CAMPAIGNS: Text(nl="Uitnodigingen voor een stap omhoog", en="Invitations to climb a step"),
    FigureId.LOGINS_FOR_OTHERS: Text(nl="Inlogs voor een ander", en="Logins for somebody else"),
    FigureId.MANDATES_BY_ACT: Text(nl="Machtigingen", en="Mandates"),
    FigureId.REASONS_OF_ENDING: Text(nl="Waarom machtigingen stopten", en="Why mandates ended"),
}
MEANINGS = {
    FigureId.ACCOUNTS_BY_LEVEL: Text(
        nl="Accounts die aan het eind van de periode gebruikt konden worden, bij het hoogste niveau.",
        en="Accounts that could be used at the end of the period, under their highest level.",
    ),
    FigureId.LOGINS_BY_LEVEL: Text(
        nl="Gelukte inlogs, bij het niveau dat is aangetoond.",
        en="Completed logins, under the level that was proven.",
    ),
    FigureId.LOGINS_BY_SERVICE: Text(
        nl="Gelukte inlogs bij elke dienst.", en="Completed logins at each service."
    ),
    FigureId.LOGINS_BY_MEANS: Text(
        nl="Gelukte inlogs met elk inlogmiddel.", en="Completed logins with each login means."
    ),
    FigureId.PASSKEYS_BY_BOND: Text(
        nl="Passkeys die aan het eind van de periode bruikbaar waren. Geteld bij waar zij bewaard worden.",
        en="Passkeys that could be used at the end of the period, under where they are kept.",
    ),
    FigureId.TWO_FACTOR_SHARE: Text(
        nl="Deel van de gelukte inlogs met twee factoren, zoals een wachtwoord en een sms-code.",
        en="Share of the completed logins with two factors, such as a password and a text message code.",
    ),
    FigureId.REFUSALS_BY_CODE: Text(
        nl="Inlogs die zijn geweigerd of gestopt, bij de reden.",
        en="Logins that were refused or stopped, under the reason.",
    ),
    FigureId.ACCOUNTS_BY_STEP: Text(
        nl="Accounts die aan het eind van de periode gebruikt konden worden, bij hun beste inlogmiddel:"
        " van wachtwoord, via sms en app, tot substantieel en hoog.",
        en="Accounts that could be used at the end of the period, under their best means:"
        " from a password, by text messages and the app, to substantial and high.",
    ),
    FigureId.MOVES_BETWEEN_STEPS: Text(
        nl="Hoe vaak het beste inlogmiddel van een account een ander werd, omhoog of omlaag.",
        en="How often the best means of an account became another, up or down.",
    ),
    FigureId.LOGINS_BY_STEP: Text(
        nl="Gelukte inlogs, bij de stap waarmee is ingelogd.",
        en="Completed logins, under the step that was logged in with.",
    ),
    FigureId.CAMPAIGNS: Text(
        nl="Hoe vaak een uitnodiging is getoond en wat mensen ermee deden. Afgerond is: de stap is bereikt"
        " binnen de dagen die de campagne telt.",
        en="How often an invitation was shown and what people did with it. Finished means: the step was"
        " reached within the days that the campaign counts.",
    ),
    FigureId.LOGINS_FOR_OTHERS: Text(
        nl="Inlogs waarin iemand voor een ander handelde, bij de grond. Een medewerker van een kantoor telt"
        " bij de grond van dat kantoor.",
        en="Logins in which somebody acted for another, under the ground. An employee of a firm counts under"
        " the ground of that firm.",
    ),
    FigureId.MANDATES_BY_ACT: Text(
        nl="Hoe vaak een machtiging is gevraagd, gegeven, veranderd of gestopt. Eén machtiging kan in meer"
        " regels tellen.",
        en="How often a mandate was asked, given, changed or ended. One mandate can count in more than one"
        " line.",
    ),
    FigureId.REASONS_OF_ENDING: Text(
        nl="Welke reden mensen gaven toen zij een machtiging stopten, weigerden of terugnamen. Een reden"
        " geven hoeft niet.",
        en="Which reason people gave when they ended, declined or took back a mandate. Nobody has to give"
        " one.",
    ),
}
STEPS = {
    Step.PASSWORD: Text(nl="Wachtwoord", en="Password"),
    Step.SMS: Text(nl="Sms-code", en="Text message"),
    Step.PASSKEY: Text(nl="Passkey", en="Passkey"),
    Step.APP: Text(nl="App", en="App"),
    Step.SUBSTANTIAL: Text(nl="Substantieel", en="Substantial"),
    Step.HIGH: Text(nl="Hoog", en="High"),
}
OTHER_MEANS = Text(nl="Inlogmiddel van een andere partij", en="Login means of another party")
BEGAN = Text(nl="Nieuw of weer bruikbaar: {0}", en="New or usable again: {0}")
LEFT = Text(nl="Beëindigd of gestopt: {0}", en="Ended or stopped: {0}")
MOVED = Text(nl="Van {0} naar {1}", en="From {0} to {1}")
REACTIONS = {
    "shown": Text(nl="{0}: getoond", en="{0}: shown"),
    "started": Text(nl="{0}: begonnen", en="{0}: started"),
    "finished": Text(nl="{0}: afgerond", en="{0}: finished"),
    "declined": Text(nl="{0}: nu niet", en="{0}: not now"),
    "never-again": Text(nl="{0}: niet meer vragen", en="{0}: do not ask again"),
}
GROUNDS = {
    "parental-joint": Text(
        nl="Ouder, samen met de andere ouder", en="Parent, together with the other parent"
    ),
    "parental-sole": Text(nl="Ouder, alleen", en="Parent, alone"),
    "parental-with-third": Text(nl="Gezag samen met een ander", en="Parental authority with a third"),
    "guardianship": Text(nl="Voogd", en="Guardian"),
    "curatele": Text(nl="Curator", en="Curator"),
    "bewind": Text(nl="Bewindvoerder", en="Administrator"),
    "mentorship": Text(nl="Mentor", en="Mentor"),
    "provisional-bewind": Text(nl="Voorlopig bewindvoerder", en="Provisional administrator"),
    "heir": Text(nl="Erfgenaam", en="Heir"),
    "executor": Text(nl="Executeur", en="Executor"),
    "authorised-heir": Text(nl="Erfgenaam voor alle erfgenamen", en="Heir for all heirs"),
    "director-sole": Text(nl="Bestuurder, alleen", en="Director, alone"),
    "director-joint": Text(nl="Bestuurder, samen met anderen", en="Director, together with others"),
    "director-limited": Text(nl="Bestuurder, tot een bedrag", en="Director, to an amount"),
    "proxy": Text(nl="Gevolmachtigde in het handelsregister", en="Proxy in the trade register"),
    "voluntary": Text(nl="Machtiging van een persoon", en="Mandate of a person"),
    "desk": Text(nl="Machtiging die aan een loket is gegeven", en="Mandate that was given at a desk"),
    "intermediary": Text(nl="Machtiging van een organisatie", en="Mandate of an organisation"),
    "employee": Text(nl="Medewerker", en="Employee"),
    "staff": Text(nl="Medewerker van een kantoor", en="Employee of a firm"),
    "helper": Text(nl="Organisatie die mensen helpt", en="Organisation that helps people"),
}
ACTS = {
    "request": Text(nl="Gevraagd", en="Asked"),
    "offer": Text(nl="Aangeboden", en="Offered"),
    "approve": Text(nl="Gevraagd en gegeven", en="Asked and given"),
    "send-letter": Text(nl="Brief met een code gestuurd", en="Letter with a code sent"),
    "activate": Text(nl="Met de code van een brief gegeven", en="Given by the code of a letter"),
    "accept": Text(nl="Aangeboden en aangenomen", en="Offered and accepted"),
    "consent": Text(nl="Medeondertekend", en="Signed besides"),
    "decline": Text(nl="Geweigerd", en="Declined"),
    "withdraw": Text(nl="Teruggenomen voor het antwoord", en="Taken back before the answer"),
    "lapse": Text(nl="Niet op tijd beantwoord", en="Not answered in time"),
    "restrict": Text(nl="Korter of minder gemaakt", en="Made shorter, or less"),
    "extend": Text(nl="Verlengd", en="Made longer"),
    "revoke": Text(nl="Gestopt door wie gaf", en="Ended by who gave it"),
    BY_OFFICE: Text(nl="Gestopt door een instantie", en="Ended by an authority"),
    "renounce": Text(nl="Gestopt door wie kreeg", en="Ended by who had it"),
    "suspend": Text(nl="Stilgezet", en="Made to stand still"),
    "resume": Text(nl="Weer doorgegaan", en="Gone on again"),
    "supersede": Text(nl="Door een andere vervangen", en="Replaced by another"),
    "terminate": Text(nl="Geëindigd door de wet", en="Ended by law"),
    "void": Text(nl="Ongeldig verklaard", en="Declared void"),
    "transfer": Text(nl="Overgegaan bij een fusie", en="Gone over with a merger"),
}
REASONS = {
    "not-needed": Text(nl="Niet meer nodig", en="No longer needed"),
    "somebody-else": Text(nl="Iemand anders gekozen", en="Somebody else was chosen"),
    "no-trust": Text(nl="Geen vertrouwen meer", en="No trust any more"),
    "mistake": Text(nl="Vergissing", en="A mistake"),
    "not-said": Text(nl="Zeg ik liever niet", en="Rather not said"),
}
LEVELS = {
    Level.MINIMAL: Text(nl="Minimaal", en="Minimal"),
    Level.BASIC: Text(nl="Basis", en="Basic"),
    Level.LOW: Text(nl="Midden", en="Low"),
    Level.SUBSTANTIAL: Text(nl="Substantieel", en="Substantial"),
    Level.HIGH: Text(nl="Hoog", en="High"),
}
KEYS = {
    "synced": Text(nl="Bij een aanbieder", en="With a provider"),
    "device-bound": Text(nl="Op één apparaat", en="On one device"),
    "attested": Text(nl="Op één apparaat van een bekend model", en="On one device of a known model"),
    "two-factor": Text(nl="Twee factoren", en="Two factors"),
    "cancelled": Text(nl="Gestopt door de gebruiker", en="Stopped by the user"),
    "level-unreachable": Text(nl="Geen passend inlogmiddel", en="No suitable login means"),
    "below-own-floor": Text(
        nl="Onder het laagste niveau van de persoon", en="Below the person's lowest level"
    ),
    "level-not-proven": Text(nl="Niveau niet aangetoond", en="Level not proven"),
    "login-expired": Text(nl="Te lang gewacht", en="Took too long"),
    "credentials-wrong": Text(nl="Verkeerde gegevens", en="Wrong details"),
    "account-closed": Text(nl="Account gesloten", en="Account closed"),
    "party-closed": Text(nl="Dienst of inlogmiddel gesloten", en="Service or login means closed"),
    "unavailable": Text(nl="Storing", en="Failure"),
}
HIDDEN = Text(
    nl="minder dan {0}, of verborgen om dat te beschermen", en="fewer than {0}, or hidden to protect such"
)
_LISTED = {
    FigureId.LOGINS_FOR_OTHERS: GROUNDS,
    FigureId.MANDATES_BY_ACT: ACTS,
    FigureId.REASONS_OF_ENDING: REASONS,
}
_BY_LEVEL = (FigureId.ACCOUNTS_BY_LEVEL, FigureId.LOGINS_BY_LEVEL)
_BY_STEP = (FigureId.ACCOUNTS_BY_STEP, FigureId.LOGINS_BY_STEP)


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """How rows are called in one language; `names` has those of services and means, by their id."""

    language: str
    names: Mapping[str, Text] = field(default_factory=dict)

    def title(self, figure: FigureId) -> str:
        """Return the title of a table."""
        return TITLES[figure][self.language]

    def meaning(self, figure: FigureId) -> str:
        """Return what a table counts."""
        return MEANINGS[figure][self.language]

    def row(self, figure: FigureId, key: str) -> str:
        """Return what a row is called; its key where nobody gave it a name."""
        if figure in _BY_LEVEL:
            return LEVELS[Level(int(key))][self.language]
        if figure is FigureId.MOVES_BETWEEN_STEPS:
            return self._move(*key.split(">"))
        if figure in _BY_STEP:
            return self._step(key)
        if figure is FigureId.CAMPAIGNS:
            campaign, _, what = key.partition(":")
            name = self.names.get(campaign)
            return REACTIONS[what][self.language].format(name[self.language] if name else campaign)
        listed = _LISTED.get(figure)
        text = self.names.get(key) or KEYS.get(key) if listed is None else listed.get(key)
        return text[self.language] if text else key

    def _step(self, word: str) -> str:
        text = OTHER_MEANS if word == ELSEWHERE else STEPS[Step(word)]
        return text[self.language]

    def _move(self, before: str, after: str) -> str:
        if before == NOWHERE:
            return BEGAN[self.language].format(self._step(after))
        if after == NOWHERE:
            return LEFT[self.language].format(self._step(before))
        return MOVED[self.language].format(self._step(before), self._step(after))

    def hidden(self, threshold: int) -> str:
        """Return what stands where a count is hidden, for the page's note."""
        return HIDDEN[self.language].format(threshold)


def labels_of(made: Figures, snapshot: Snapshot, language: str) -> Labels:
    """Name the services, means and campaigns of the tables, as they are called now."""
    names: dict[str, Text] = {}
    for row in made.table(FigureId.LOGINS_BY_SERVICE).rows:
        with suppress(ValueError):
            service = snapshot.service(ServiceId(UUID(row.key)))
            names |= {row.key: service.names} if service else {}
    for row in made.table(FigureId.LOGINS_BY_MEANS).rows:
        means = snapshot.means(MeansId(row.key))
        names |= {row.key: means.names} if means else {}
    for row in made.table(FigureId.CAMPAIGNS).rows:
        campaign = snapshot.campaign(CampaignId(row.key.partition(":")[0]))
        names |= {campaign.id: campaign.names} if campaign else {}
    return Labels(language=language, names=names)
