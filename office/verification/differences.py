"""The differences that `verify` can find, each with its remedy in both languages."""

from enum import Enum
from typing import Any, Final, NamedTuple

from sqlalchemy import Row


class Remedy(Enum):
    """What an operator does about a difference: a sentence in Chinese, and in English."""

    TAMPERED = (
        "有人绕过规则改了档案:停止写入,保留现状作为证据,查明经过,再从改动之前的备份恢复",
        "somebody wrote past the rules: stop workers and window, keep the database as evidence, find out who, "
        "then restore the backup from before it",
    )
    DERIVED = (
        "以办理日志为准:改正之前不要办理此件;保留现状,查明是谁改的,再停机用 qingqian rebuild 重建(分配表从备份恢复)",
        "the journal counts: give it no command until this is put right; find out who changed it, then stop workers and window "
        "and use `qingqian rebuild`; shares and news of a batch come from the backup",
    )
    RECORD_BEHIND = (
        "档案比 Temporal 旧:停机,先把档案恢复到能恢复的最晚时刻,再用 qingqian rebuild 从工作流历史补写",
        "the record is older than Temporal: stop workers and window, restore it to the latest moment there is, "
        "and have `qingqian rebuild` complete it from the workflows' histories",
    )
    TEMPORAL_BEHIND = (
        "刚恢复过 Temporal 或有进程被中断的,用 qingqian revive 让流程补学;没有的,就是有人直接写了档案,按改动处理",
        "if Temporal was restored or a process was killed, `qingqian revive` tells the workflow; if not, somebody wrote into "
        "the record: keep the database as evidence and restore the backup from before it",
    )
    STORE = (
        "材料存储与日志不符:保留现状,查明经过,从材料存储的备份恢复该文件",
        "the store of papers is not what the journal says: keep it as evidence, find out why, and restore the paper from "
        "the store's backup",
    )
    TALLIES = (
        "案件为准,总览的合计有误:用 qingqian rebuild 重新计数(每天夜里也会重新计数一次),并查明是谁改的",
        "the cases count, and an overview adds up wrongly: `qingqian rebuild` counts anew, as every night does; "
        "find out who changed it",
    )
    GONE = (
        "用 qingqian revive 从档案重新启动流程(见 docs/production.md)",
        "`qingqian revive` starts it anew from the record (docs/production.md, A workflow that is gone)",
    )
    NEVER_OPENED = (
        "登记后没有办成:用原来的幂等键再提交一次即以此号办理;没有键的重新登记,此号不再使用",
        "it was numbered and never opened: ask again under the same key and it is opened under this number; "
        "without a key open it anew, and this number stays unused",
    )
    UNNUMBERED = (
        "没有登记此号:档案比 Temporal 旧或登记被删的,恢复档案;测试等无主的工作流,用 temporal workflow terminate 结束",
        "the number was never given: if rows are lost, restore the record; a workflow that is nobody's is ended by "
        "`temporal workflow terminate`",
    )
    STUCK = (
        "用 temporal workflow describe 看失败原因;原因消除后会自行继续",
        "`temporal workflow describe` shows why it fails; once the cause is gone it goes on by itself",
    )
    UNKNOWN = ("核对编号", "look at the number again")


PARTS: Final = {
    "number": "编号",
    "journal": "办理日志",
    "effects": "入档记录",
    "read model": "现状表",
    "claim": "查重表",
    "documents": "文书",
    "papers": "材料",
    "references": "资金文号",
    "ledger": "分户账",
    "pool": "债券需求",
    "allocation": "分配表",
    "news": "批次通知",
    "tallies": "总览合计",
    "history": "工作流历史",
    "workflow": "工作流",
}
"""The parts of a case or batch that are compared."""


class Difference(NamedTuple):
    """A difference between two sources about one case or batch.

    Attributes:
        part: One of `PARTS`; empty if there was nothing to compare.
        subject: What it is about within the part. If two looks find the same subject, it is the same difference.
        found: The difference in words.
    """

    part: str
    subject: str
    found: str
    remedy: Remedy

    def __str__(self) -> str:
        return f"{self.part}: {self.found}" if self.part else self.found


class Found(NamedTuple):
    """A difference with the number of its case or batch."""

    stream: str
    difference: Difference

    def __str__(self) -> str:
        return f"{self.stream}: {self.difference}"

    def to_json(self) -> dict[str, Any]:
        """`{stream, part, found, message, detail}`; the last two are the remedy in Chinese and English."""
        part, _, found, remedy = self.difference
        message, detail = remedy.value
        return {"stream": self.stream, "part": part, "found": found, "message": message, "detail": detail}


def altered_columns(part: str, expected: dict[str, Any], stored: Row[Any] | None) -> list[Difference]:
    """The columns in which a stored row differs from what the journal gives. For a column with a whole state it says only that it
    differs.
    """
    if stored is None:
        return [Difference(part, "row", "the row is missing", Remedy.DERIVED)]
    return [
        Difference(
            part,
            name,
            f"{name} differs"
            + ("" if name == "state" else f": stored {stored._mapping[name]}, journal {wanted}"),
            Remedy.DERIVED,
        )
        for name, wanted in expected.items()
        if stored._mapping[name] != wanted
    ]
