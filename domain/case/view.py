"""A case as JSON, as every interface shows it (docs/integrators.md). Lights depend on the day, which the caller gives."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from domain.actors import OFFICE_ROLES
from domain.basis import quoted
from domain.case.casefile import SHOWN, Case
from domain.case.contents import Payment, Submission
from domain.case.duties import light_of, light_of_case
from domain.case.notices import responsible
from domain.case.verified import is_verified
from domain.commands import AnyCommand
from domain.commands.written import fields_of
from domain.contract import Contract, OwedSince, owed_since
from domain.duty import Duty, DutyKind
from domain.events import Event
from domain.interest import BASES
from domain.receipt import Contacts
from domain.taken_in import TakenIn
from domain.value import Light, PaymentForm

_SHOWN: Final = {name for name, field in Case.model_fields.items() if SHOWN in field.metadata}


def case_json(case: Case, today: date) -> dict[str, Any]:
    """The case on a day, with amounts in fen and dates as `YYYY-MM-DD`."""
    receipt = case.receipt
    return {
        "case_no": case.case_no,
        "title": receipt.title,
        "stage": case.stage.value,
        "suspended": case.suspended,
        "mode": case.mode.value,
        "light": light_of_case(case, today).value,
        "office": receipt.office,
        "holder": case.holder,
        "creditor": receipt.creditor.model_dump(mode="json"),
        "debtor": receipt.debtor.model_dump(mode="json"),
        "received_on": receipt.received_on.isoformat(),
        "ended_on": _day(case.ended_on),
        "verified": is_verified(case),
        **_amounts_json(case),
        "parts": _parts_json(case),
        "interest": _interest_json(case, today),
        "asleep": case.is_asleep,
        "duties": [_duty_json(duty, case, today) for duty in case.duties],
        "stages": [span.model_dump(mode="json") for span in case.stages],
        "payments": [_payment_json(payment) for payment in case.payments],
        "instalments": _instalments_json(case),
        "sources": _sources_json(case),
        "submissions": [_submission_json(one, case) for one in case.submissions],
        **_receipt_json(case),
        **case.model_dump(mode="json", include=_SHOWN),
    }


def _receipt_json(case: Case) -> dict[str, Any]:
    """The fields of the receipt other than the parties and the claim."""
    receipt = case.receipt
    return {
        "project": receipt.project,
        "channel": receipt.channel,
        "channels": list(dict.fromkeys([receipt.channel, *(one.channel for one in case.absorbed)])),
        "kind": receipt.kind,
        "migrant_wages": receipt.migrant_wages,
        "wage_fen": receipt.wage_amount,
        "livelihood": receipt.livelihood,
        "contract": _contract_json(receipt.contract),
        "owed_since": _owed_since_json(owed_since(receipt.contract, case.governed)),
        "spending": receipt.spending,
        "note": receipt.note,
        "taken_in": _taken_in_json(receipt.taken_in),
        "entered_on": case.entered_on.isoformat(),
    }


def contacts_json(contacts: Contacts) -> dict[str, str | None]:
    """The parties' contacts as JSON. Only for offices that may know them (`domain.rights.may_see_contact`)."""
    return {"contact": contacts.creditor, "debtor_contact": contacts.debtor}


def _amounts_json(case: Case) -> dict[str, int | None]:
    """The amounts of a case in fen: claimed (None while unknown), recognised, and what has been paid or is on its way."""
    recognition = case.recognition
    return {
        "claimed_fen": case.receipt.claimed,
        "settled_fen": recognition.settled_fen if recognition else 0,
        "paid_before_fen": recognition.paid_fen if recognition else 0,
        "undisputed_fen": case.undisputed_fen,
        "disputed_fen": case.disputed_fen,
        "not_yet_due_fen": case.not_yet_due_fen,
        "judicial_fen": case.judicial_fen,
        "rejected_fen": recognition.rejected_fen if recognition else 0,
        "discounted_fen": recognition.discounted_fen if recognition else 0,
        "deducted_fen": recognition.deducted_fen if recognition else 0,
        "included_fen": case.in_bonds_fen,
        "in_kind_fen": sum(one.confirmed_fen for one in case.payments if one.form is PaymentForm.IN_KIND),
        "attested_fen": sum(one.attested_fen for one in case.payments),
        "outstanding_fen": case.outstanding_fen,
    }


def _parts_json(case: Case) -> list[dict[str, Any]]:
    """The parts of what is recognised that are not zero; a dated part has its `no`, the part in court says where it is."""
    court = case.court if case.judicial_fen else None
    dated = [
        (part.no, "not_yet_due", part.amount_fen, part.due_on, part.what)
        for part in (case.recognition.dues if case.recognition else ())
    ]
    undated_fen = case.not_yet_due_fen - sum(fen for _, _, fen, _, _ in dated)
    parts = [
        (None, "undisputed", case.undisputed_fen, None, None),
        (None, "disputed", case.disputed_fen, None, None),
        *dated,
        (None, "not_yet_due", undated_fen, None, None),
        (None, "judicial", case.judicial_fen, None, None),
    ]
    return [
        {
            "no": no,
            "kind": kind,
            "amount_fen": fen,
            "due_on": _day(due_on),
            "what": what,
            "court": court.court if court and kind == "judicial" else None,
            "reference": court.reference if court and kind == "judicial" else None,
            "hearing_on": _day(court.hearing_on) if court and kind == "judicial" else None,
        }
        for no, kind, fen, due_on, what in parts
        if fen
    ]


def _interest_json(case: Case, today: date) -> dict[str, Any] | None:
    """Interest with its computation, to the day or the end of the case; apart from every other amount."""
    fixed, as_of = case.interest, case.ended_on or today
    stands = case.interest_on(as_of)
    if fixed is None or stands is None:
        return None
    signed_on = case.receipt.signed_on or fixed.on
    return {
        "rule": fixed.rule.value,
        "rate": fixed.rate,
        "from": fixed.since.isoformat(),
        "basis": quoted(BASES[fixed.rule], case.governed, signed_on),
        "reason": fixed.reason,
        "as_of": as_of.isoformat(),
        "accrued_fen": stands.accrued_fen,
        "paid_fen": stands.paid_fen,
        "in_transit_fen": stands.in_transit_fen,
        "waived_fen": stands.waived_fen,
        "outstanding_fen": stands.outstanding_fen,
        "lines": [
            {
                "from": line.since.isoformat(),
                "to": line.until.isoformat(),
                "days": line.days,
                "principal_fen": line.principal_fen,
                "interest_fen": line.interest_fen,
            }
            for line in stands.lines
        ],
    }


def event_json(stream: str, seq: int, event: Event, digest: str) -> dict[str, Any]:
    """A journal entry: `{case_no, seq, kind, at, on, by, entered_by, approved_by, account, data, hash}`. `data` holds the fact and the
    duties it changed.
    """
    return {
        "case_no": stream,
        "seq": seq,
        "kind": event.kind,
        "at": event.at.isoformat(),
        "on": event.on.isoformat(),
        "by": str(event.by),
        "entered_by": str(event.entered_by) if event.entered_by else None,
        "approved_by": str(event.approved_by) if event.approved_by else None,
        "account": event.account,
        "data": event_data(event),
        "hash": digest,
    }


def event_data(event: Event) -> dict[str, Any]:
    """The fields of the fact, and the other non-empty fields of its event."""
    data = event.fact.model_dump(mode="json", exclude={"kind"})
    around = event.model_dump(
        mode="json", include={"opened", "met", "redated", "letters", "command_id", "digest"}
    )
    return data | {name: value for name, value in around.items() if value}


def _contract_json(contract: Contract | None) -> dict[str, Any] | None:
    """The known data of the contract; its total in fen."""
    if contract is None:
        return None
    return {**contract.model_dump(mode="json", exclude={"total"}), "total_fen": contract.total}


def _owed_since_json(since: OwedSince | None) -> dict[str, Any] | None:
    """Since when the debt has been owed, and how that day was counted."""
    if since is None:
        return None
    return {
        "on": since.on.isoformat(),
        "from": since.began,
        "from_on": since.from_on.isoformat(),
        "term_days": since.term_days,
        "basis": since.basis,
    }


def _taken_in_json(known: TakenIn | None) -> dict[str, Any] | None:
    """How far the case had come elsewhere. The amounts of that time are those of the case."""
    if known is None:
        return None
    return known.model_dump(mode="json", include={"as_of", "source", "stage", "mode", "acknowledged_on"})


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _duty_json(duty: Duty, case: Case, today: date) -> dict[str, Any]:
    light = light_of(duty, case.lit_on(duty.duty, today))
    is_late = light.severity >= Light.YELLOW.severity
    return {
        "duty": duty.duty.value,
        "owner": duty.owner.value,
        "subject": duty.subject,
        "office": responsible(case, duty) if duty.owner in OFFICE_ROLES else None,
        "opened_on": duty.opened_on.isoformat(),
        "due_on": duty.due_on.isoformat(),
        "due_raw": duty.due_raw.isoformat(),
        "was_due_on": _day(duty.was_due_on),
        "provisional": duty.provisional,
        "basis": duty.basis,
        "rules": duty.rules,
        "calendar": duty.calendar,
        "term": str(duty.term) if duty.term else None,
        "skipped": [
            {"since": skipped.since.isoformat(), "until": skipped.until.isoformat(), "why": skipped.why}
            for skipped in duty.skipped
        ],
        "worked": [day.isoformat() for day in duty.worked],
        "light": light.value,
        "lapsed_on": _day(duty.light_from(Light.YELLOW)) if is_late else None,
        "level": case.levels.get(str(duty.key)),
        "asked_days": case.time_asked.get(str(duty.key)),
    }


def _submission_json(submission: Submission, case: Case) -> dict[str, Any]:
    """A submission, with the last day for its approval while it waits, and the decision afterwards."""
    awaited = (duty for duty in case.duties if duty.duty is DutyKind.APPROVAL)
    due_on = next((duty.due_on for duty in awaited if duty.subject == str(submission.no)), None)
    shown = submission.model_dump(mode="json", exclude={"account", "rests", "is_late", "office"})
    return shown | {"due_on": _day(due_on)}


def is_submitted(shown: Mapping[str, Any], command: AnyCommand) -> bool:
    """Whether the case, as shown right after a command, has the command waiting for approval."""
    return submission_of(shown, command) is not None


def submission_of(shown: Mapping[str, Any], command: AnyCommand) -> int | None:
    """The number under which a command waits for approval; None if it does not."""
    said = (command.do, str(command.by), fields_of(command))
    waiting = (one for one in shown["submissions"] if one["state"] == "waiting")
    return next((one["no"] for one in waiting if (one["do"], one["by"], one["fields"]) == said), None)


def _payment_json(payment: Payment) -> dict[str, Any]:
    return {
        "voucher": payment.voucher,
        "amount_fen": payment.amount_fen,
        "paid_on": payment.paid_on.isoformat(),
        "state": payment.state,
        "form": payment.form.value,
        "direct": payment.direct,
        "matures_on": _day(payment.matures_on),
        "transferred_on": _day(payment.transferred_on),
        "interest_fen": payment.interest_fen,
        "confirmed_fen": payment.accepted_fen,
        "entered_by": str(payment.entered_by) if payment.entered_by else None,
    }


def _instalments_json(case: Case) -> list[dict[str, Any]]:
    owed_since = case.plan.owed_since if case.plan else None
    levels = {
        key.split("/")[1]: level
        for key, level in case.levels.items()
        if key.startswith(f"{DutyKind.INSTALMENT}/") and key.endswith(f"/{owed_since}")
    }
    return [
        {
            "no": instalment.no,
            "due_on": instalment.due_on.isoformat(),
            "amount_fen": instalment.amount_fen,
            "cleared_fen": cleared_fen,
            "covered_fen": covered_fen,
            "level": levels.get(str(instalment.no)),
        }
        for instalment, cleared_fen, covered_fen in case.instalments
    ]


def _sources_json(case: Case) -> list[dict[str, Any]]:
    if case.plan is None:
        return []
    return [source.model_dump(mode="json", exclude={"expected_on"}) for source in case.plan.sources]


def forecast_json(events: Sequence[Event], horizon: date) -> list[dict[str, Any]]:
    """Future events in order: `{on, at, kind, provisional, data}`. `provisional` if the day lies after the horizon."""
    return [
        {
            "on": event.on.isoformat(),
            "at": event.at.isoformat(),
            "kind": event.kind,
            "provisional": event.on > horizon,
            "data": event.fact.model_dump(mode="json", exclude={"kind"}),
        }
        for event in events
    ]
