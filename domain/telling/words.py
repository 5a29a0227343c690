"""The field's own words, in Chinese, for what the code names in English."""

from collections.abc import Mapping
from typing import Final

from domain.value import Stage

Sentence = tuple[str, str]
"""The same in Chinese and in English."""

STAGES = {
    Stage.INTAKE: "受理",
    Stage.TRANSFER: "转办",
    Stage.VERIFICATION: "核实",
    Stage.FUNDING: "资金筹措",
    Stage.BONDING: "纳入债券",
    Stage.PAYMENT: "分期支付",
    Stage.REVIEW: "回访审核",
    Stage.CLOSED: "销号",
    Stage.REFUSED: "不予受理",
    Stage.UNFOUNDED: "不属实",
    Stage.WITHDRAWN: "撤回",
    Stage.JUDICIAL: "转司法",
}

DUTIES = {
    "intake": "审查受理",
    "correction": "补正材料",
    "transfer": "转办",
    "acknowledgement": "签收",
    "verification": "核实认定",
    "endorsement": "确认欠款",
    "dispute": "处理分歧",
    "funding": "制定清偿计划",
    "bonding": "债券资金到位",
    "instalment": "按期付款",
    "confirmation": "确认到账",
    "answer": "答复到账异议",
    "review": "回访审核",
    "gate": "审批",
}

MODES = {
    "transferred": "转办",
    "supervised": "督办",
    "key_supervised": "重点督办",
    "taken_over": "提级直办",
    "referred": "移交纪检监察机关",
}

SOURCES = {
    "budget": "预算安排",
    "transfer_payment": "上级转移支付",
    "assets": "盘活资产",
    "bond": "一般债券",
    "special_bond": "专项债券",
    "loan": "清欠贷款",
    "own_funds": "自有资金",
}
DELIVERIES = {
    "waiting": "待送达",
    "sending": "正在发送",
    "delivered": "已送达",
    "failing": "未送达",
    "unknown": "不明",
    "refused": "被拒收",
    "given_up": "已放弃",
}
NOTICES = {
    "prompt": "提示卡",
    "urging": "催办单",
    "supervision": "督办书",
    "interview": "约谈通知",
    "takeover": "提级通知",
}

STEPS = {"interview": "约谈", "referred": "移交纪检监察机关"}

SATISFIED = {"yes": "满意", "basically": "基本满意", "no": "不满意"}

ROLES = {
    "clerk": "经办人",
    "head": "负责人",
    "finance": "财政部门",
    "debtor": "债务人",
    "creditor": "债权人",
    "system": "系统",
}

ACTS = {
    "intake": "完成审查,作出受理或者不予受理的决定",
    "correction": "补正材料",
    "transfer": "将案件转办至责任单位",
    "acknowledgement": "签收转办材料",
    "verification": "完成核实,认定结算、已付、无分歧和有分歧金额",
    "endorsement": "对欠款认定予以确认或者提出异议",
    "dispute": "协商处理有分歧部分",
    "funding": "制定清偿计划,落实资金来源",
    "bonding": "落实债券资金",
    "instalment": "按清偿计划付款,报送付款凭证",
    "confirmation": "核对到账情况,予以确认或者提出异议",
    "answer": "答复到账异议,补充付款凭证",
    "review": "完成回访审核",
    "gate": "作出同意或者不同意的决定",
}
"""What whoever owes a duty is asked to do."""

CHANNELS: Final[Mapping[str, str]] = {
    "hotline": "热线电话",
    "platform": "登记平台",
    "letter": "来信",
    "visit": "来访",
    "inspection": "督查检查",
    "transfer": "上级交办",
    "self_report": "自查上报",
}

DEBTOR_KINDS: Final[Mapping[str, str]] = {
    "organ": "机关",
    "institution": "事业单位",
    "soe": "国有企业",
    "large_enterprise": "大型企业",
    "platform": "平台公司",
}

SIZES: Final[Mapping[str, str]] = {
    "micro": "微型",
    "small": "小型",
    "medium": "中型",
    "large": "大型",
}

OWNERSHIPS: Final[Mapping[str, str]] = {
    "private": "民营",
    "state": "国有",
    "foreign": "外资",
    "individual": "个体",
}

CLAIM_KINDS: Final[Mapping[str, str]] = {
    "goods": "货物",
    "works": "工程",
    "services": "服务",
}

LIGHTS: Final[Mapping[str, str]] = {
    "none": "正常",
    "blue": "临近",
    "yellow": "逾期",
    "red": "督办",
}
