"""The names of the HTTP interface's operations in Chinese and English, by the names that generated clients use."""

from collections.abc import Mapping
from typing import Final

from domain.telling.terms import Sentence

OPERATIONS: Final[Mapping[str, Sentence]] = {
    "open_case": ("登记案件", "Register a case"),
    "list_cases": ("列出案件", "List cases"),
    "show_case": ("查看案件", "Read a case"),
    "show_events": ("查看案件的流水", "Read the journal of a case"),
    "show_forecast": ("预测案件的后续", "Foresee a case"),
    "act_on_case": ("办理案件", "Give a case a command"),
    "attach": ("提交材料", "Put a paper on file"),
    "list_attachments": ("列出材料", "List the papers of a case"),
    "read_attachment": ("下载材料", "Download a paper"),
    "list_documents": ("列出文书", "List the documents of a case"),
    "read_document": ("下载文书", "Download a document"),
    "enquire": ("企业换取令牌", "Exchange an enterprise's code for a token"),
    "show_own_case": ("企业查看本案", "Read the enterprise's own case"),
    "enter_as_debtor": ("债务人换取令牌", "Exchange a debtor's code for a token"),
    "show_debtor_case": ("债务人查看本案", "Read the debtor's own case"),
    "act_as_debtor": ("债务人办理本案", "Give the debtor's case a command"),
    "read_debtor_document": ("债务人下载文书", "Download a document for the debtor"),
    "open_batch": ("开立债券批次", "Open a bond batch"),
    "list_batches": ("列出债券批次", "List bond batches"),
    "show_batch": ("查看债券批次", "Read a bond batch"),
    "act_on_batch": ("办理债券批次", "Give a bond batch a command"),
    "follow_changes": ("跟踪变动", "Follow what changes"),
    "subscribe": ("订阅变动", "Subscribe to changes"),
    "list_subscriptions": ("列出订阅", "List subscriptions"),
    "show_subscription": ("查看订阅", "Read a subscription"),
    "unsubscribe": ("取消订阅", "End a subscription"),
}

TAGS: Final[Mapping[str, Sentence]] = {
    "cases": ("案件", "Cases, for programs of offices"),
    "attachments": ("证据材料", "Papers on file"),
    "documents": ("文书", "Documents that cases have issued"),
    "bond batches": ("债券批次", "Bond batches"),
    "changes": ("变动", "What has changed: a feed, and subscriptions to it"),
    "enquiries": ("企业", "An enterprise's own program"),
    "debtors": ("债务人", "A debtor's own program"),
}
