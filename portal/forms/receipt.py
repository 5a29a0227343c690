"""The form of a case that is registered: the contract's fields, and the receipt that a filled-in one describes."""

from datetime import date
from typing import Any, Final

from pydantic import ValidationError
from starlette.datastructures import FormData

from domain.money import PEOPLE
from domain.receipt import Contacts, Receipt
from domain.telling import english, words
from domain.telling.words import Sentence
from domain.value import LONGEST_NAME
from portal.forms.fields import Field, Option, money
from portal.forms.form import Faults, Malformed, faults_in, nested


def _choice(name: str, zh: str, en: str, table: str) -> Field:
    """A choice among the words of a table that there is in both languages."""
    chinese, in_english = getattr(words, table), getattr(english, table)
    options = tuple(Option(value, word, in_english[value]) for value, word in chinese.items())
    return Field(name, zh, en, "choice", options=options)


CODE: Final = ("十八位,可不填", "eighteen characters; may be left out")
NOTED: Final = ("只供办理单位查看,查看留痕", "for the offices on the case; who looks is noted")
FIELDS: Final = {
    ("案件", "The case"): (
        Field("title", "案由", "Title"),
        Field("project", "项目或者合同名称", "Project or contract"),
        _choice("kind", "款项类型", "What for", "CLAIM_KINDS"),
        _choice("spending", "支出性质", "Spending", "SPENDING")._replace(
            required=False,
            hint=("经常性支出不得使用一般债券", "recurrent spending is not paid from general bonds"),
        ),
        money("claimed", "反映金额", "Claimed")._replace(
            required=False, hint=("不详的不填,记为待核实", "left out where it is to be verified")
        ),
        _choice("channel", "来源", "Came by", "CHANNELS"),
        Field("received_on", "登记日", "Received on", "date"),
        Field("migrant_wages", "涉及农民工工资", "Wages of migrant workers", "check", required=False),
        money("wage_amount", "其中农民工工资", "Of it wages of migrant workers")._replace(
            required=False, hint=("全部是工资的不填", "only where it is not all of it")
        ),
        Field("livelihood", "涉及民生", "Concerns livelihoods", "check", required=False),
        Field("note", "内部备注", "Note for the office", "long", required=False),
    ),
    ("合同", "The contract"): (
        Field("contract.no", "合同编号", "Number", required=False),
        Field("contract.signed_on", "签订日", "Signed on", "date", required=False),
        Field("contract.delivered_on", "交付日", "Delivered on", "date", required=False),
        Field("contract.accepted_on", "验收日", "Accepted on", "date", required=False),
        Field(
            "contract.settled_on",
            "结算确认日",
            "Settled on",
            "date",
            required=False,
            hint=("双方确认结算金额之日", "the day on which both confirmed the amount"),
        ),
        Field(
            "contract.agreed_term_days",
            "约定付款期限(日)",
            "Agreed term in days",
            "number",
            required=False,
        ),
        Field(
            "contract.agreed_rate",
            "约定逾期利率",
            "Agreed rate of interest",
            required=False,
            hint=("如 3.45%/y(每年)、0.05%/d(每日)", "such as 3.45%/y a year, 0.05%/d a day"),
        ),
        money("contract.total", "合同总额", "Total", required=False),
    ),
    ("债权人", "The creditor"): (
        Field("creditor.name", "名称", "Name"),
        Field(
            "creditor.code",
            "统一社会信用代码",
            "Unified social credit code",
            required=False,
            hint=CODE,
        ),
        _choice("creditor.size", "规模(合同订立时)", "Size, on the day of the contract", "SIZES"),
        _choice("creditor.ownership", "所有制", "Ownership", "OWNERSHIPS"),
        Field(
            "creditor.contact",
            "联系人和电话",
            "Contact",
            required=False,
            hint=NOTED,
        ),
    ),
    ("债务人", "The debtor"): (
        Field("debtor.name", "名称", "Name"),
        Field("debtor.code", "统一社会信用代码", "Unified social credit code", required=False, hint=CODE),
        _choice("debtor.kind", "单位类型", "Kind", "DEBTOR_KINDS"),
        Field("debtor.contact", "联系人和电话", "Contact", required=False, hint=NOTED),
    ),
}
"""The fields of the form, group by group."""


DISTINCT: Final = Field(
    "distinct", "已核对,确为另一案件", "I have looked: it is another case", "check", required=False
)
"""What is asked only where there are cases that look like it."""


def read(form: FormData, office: str, today: date) -> tuple[Receipt, Contacts]:
    """The case that a form describes, and how to reach its parties.

    Raises:
        Malformed: It describes none; every fault with its input.
    """
    written = nested(form)
    contacts = Contacts(*(_contact(written, party) for party in Contacts._fields))
    faults: dict[str, Sentence] = {
        f"{party}.contact": ("内容过长", "this is too long")
        for party, contact in contacts._asdict().items()
        if not isinstance(contact, str | None) or len(contact or "") > LONGEST_NAME
    }
    flags = {name: name in written for name in ("migrant_wages", "livelihood", "distinct")}
    try:
        receipt = Receipt.model_validate(
            {"creditor": {}, "debtor": {}} | written | flags | {"office": office}, context=PEOPLE
        )
    except ValidationError as error:
        raise Malformed({**_at_inputs(faults_in(error)), **faults}) from error
    faults |= _dates(receipt, today)
    if faults:
        raise Malformed(faults)
    return receipt, contacts


def _contact(written: dict[str, Any], party: str) -> Any:
    """How to reach a party, taken out of what is written of it."""
    table = written.get(party)
    return table.pop("contact", None) if isinstance(table, dict) else None


def _dates(receipt: Receipt, today: date) -> Faults:
    """What is wrong with the days among themselves."""
    faults: dict[str, Sentence] = {}
    if receipt.received_on > today:
        faults["received_on"] = (f"登记日在今天({today})之后", f"this is after today, {today}")
    return faults


def _at_inputs(faults: Faults) -> Faults:
    """What is wrong with the days of the contract together is said at the first of them."""
    return {"contract.signed_on" if name == "contract" else name: said for name, said in faults.items()}
