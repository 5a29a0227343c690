"""The form of every command: one description each, from which pages ask for its fields, in both languages."""

from collections.abc import Mapping
from typing import Final

from domain.telling import english
from domain.telling.words import SATISFIED, SOURCES
from portal.forms.fields import Field, Form, Option, money, of_words, reason

_VOUCHER: Final = Field("voucher", "付款凭证", "Payment voucher", "choice")
_DENIED: Final = Field(
    "voucher",
    "未到账的付款凭证",
    "The payment that did not arrive",
    "choice",
    required=False,
    hint=("选凭证退回支付;不选退回核实", "with one: back to payment; without: back to verification"),
)
_SOURCES: Final = Field(
    "sources",
    "资金来源",
    "Sources of money",
    "rows",
    rows=3,
    columns=(
        Field("kind", "来源", "Source", "choice", options=of_words(SOURCES, english.SOURCES)),
        Field("amount", "金额", "Amount", "money"),
        Field("expected_on", "预计到位", "Expected on", "date", required=False),
    ),
)
_INSTALMENTS: Final = Field(
    "instalments",
    "分期",
    "Instalments",
    "rows",
    rows=3,
    columns=(
        Field("due_on", "最后一日", "Due on", "date"),
        Field("amount", "金额", "Amount", "money"),
    ),
)
_RATINGS: Final = of_words(SATISFIED, english.SATISFIED)
_ANSWERS: Final = (*_RATINGS[:-1], Option("no", "不满意,退回", "not satisfied: back it goes"))

_ALL: Final = (
    Form("accept", "受理", "Accept"),
    Form(
        "refuse", "不予受理", "Refuse", (Field("ground", "不予受理的理由", "Ground", "long"),), is_grave=True
    ),
    Form(
        "request_correction",
        "要求补正",
        "Ask for a correction",
        (
            Field(
                "items",
                "需补正的材料",
                "What is missing",
                "rows",
                rows=3,
                columns=(Field("", "材料", "Item"),),
            ),
        ),
    ),
    Form(
        "supply_correction",
        "补正材料",
        "Supply the correction",
        (Field("note", "补正说明", "What was supplied", "long"),),
    ),
    Form("forward", "转办", "Hand over", (Field("to", "转给", "To", "choice"),)),
    Form("acknowledge", "签收", "Acknowledge"),
    Form(
        "recognise",
        "认定欠款",
        "Recognise the debt",
        (
            money("settled", "结算金额", "Settled"),
            money("paid", "已付金额", "Paid before"),
            money("undisputed", "无分歧欠款", "Undisputed"),
            money("disputed", "有分歧", "Disputed", required=False),
            money("not_yet_due", "未到期", "Not yet due", required=False),
            Field("as_of", "截止日", "As of", "date"),
        ),
        note=(
            "结算金额减已付金额,须等于无分歧、有分歧、未到期三项之和。",
            "Settled less paid must be what is undisputed, disputed and not yet due together.",
        ),
    ),
    Form("endorse", "确认欠款", "Endorse the debt"),
    Form("object", "对认定有异议", "Object to the recognition", (reason(),)),
    Form("unfounded", "核查不属实", "Found unfounded", (reason(),), is_grave=True),
    Form(
        "resolve_dispute",
        "处理分歧",
        "Settle the disputed part",
        (
            money("recognised", "认可金额", "Recognised"),
            money("rejected", "驳回金额", "Rejected"),
            Field("reference", "依据文号", "Reference"),
        ),
    ),
    Form(
        "plan",
        "清偿计划",
        "Plan of payment",
        (_SOURCES, _INSTALMENTS, reason("修订理由", "Why it is revised", required=False)),
        note=(
            "两项合计均须等于尚未清偿的无分歧欠款。已有计划的,须写明修订理由。",
            "Both add up to what is undisputed and not cleared. A revision says why.",
        ),
    ),
    Form(
        "fund",
        "资金到位",
        "Money has arrived",
        (
            Field("source", "资金来源", "Source", "choice"),
            money("amount", "金额", "Amount"),
            Field("reference", "资金文号", "Reference"),
        ),
    ),
    Form(
        "report_payment",
        "报送付款",
        "Report a payment",
        (
            Field("voucher", "付款凭证号", "Voucher"),
            money("amount", "金额", "Amount"),
            Field("paid_on", "付款日", "Paid on", "date"),
        ),
    ),
    Form("confirm_receipt", "确认到账", "Confirm the receipt", (_VOUCHER,)),
    Form("dispute_receipt", "对到账有异议", "Dispute the receipt", (_VOUCHER, reason())),
    Form("bounce", "退票", "The payment bounced", (_VOUCHER, reason())),
    Form(
        "rate",
        "评价",
        "Say how satisfied you are",
        (
            Field("satisfied", "是否满意", "Are you satisfied?", "choice", options=_RATINGS),
            Field("note", "想说的话", "In your words", "long", required=False),
        ),
    ),
    Form(
        "call_back",
        "回访",
        "Call back",
        (
            Field("satisfied", "企业是否满意", "Is the enterprise satisfied?", "choice", options=_ANSWERS),
            Field("note", "回访记录", "What was said", "long"),
            _DENIED,
        ),
    ),
    Form(
        "close",
        "销号",
        "Strike off",
        (Field("report", "办结报告", "Report", "long"),),
        is_grave=True,
        note=(
            "回访人不得审批销号。",
            "Whoever called the enterprise back may not strike the case off.",
        ),
    ),
    Form("withdraw", "撤回", "Withdraw", (reason(),), is_grave=True),
    Form(
        "go_judicial",
        "转司法途径",
        "Go to court",
        (
            Field("court", "法院或者仲裁机构", "Court or arbitration body"),
            Field("reference", "案号", "Reference"),
        ),
        is_grave=True,
    ),
    Form("reopen", "重新办理", "Reopen", (reason(), _DENIED)),
    Form(
        "extend",
        "延期",
        "Extend",
        (
            Field("duty,subject", "延期事项", "Duty", "choice"),
            Field(
                "days",
                "延长天数",
                "Days",
                "number",
                hint=("单位与原期限相同", "in the unit of the duty's own term"),
            ),
            reason(),
        ),
    ),
    Form(
        "suspend",
        "中止",
        "Suspend",
        (
            reason(),
            Field(
                "until",
                "恢复日",
                "Resumes on",
                "date",
                required=False,
                hint=("到日自动恢复;不填须人工恢复", "by itself on that day; without one, by hand"),
            ),
        ),
    ),
    Form("resume", "恢复", "Resume", (reason(),)),
    Form("escalate", "升级", "Escalate", (Field("mode", "处置方式", "Mode", "choice"), reason())),
    Form(
        "approve_step",
        "同意",
        "Approve",
        (Field("step", "审批事项", "Step", "choice"), reason("意见", "Remark", required=False)),
        is_grave=True,
    ),
    Form(
        "decline_step",
        "不同意",
        "Decline",
        (Field("step", "审批事项", "Step", "choice"), reason("意见", "Remark", required=False)),
    ),
    Form("relieve", "解除督办", "Relieve", (reason(),)),
    Form(
        "adopt_policy",
        "改用现行规则",
        "Adopt the rules as they are now",
        (Field("policy", "规则包", "Rule pack", "choice"), reason()),
    ),
)

FORMS: Final[Mapping[str, Form]] = {form.do: form for form in _ALL}
"""The form of each command to a case, in the order of a case's life."""

OF_BATCH: Final[Mapping[str, Form]] = {
    form.do: form
    for form in (
        Form(
            "exclude",
            "剔除申请",
            "Exclude a request",
            (
                Field("case_no", "案件", "Case", "choice"),
                reason("理由(不得由一般债券承担的支出)", "Why a general bond may not pay for it"),
            ),
            is_grave=True,
        ),
        Form("approve", "批准", "Approve"),
        Form("decline", "未获批准", "Decline", (reason(),), is_grave=True),
        Form(
            "arrive",
            "资金到位",
            "Money has arrived",
            (money("amount", "金额", "Amount"), Field("reference", "资金文号", "Reference")),
        ),
        Form("close_batch", "批次办结", "Close the batch", is_grave=True),
    )
}
"""The form of each command to a bond batch."""
