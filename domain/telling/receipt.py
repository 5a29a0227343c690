"""登记: the labels of the fields of a receipt, for registering and correcting it, by their dotted names."""

from collections.abc import Mapping
from typing import Final

from domain.telling.asking import Label
from domain.telling.terms import CHANNELS, CLAIM_KINDS, DEBTOR_KINDS, OWNERSHIPS, SIZES, SPENDING, Sentence

_CODE: Final[Sentence] = ("十八位,可不填", "eighteen characters; may be left out")
_NOTED: Final[Sentence] = ("只供办理单位查看,查看留痕", "for the offices on the case; who looks is noted")

RECEIPT: Final[Mapping[str, Label]] = {
    "title": Label("案由", "Title"),
    "project": Label("项目或者合同名称", "Project or contract"),
    "kind": Label("款项类型", "What for", choices=CLAIM_KINDS),
    "spending": Label(
        "支出性质",
        "Spending",
        ("经常性支出不得使用一般债券", "recurrent spending is not paid from general bonds"),
        choices=SPENDING,
    ),
    "claimed": Label("反映金额", "Claimed", ("不详的不填,记为待核实", "left out where it is to be verified")),
    "channel": Label("来源", "Came by", choices=CHANNELS),
    "received_on": Label("登记日", "Received on"),
    "migrant_wages": Label("涉及农民工工资", "Wages of migrant workers"),
    "wage_amount": Label(
        "其中农民工工资",
        "Of it wages of migrant workers",
        ("全部是工资的不填", "only where it is not all of it"),
    ),
    "livelihood": Label("涉及民生", "Concerns livelihoods"),
    "note": Label("内部备注", "Note for the office"),
    "contract.no": Label("合同编号", "Number"),
    "contract.signed_on": Label("签订日", "Signed on"),
    "contract.delivered_on": Label("交付日", "Delivered on"),
    "contract.accepted_on": Label("验收日", "Accepted on"),
    "contract.settled_on": Label(
        "结算确认日", "Settled on", ("双方确认结算金额之日", "the day on which both confirmed the amount")
    ),
    "contract.agreed_term_days": Label("约定付款期限(日)", "Agreed term in days"),
    "contract.agreed_rate": Label(
        "约定逾期利率",
        "Agreed rate of interest",
        ("如 3.45%/y(每年)、0.05%/d(每日)", "such as 3.45%/y a year, 0.05%/d a day"),
    ),
    "contract.total": Label("合同总额", "Total"),
    "creditor.name": Label("名称", "Name"),
    "creditor.code": Label("统一社会信用代码", "Unified social credit code", _CODE),
    "creditor.size": Label("规模(合同订立时)", "Size, on the day of the contract", choices=SIZES),
    "creditor.ownership": Label("所有制", "Ownership", choices=OWNERSHIPS),
    "creditor.contact": Label("联系人和电话", "Contact", _NOTED),
    "debtor.name": Label("名称", "Name"),
    "debtor.code": Label("统一社会信用代码", "Unified social credit code", _CODE),
    "debtor.kind": Label("单位类型", "Kind", choices=DEBTOR_KINDS),
    "debtor.contact": Label("联系人和电话", "Contact", _NOTED),
}

_OF: Final[Mapping[str, Sentence]] = {
    "creditor": ("债权人", "the creditor: "),
    "debtor": ("债务人", "the debtor: "),
    "contract": ("合同", "the contract: "),
}


def called(name: str) -> Sentence:
    """The name of a field on its own: 名称 of the creditor is 债权人名称."""
    label = RECEIPT[name]
    zh, en = _OF.get(name.partition(".")[0], ("", ""))
    return (label.zh if label.zh.startswith(zh) else zh + label.zh), en + label.en
