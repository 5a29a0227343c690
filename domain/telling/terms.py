"""The terms of the field for the names in the code, each table once in both languages; `words` and `english` have one language."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from domain.actors import Role
from domain.duty import DutyKind
from domain.evidence import EVIDENCE, EvidenceKind
from domain.interest import InterestRule
from domain.value import (
    AdjustedWhy,
    BondKind,
    CallBackOutcome,
    Ground,
    HandOutTo,
    InCourt,
    LetterKind,
    Light,
    Mode,
    NoticeKind,
    PartySide,
    PaymentForm,
    ReversedWhy,
    Satisfied,
    ServedHow,
    SourceKind,
    Stage,
    Step,
    SubstitutedWhy,
    Triage,
)

Sentence = tuple[str, str]
"""A text in Chinese and in English."""

Terms = Mapping[str, Sentence]

STAGES: Final[Terms] = {
    Stage.INTAKE: ("受理", "Intake"),
    Stage.TRANSFER: ("转办", "Hand-over"),
    Stage.VERIFICATION: ("核实", "Verification"),
    Stage.FUNDING: ("资金筹措", "Fund-raising"),
    Stage.BONDING: ("纳入债券", "Bonds"),
    Stage.PAYMENT: ("分期支付", "Payment"),
    Stage.REVIEW: ("回访审核", "Call-back"),
    Stage.CLOSED: ("销号", "Struck off"),
    Stage.REFUSED: ("不予受理", "Refused"),
    Stage.UNFOUNDED: ("不属实", "Unfounded"),
    Stage.WITHDRAWN: ("撤回", "Withdrawn"),
    Stage.JUDICIAL: ("转司法", "To the courts"),
    Stage.MERGED: ("并案", "Merged"),
    Stage.HANDED_OUT: ("移送", "Handed out"),
}

DUTIES: Final[Terms] = {
    DutyKind.INTAKE: ("审查受理", "Examine the complaint"),
    DutyKind.CORRECTION: ("补正材料", "Supply the correction"),
    DutyKind.TRANSFER: ("转办", "Hand over to who must pay"),
    DutyKind.ACKNOWLEDGEMENT: ("签收", "Acknowledge"),
    DutyKind.RESPONSE: ("书面答复", "State what is owed"),
    DutyKind.VERIFICATION: ("核实认定", "Verify what is owed"),
    DutyKind.ENDORSEMENT: ("确认欠款", "Endorse the recognised debt"),
    DutyKind.APPROVAL: ("审批送审", "Decide on a submission"),
    DutyKind.OBJECTION: ("认定异议", "Decide on the objection"),
    DutyKind.DISPUTE: ("处理分歧", "Settle the disputed part"),
    DutyKind.FOLLOW_UP: ("跟踪司法进展", "Follow the part in court"),
    DutyKind.DATING: ("明确到期日", "Give what is not yet due its day"),
    DutyKind.FALLING_DUE: ("未到期款项", "A part that will fall due"),
    DutyKind.FUNDING: ("制定清偿计划", "Make a plan of payment"),
    DutyKind.BONDING: ("债券资金到位", "Bring the bond money"),
    DutyKind.INSTALMENT: ("按期付款", "Pay the instalment"),
    DutyKind.CONFIRMATION: ("确认到账", "Confirm the receipt"),
    DutyKind.ATTESTATION: ("核实到账", "Attest the receipt"),
    DutyKind.ANSWER: ("答复到账异议", "Answer the disputed receipt"),
    DutyKind.INTEREST: ("支付利息", "Pay the interest"),
    DutyKind.PROMISE: ("履行约谈承诺", "Keep a promise"),
    DutyKind.REVIEW: ("回访审核", "Call the enterprise back"),
    DutyKind.STRIKE_OFF: ("审批销号", "Strike the case off"),
    DutyKind.VOLUNTARY: ("核实撤回意愿", "Ask whether the withdrawal is voluntary"),
    DutyKind.APPEAL: ("答复申诉", "Answer the appeal"),
    DutyKind.GATE: ("审批", "Decide a proposed step"),
}

ACTS: Final[Mapping[str, str]] = {
    DutyKind.INTAKE: "完成审查,作出受理或者不予受理的决定",
    DutyKind.CORRECTION: "补正材料",
    DutyKind.TRANSFER: "将案件转办至责任单位",
    DutyKind.ACKNOWLEDGEMENT: "签收转办材料",
    DutyKind.RESPONSE: "书面答复欠款情况,列明结算、已付、无分歧和有分歧金额",
    DutyKind.VERIFICATION: "完成核实,形成处理结果并书面告知",
    DutyKind.ENDORSEMENT: "对欠款认定予以确认或者提出异议",
    DutyKind.OBJECTION: "对债权人的异议作出认定",
    DutyKind.DISPUTE: "协商处理有分歧部分",
    DutyKind.FUNDING: "制定清偿计划,落实资金来源",
    DutyKind.BONDING: "落实债券资金",
    DutyKind.INSTALMENT: "按清偿计划付款,报送付款凭证",
    DutyKind.CONFIRMATION: "核对到账情况,予以确认或者提出异议",
    DutyKind.ATTESTATION: "核对银行凭证,认定到账情况",
    DutyKind.ANSWER: "答复到账异议,补充付款凭证",
    DutyKind.INTEREST: "支付核定的利息,报送付款凭证",
    DutyKind.PROMISE: "履行约谈时作出的承诺",
    DutyKind.REVIEW: "完成回访审核",
    DutyKind.STRIKE_OFF: "审核办结材料,作出销号的决定",
    DutyKind.VOLUNTARY: "联系债权人,核实撤回是否自愿",
    DutyKind.FOLLOW_UP: "了解司法程序进展",
    DutyKind.DATING: "明确未到期款项的到期日",
    DutyKind.FALLING_DUE: "准备到期款项的支付",
    DutyKind.APPROVAL: "对送审事项作出批准或者退回的决定",
    DutyKind.APPEAL: "对债权人的申诉作出答复",
    DutyKind.GATE: "作出同意或者不同意的决定",
}
"""What documents ask the party that owes a duty to do (in Chinese only)."""

MODES: Final[Terms] = {
    Mode.TRANSFERRED: ("转办", "handed over"),
    Mode.SUPERVISED: ("督办", "supervised"),
    Mode.KEY_SUPERVISED: ("重点督办", "closely supervised"),
    Mode.TAKEN_OVER: ("提级直办", "taken over by the superior office"),
    Mode.REFERRED: ("移交纪检监察机关", "handed to discipline inspection"),
}

SOURCES: Final[Terms] = {
    SourceKind.BUDGET: ("预算安排", "budget"),
    SourceKind.TRANSFER_PAYMENT: ("上级转移支付", "transfer from above"),
    SourceKind.ASSETS: ("盘活资产", "sale of assets"),
    SourceKind.BOND: ("一般债券", "general bond"),
    SourceKind.SPECIAL_BOND: ("专项债券", "special bond"),
    SourceKind.LOAN: ("清欠贷款", "clearing loan"),
    SourceKind.OWN_FUNDS: ("自有资金", "own funds"),
}

BOND_KINDS: Final[Terms] = {kind: SOURCES[kind.source] for kind in BondKind}

DELIVERIES: Final[Terms] = {
    "waiting": ("待送达", "waiting"),
    "sending": ("正在发送", "being sent"),
    "delivered": ("已送达", "delivered"),
    "failing": ("未送达", "not delivered yet"),
    "unknown": ("不明", "unknown"),
    "refused": ("被拒收", "refused"),
    "given_up": ("已放弃", "given up"),
}

NOTICES: Final[Terms] = {
    NoticeKind.PROMPT: ("提示卡", "reminder"),
    NoticeKind.URGING: ("催办单", "urging note"),
    NoticeKind.SUPERVISION: ("督办书", "supervision order"),
    NoticeKind.SUPERVISION_LETTER: ("督办函", "supervision letter"),
    NoticeKind.INTERVIEW: ("约谈通知书", "summons to an interview"),
    NoticeKind.TAKEOVER: ("提级通知", "notice of taking over"),
    NoticeKind.CIRCULAR: ("通报", "circular"),
}

LETTERS: Final[Terms] = {
    LetterKind.ACCEPTANCE: ("受理通知书", "notice of acceptance"),
    LetterKind.REFUSAL: ("不予受理告知书", "notice of refusal"),
    LetterKind.CORRECTION: ("补正通知书", "request for a correction"),
    LetterKind.FORWARDING: ("转办函", "letter of transfer"),
    LetterKind.CONFIRMATION: ("欠款确认书", "statement of the debt"),
    LetterKind.OUTCOME: ("处理结果告知书", "notice of the result"),
    LetterKind.PLAN: ("清偿计划", "payment plan"),
    LetterKind.EXTENSION: ("延期审批单", "approval of an extension"),
    LetterKind.SUSPENSION: ("中止通知书", "notice of suspension"),
    LetterKind.RESUMPTION: ("恢复通知书", "notice of resumption"),
    LetterKind.MINUTES: ("约谈纪要", "minutes of an interview"),
    LetterKind.HANDING_OUT: ("移送函", "letter of hand-over"),
    LetterKind.CLOSING: ("销号审批单", "approval of the strike-off"),
}

DOCUMENTS: Final[Terms] = {**LETTERS, **NOTICES}
"""All kinds of numbered documents (文书), in the order of a case's life."""

SERIES: Final[Mapping[NoticeKind | LetterKind, str]] = {
    NoticeKind.PROMPT: "清欠提",
    NoticeKind.URGING: "清欠催",
    NoticeKind.SUPERVISION: "清欠督",
    NoticeKind.SUPERVISION_LETTER: "清欠督函",
    NoticeKind.INTERVIEW: "清欠约",
    NoticeKind.TAKEOVER: "清欠办",
    NoticeKind.CIRCULAR: "清欠通",
    LetterKind.ACCEPTANCE: "清欠受",
    LetterKind.REFUSAL: "清欠不受",
    LetterKind.CORRECTION: "清欠补",
    LetterKind.FORWARDING: "清欠转",
    LetterKind.CONFIRMATION: "清欠确",
    LetterKind.OUTCOME: "清欠告",
    LetterKind.PLAN: "清欠计",
    LetterKind.EXTENSION: "清欠延",
    LetterKind.SUSPENSION: "清欠中",
    LetterKind.RESUMPTION: "清欠恢",
    LetterKind.MINUTES: "清欠纪",
    LetterKind.HANDING_OUT: "清欠移",
    LetterKind.CLOSING: "清欠销",
}
"""The prefix of the number (文号) of each kind of document."""

STEPS: Final[Terms] = {
    Step.INTERVIEW: ("约谈", "an interview"),
    Step.REFERRED: ("移交纪检监察机关", "hand-over to discipline inspection"),
    Step.CREDIT_RECORD: ("失信记录", "an entry in the record of the untrustworthy"),
}

SATISFIED: Final[Terms] = {
    Satisfied.YES: ("满意", "satisfied"),
    Satisfied.BASICALLY: ("基本满意", "basically satisfied"),
    Satisfied.NO: ("不满意", "not satisfied"),
}

CALL_BACKS: Final[Terms] = {
    CallBackOutcome.YES: ("满意", "satisfied"),
    CallBackOutcome.BASICALLY: ("基本满意", "basically satisfied"),
    CallBackOutcome.NO: ("不满意", "not satisfied"),
    CallBackOutcome.UNREACHABLE: ("联系不上", "nobody was reached"),
}

ROLES: Final[Terms] = {
    Role.CLERK: ("经办人", "clerk"),
    Role.HEAD: ("负责人", "head"),
    Role.FINANCE: ("财政部门", "finance"),
    Role.DEBTOR: ("债务人", "debtor"),
    Role.CREDITOR: ("债权人", "creditor"),
    Role.SYSTEM: ("系统", "by itself"),
}

CHANNELS: Final[Terms] = {
    "hotline": ("热线电话", "hotline"),
    "platform": ("登记平台", "platform"),
    "letter": ("来信", "letter"),
    "visit": ("来访", "visit"),
    "inspection": ("督查检查", "inspection"),
    "transfer": ("上级交办", "transfer"),
    "self_report": ("自查上报", "the debtor's own report"),
}

DEBTOR_KINDS: Final[Terms] = {
    "organ": ("机关", "government organ"),
    "institution": ("事业单位", "public institution"),
    "soe": ("国有企业", "state-owned enterprise"),
    "large_enterprise": ("大型企业", "large enterprise"),
    "platform": ("平台公司", "financing platform"),
    "private": ("民营企业或个人", "private enterprise or person"),
    "unknown": ("待核实", "to be verified"),
}

SIZES: Final[Terms] = {
    "micro": ("微型", "micro"),
    "small": ("小型", "small"),
    "medium": ("中型", "medium"),
    "large": ("大型", "large"),
    "unknown": ("待核实", "to be verified"),
}

OWNERSHIPS: Final[Terms] = {
    "private": ("民营", "private"),
    "state": ("国有", "state"),
    "foreign": ("外资", "foreign"),
    "individual": ("个体", "individual"),
    "unknown": ("待核实", "to be verified"),
}

CLAIM_KINDS: Final[Terms] = {
    "goods": ("货物", "goods"),
    "works": ("工程", "works"),
    "services": ("服务", "services"),
}

SPENDING: Final[Terms] = {
    "capital": ("资本性支出", "capital spending"),
    "recurrent": ("经常性支出", "recurrent spending"),
}

YES_OR_NO: Final[Terms] = {"true": ("是", "yes"), "false": ("否", "no")}

BATCH_STAGES: Final[Terms] = {
    "open": ("申请中", "taking requests"),
    "allocated": ("已分配,待批准", "allocated, to be approved"),
    "approved": ("已批准", "approved"),
    "declined": ("未获批准", "declined"),
    "closed": ("已办结", "closed"),
}

COLOURS: Final[Terms] = {
    Light.NONE: ("正常", "none"),
    Light.BLUE: ("蓝灯", "blue"),
    Light.YELLOW: ("黄灯", "yellow"),
    Light.RED: ("红灯", "red"),
}
"""The names of the lights where their meaning stands beside them."""

LIGHTS: Final[Terms] = {
    Light.NONE: ("正常", "on time"),
    Light.BLUE: ("蓝灯·临近", "near"),
    Light.YELLOW: ("黄灯·逾期", "late"),
    Light.RED: ("红灯·久逾期", "long late"),
}

ADJUSTED: Final[Terms] = {
    AdjustedWhy.ERROR: ("更正", "a correction"),
    AdjustedWhy.DISCOUNT: ("折让", "a discount"),
    AdjustedWhy.DEDUCTION: ("扣减", "a deduction"),
    AdjustedWhy.SUPPLEMENT: ("补充", "an addition"),
}

IN_COURT: Final[Terms] = {
    InCourt.DISPUTED: ("有分歧部分", "the disputed part"),
    InCourt.ALL: ("全部欠款", "all of it"),
}

PAYMENT_FORMS: Final[Terms] = {
    PaymentForm.CASH: ("现金", "money"),
    PaymentForm.BILL: ("商业汇票", "a bill"),
    PaymentForm.E_VOUCHER: ("电子债权凭证", "an electronic claim"),
    PaymentForm.IN_KIND: ("以物抵债", "in kind"),
    PaymentForm.OFFSET: ("债务抵销", "an offset"),
    PaymentForm.WAGE_ACCOUNT: ("工资专户", "the wage account"),
}

REVERSED: Final[Terms] = {
    ReversedWhy.RETURNED: ("退回", "it was returned"),
    ReversedWhy.DISHONOURED: ("拒付", "the bill was dishonoured"),
    ReversedWhy.MISTAKE: ("误记", "it was a mistake"),
}

PAYMENTS: Final[Terms] = {
    "reported": ("待确认", "to be confirmed"),
    "confirmed": ("已确认到账", "confirmed"),
    "disputed": ("有异议", "disputed"),
    "bounced": ("已退票", "bounced"),
    "attested": ("经核实到账", "attested by the office"),
    "maturing": ("待到期", "waits for its day"),
    "reversed": ("已冲回", "reversed"),
}

GROUNDS: Final[Terms] = {
    Ground.COURT: ("司法程序", "a court has it"),
    Ground.APPRAISAL: ("鉴定评估", "an appraisal is awaited"),
    Ground.CREDITOR_ABSENT: ("债权人无法联系", "the creditor cannot be reached"),
    Ground.FORCE_MAJEURE: ("不可抗力", "force majeure"),
    Ground.OTHER: ("其他", "another ground"),
}

HANDED_OUT_TO: Final[Terms] = {
    HandOutTo.PROVINCE: ("外省", "another province"),
    HandOutTo.MINISTRY: ("国家部委", "a ministry"),
    HandOutTo.OTHER: ("其他部门", "another authority"),
}

SUBSTITUTED: Final[Terms] = {
    SubstitutedWhy.ASSIGNMENT: ("债权转让或者债务转移", "it was assigned"),
    SubstitutedWhy.SUCCESSION: ("承继", "it was succeeded to"),
    SubstitutedWhy.REORGANISATION: ("机构改革或者重组", "it was reorganised"),
}

SERVED: Final[Terms] = {
    ServedHow.PLATFORM: ("平台送达", "through the window"),
    ServedHow.MAIL: ("电子邮件送达", "by mail"),
    ServedHow.POST: ("邮寄送达", "by post"),
    ServedHow.IN_PERSON: ("直接送达", "in person"),
    ServedHow.NOTICE: ("公告送达", "by public notice"),
}

INTEREST_RULES: Final[Terms] = {
    InterestRule.AGREED: ("约定利息", "as agreed"),
    InterestRule.STATUTORY: ("法定利息", "as the regulation says"),
    InterestRule.LPR: ("按 LPR 计息", "at the LPR"),
    InterestRule.NONE: ("不计利息", "none"),
}

OF: Final[Mapping[type[StrEnum], Terms]] = {
    EvidenceKind: EVIDENCE,
    Mode: MODES,
    Triage: MODES,
    SourceKind: SOURCES,
    Step: STEPS,
    Satisfied: SATISFIED,
    CallBackOutcome: CALL_BACKS,
    DutyKind: DUTIES,
    AdjustedWhy: ADJUSTED,
    InCourt: IN_COURT,
    PaymentForm: PAYMENT_FORMS,
    HandOutTo: HANDED_OUT_TO,
    Ground: GROUNDS,
    ReversedWhy: REVERSED,
    InterestRule: INTEREST_RULES,
    PartySide: ROLES,
    ServedHow: SERVED,
    SubstitutedWhy: SUBSTITUTED,
}
"""The words for the values of enumerations in commands."""
