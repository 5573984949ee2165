"""The bills of the municipality: who acts for another pays them only within their limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs

from starlette.responses import RedirectResponse
from starlette.routing import Route

from demo.limits import limits_of, may
from demo.web import PAGES

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from demo.relying import Registration

PATH: Final = "belastingen"
PAY: Final = f"/{PATH}/betalen"
FORBIDDEN: Final = 403


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxBills:
    """Paying a bill of the service."""

    registration: Registration

    async def pay(self, request: Request) -> Response:
        """Pay a bill, if who is logged in may; the page that offered it is no proof that they may."""
        login = request.session.get("logins", {}).get(PATH)
        form = parse_qs((await request.body()).decode("latin-1"))
        offer = self.registration.offer(PATH)
        bills = () if offer is None else offer.bills
        bill = next((each for each in bills if [each.id] == form.get("bill")), None)
        if login is None or bill is None:
            return RedirectResponse(f"/{PATH}", 303)
        paid = may(limits_of(login["claims"] | login["userinfo"]), "submit", bill.cents)
        context = {"registration": self.registration, "offer": offer, "bill": bill, "paid": paid}
        return PAGES.TemplateResponse(request, "tax_paid.html", context, 200 if paid else FORBIDDEN)


def route(bills: TaxBills) -> Route:
    """Return where bills are paid."""
    return Route(PAY, bills.pay, methods=["POST"])
