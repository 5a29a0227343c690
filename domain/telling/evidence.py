"""证据材料: the texts of the forms, and the sentences about the facts."""

from typing import Final

from domain import commands as c
from domain import facts as e
from domain.evidence import EVIDENCE, FORMATS
from domain.telling.asking import Asking, Label, Words
from domain.telling.sentence import sentence
from domain.telling.words import Sentence

ASKING: Final[Words] = {
    c.Attach: Asking(
        "提交材料",
        "Attach a paper",
        {
            "what": Label("材料类型", "What it is"),
            "for": Label("用于(凭证号或事项)", "What for: a voucher or a step"),
            "attachment": Label("存储名", "Its name in the store"),
            "name": Label("文件名", "File name"),
            "mime": Label("格式", "Format", choices={mime: (said, said) for mime, said in FORMATS.items()}),
            "size": Label("字节", "Bytes"),
            "sha256": Label("校验值", "SHA-256"),
        },
    ),
    c.Detach: Asking("撤下材料", "Take a paper back", {"attachment": Label("材料序号", "No.")}),
}


@sentence.register
def _(fact: e.Attached) -> Sentence:
    zh, en = EVIDENCE[fact.what]
    of_zh, of_en = (f",用于 {fact.of}", f", for {fact.of}") if fact.of else ("", "")
    return (
        f"提交材料第 {fact.no} 号:{zh}《{fact.name}》{of_zh}",
        f"Attachment {fact.no}: {en}, {fact.name}{of_en}",
    )


@sentence.register
def _(fact: e.Detached) -> Sentence:
    return (
        f"撤下材料第 {fact.attachment} 号:{fact.reason}",
        f"Attachment {fact.attachment} counts no longer: {fact.reason}",
    )
