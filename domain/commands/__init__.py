"""The commands to a case: one class each, named by its field `do`, in a module for each stage."""
# ruff: noqa: F403 - each module says in `__all__` what it has; a new command is listed there and nowhere else.

from typing import Annotated, Any, Final

from pydantic import Field, TypeAdapter
from typing_extensions import TypeAliasType

from domain.commands.approval import *
from domain.commands.approval import ApprovalCommand
from domain.commands.correction import *
from domain.commands.correction import CorrectionCommand
from domain.commands.courts import *
from domain.commands.courts import CourtsCommand
from domain.commands.delay import *
from domain.commands.delay import DelayCommand
from domain.commands.desk import *
from domain.commands.desk import DeskCommand
from domain.commands.evidence import *
from domain.commands.evidence import EvidenceCommand
from domain.commands.funding import *
from domain.commands.funding import FundingCommand
from domain.commands.handover import *
from domain.commands.handover import HandoverCommand
from domain.commands.intake import *
from domain.commands.intake import IntakeCommand
from domain.commands.interest import *
from domain.commands.interest import InterestCommand
from domain.commands.interview import *
from domain.commands.interview import InterviewCommand
from domain.commands.merging import *
from domain.commands.merging import MergingCommand
from domain.commands.parties import *
from domain.commands.parties import PartiesCommand
from domain.commands.payment import *
from domain.commands.payment import PaymentCommand
from domain.commands.planning import *
from domain.commands.planning import PlanningCommand
from domain.commands.policy import *
from domain.commands.policy import PolicyCommand
from domain.commands.pressure import *
from domain.commands.pressure import PressureCommand
from domain.commands.recognition import *
from domain.commands.recognition import RecognitionCommand
from domain.commands.review import *
from domain.commands.review import ReviewCommand
from domain.commands.withdrawal import *
from domain.commands.withdrawal import WithdrawalCommand
from domain.money import PEOPLE
from domain.value import DEFERRED

AnyCommand = (
    IntakeCommand
    | HandoverCommand
    | MergingCommand
    | RecognitionCommand
    | PlanningCommand
    | FundingCommand
    | PaymentCommand
    | InterestCommand
    | ReviewCommand
    | WithdrawalCommand
    | CourtsCommand
    | DelayCommand
    | PartiesCommand
    | CorrectionCommand
    | PressureCommand
    | InterviewCommand
    | DeskCommand
    | EvidenceCommand
    | PolicyCommand
    | ApprovalCommand
)
"""Every command that can be given to a case."""

Command = TypeAliasType("Command", Annotated[AnyCommand, Field(discriminator="do")])
"""A command as the update `act` takes it. Pydantic picks the class by the field `do`.

It is a named alias because the SDK strips `Annotated` from a handler's type hints. Without the discriminator every class would
be tried in turn, and each command would cost more with every class that is added.
"""

COMMAND: Final[TypeAdapter[AnyCommand]] = TypeAdapter(Command, config=DEFERRED)
"""Reads and checks a command of any class."""


def read_command(written: dict[str, Any]) -> AnyCommand:
    """Read a command that a person or another program wrote, with amounts as people write them.

    Raises:
        pydantic.ValidationError: A field is missing, unknown or wrong, or `do` is no command.
    """
    return COMMAND.validate_python(written, context=PEOPLE)
