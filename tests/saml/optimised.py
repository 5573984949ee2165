"""Forged and genuine documents judged by a Python that was told to leave out assertions (S32).

    python -O -m tests.saml.optimised 500

prints how many forged documents were refused and how many genuine ones were believed.
"""

from __future__ import annotations

import json
import sys

from tests.saml.bending import bendings
from tests.saml.forgeries import genuine, some_forgeries
from tests.saml.judging import judge


def main() -> None:
    """Judge as many as asked, and say so as JSON."""
    number = int(sys.argv[1])
    forged = [forgery.octets() for forgery in some_forgeries(number, seed=32)]
    forged += [bent.octets for bent in bendings(1) if bent.harmful]
    honest = [base.text.encode() for base in genuine()]
    told = {
        "optimised": not __debug__,
        "forged": len(forged),
        "refused": sum(judge(octets).refusal is not None for octets in forged),
        "genuine": len(honest),
        "believed": sum(judge(octets).refusal is None for octets in honest),
    }
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
