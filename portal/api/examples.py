"""Examples of request bodies. Each can be sent as it is, to a case in the right stage."""

from collections.abc import Mapping
from typing import Any, Final

_CLERK: Final = "clerk:李敏@620105"

EXAMPLES: Final[Mapping[str, Mapping[str, Mapping[str, Any]]]] = {
    "NewCase": {
        "new": {
            "title": "道路工程款",
            "project": "北滨河路维修",
            "office": "620105",
            "channel": "platform",
            "kind": "works",
            "claimed": "30万元",
            "received_on": "2025-11-20",
            "creditor": {"name": "某路桥公司", "size": "small", "ownership": "private"},
            "debtor": {"name": "某镇政府", "kind": "organ"},
        },
    },
    "Command": {
        "accept": {"do": "accept", "by": _CLERK},
        "forward": {"do": "forward", "by": _CLERK, "to": "debtor"},
        "recognise": {
            "do": "recognise",
            "by": "debtor:王强",
            "entered_by": _CLERK,
            "settled": "120万元",
            "paid": "90万元",
            "undisputed": "30万元",
            "as_of": "2025-11-20",
        },
    },
    "NewBatch": {
        "general": {
            "name": "2027年第一批一般债券",
            "office": "620105",
            "quota": "2500万元",
            "opens_on": "2027-01-04",
            "allocates_on": "2027-03-31",
        },
    },
    "NewSubscription": {
        "payments": {
            "address": "https://oa.example.gov.cn/hooks/qingqian",
            "kinds": ["payment_reported", "receipt_confirmed"],
        },
    },
    "BatchCommand": {"approve": {"do": "approve", "by": "head:孙@620105"}},
}
"""The examples by the schema of the body, each under its name."""
