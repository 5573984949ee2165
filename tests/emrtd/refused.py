"""Asserting a refusal with its reason."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from toegang.emrtd.faults import Fault
from toegang.errors import DocumentRefused


@contextmanager
def refused(*faults: Fault) -> Iterator[None]:
    """Expect a refusal for one of these reasons; any reason when none is named."""
    with pytest.raises(DocumentRefused) as caught:
        yield
    assert caught.value.reason in (faults or tuple(Fault)), caught.value.detail
    assert caught.value.code == "document-refused"
