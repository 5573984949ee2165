"""What happened, in plain words: one sentence for each event that names a person.

Whoever adds such an event adds its words here; tests/web/test_history.py finds what was forgotten.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

N_ = str  # marks a sentence for the translators' list; it is translated when a page is made

EVENTS: Mapping[str, str] = {
    "login:authenticated": N_("You proved who you are"),
    "login:completed": N_("You logged in"),
    "session:begun": N_("A session began"),
    "session:ended": N_("A session ended"),
    "account:applied": N_("You applied for an account"),
    "account:activation-sent": N_("We sent a letter with an activation code"),
    "account:activated": N_("Your account was activated"),
    "account:owner-warned": N_("We warned you that somebody tried to log in"),
    "account:password-changed": N_("Your password was changed"),
    "account:recovered": N_("You chose a new password with a letter"),
    "account:floor-set": N_("Your lowest level was changed"),
    "account:logged-out": N_("You logged out everywhere"),
    "account:mail-set": N_("Your mail address for notices was changed"),
    "account:large-print-set": N_("You chose how large the print of your letters is"),
    "account:notices-set": N_("You chose how we tell you what happens with your account"),
    "account:browser-told": N_("We told you of a login in a new browser"),
    "account:data-downloaded": N_("Your data was downloaded"),
    "account:number-confirmed": N_("Your telephone number was confirmed"),
    "account:number-letter-sent": N_("We sent a letter with a code for your telephone number"),
    "account:number-changed": N_("Your telephone number was changed"),
    "account:ended": N_("Your account was ended"),
    "account:misuse-reported": N_("Misuse of your account was reported"),
    "account:locked": N_("Too many tries: we waited with looking at more"),
    "account:signin-failed": N_("Somebody tried to log in, and could not"),
    "account:suspended": N_("Your account was suspended"),
    "account:blocked": N_("Your account was blocked"),
    "account:unblocked": N_("The block on your account was lifted"),
    "app:letter-sent": N_("We sent a letter with a code for the app"),
    "app:activated": N_("An app was added"),
    "app:pin-wrong": N_("The PIN of an app was wrong"),
    "app:blocked": N_("An app was blocked"),
    "app:stopped": N_("An app was stopped"),
    "app:login-refused": N_("You refused a login in the app"),
    "passkey:added": N_("A passkey was added"),
    "passkey:changed": N_("A passkey counts for another level from now on, or is kept elsewhere"),
    "passkey:stopped": N_("A passkey was stopped"),
    "passkey:not-believed": N_("Somebody tried to log in with a passkey of yours, and could not"),
    "link:made": N_("A login means of another party was linked"),
    "link:ended": N_("The link with a login means of another party was undone"),
    "link:refused": N_("A login means of another party could not be linked"),
    "account:hold-placed": N_("Your account was made to stand still"),
    "account:hold-lifted": N_("Your account does not stand still any more"),
    "account:step-changed": N_("The step at which your account stands changed"),
    "app:activation-refused": N_("An app could not be added"),
    "app:browser-known": N_("A browser was remembered to call your app from"),
    "app:called": N_("Your app was called for a login"),
    "app:number-wrong": N_("Another number was chosen in your app than the page showed"),
    "app:subscribed": N_("Your app was set up to be called for a login"),
    "app:unsubscribed": N_("Your app is no longer called for a login"),
    "app:document-checked": N_("Your identity document was checked with your app"),
    "app:document-refused": N_("A check of an identity document with your app did not succeed"),
    "app:lowered": N_("Your app counts for a lower level from now on"),
    "card:activated": N_("Your card was activated"),
    "card:first-used": N_("You logged in with your card for the first time"),
    "card:pin-asked": N_("A letter with a PIN for your card was asked"),
    "card:refused": N_("A login with your card did not succeed"),
    "card:stopped": N_("Logging in with your card was stopped"),
    "desk:code-given": N_("You got a code at a desk"),
    "desk:identity-checked": N_("Your identity was checked at a desk"),
    "desk:refused": N_("A desk did not give you a code"),
    "campaign:shown": N_("We showed you a next step for logging in"),
    "campaign:started": N_("You began a next step for logging in"),
    "campaign:finished": N_("You finished a next step for logging in"),
    "campaign:declined": N_("You did not want a next step for logging in yet"),
    "campaign:never-again": N_("You do not want to be shown that step again"),
    "life:done": N_("We did what a change in the population register asks"),
    "life:settled": N_("A clerk looked at a change in the population register"),
    "mandate:asked": N_("A service asked who may act for whom, and it was about you"),
    "mandate:begun": N_("A mandate was asked or offered"),
    "mandate:moved": N_("Something happened with a mandate of yours"),
    "mandate:used": N_("You acted for somebody, or somebody acted for you"),
    "mandate:refused": N_("You wanted to act for somebody, and may not"),
}
OTHER = N_("Something else happened with your account")
