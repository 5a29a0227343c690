"""The facts: what can happen to a case or a batch. One class for each kind of journal entry, in a module for each stage."""
# ruff: noqa: F403 - each module says in `__all__` what it has; a new fact is listed there and nowhere else.

from domain.facts.approval import *
from domain.facts.approval import ApprovalFact
from domain.facts.bonds import *
from domain.facts.correction import *
from domain.facts.correction import CorrectionFact
from domain.facts.courts import *
from domain.facts.courts import CourtsFact
from domain.facts.delay import *
from domain.facts.delay import DelayFact
from domain.facts.desk import *
from domain.facts.desk import DeskFact
from domain.facts.evidence import *
from domain.facts.evidence import EvidenceFact
from domain.facts.funding import *
from domain.facts.funding import FundingFact
from domain.facts.handover import *
from domain.facts.handover import HandoverFact
from domain.facts.intake import *
from domain.facts.intake import IntakeFact
from domain.facts.interest import *
from domain.facts.interest import InterestFact
from domain.facts.interview import *
from domain.facts.interview import InterviewFact
from domain.facts.merging import *
from domain.facts.merging import MergingFact
from domain.facts.parties import *
from domain.facts.parties import PartiesFact
from domain.facts.payment import *
from domain.facts.payment import PaymentFact
from domain.facts.planning import *
from domain.facts.planning import PlanningFact
from domain.facts.policy import *
from domain.facts.policy import PolicyFact
from domain.facts.pressure import *
from domain.facts.pressure import PressureFact
from domain.facts.recognition import *
from domain.facts.recognition import RecognitionFact
from domain.facts.review import *
from domain.facts.review import ReviewFact
from domain.facts.withdrawal import *
from domain.facts.withdrawal import WithdrawalFact

CaseFact = (
    IntakeFact
    | HandoverFact
    | MergingFact
    | RecognitionFact
    | PlanningFact
    | FundingFact
    | PaymentFact
    | InterestFact
    | ReviewFact
    | WithdrawalFact
    | CourtsFact
    | DelayFact
    | PartiesFact
    | CorrectionFact
    | PressureFact
    | InterviewFact
    | DeskFact
    | EvidenceFact
    | PolicyFact
    | ApprovalFact
)
