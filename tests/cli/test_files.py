"""A wrong file gets a clear answer: every fault with its line or path, exit code 2, nothing started."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.program import app
from rehearsal.scenario import read_scenario

GOOD = Path("examples/qingshigou.toml").read_text("utf-8")


def faults_of(text: str, tmp_path: Path, *command: str, suffix: str = ".toml") -> list[str]:
    """Run a command on a file that is wrong; the faults it names."""
    path = tmp_path / f"file{suffix}"
    path.write_text(text, "utf-8")
    result = CliRunner().invoke(app, [*(command or ("rehearse",)), str(path), "--json"])
    assert result.exit_code == 2, result.output
    told = json.loads(result.stdout)
    assert told["file"] == str(path)
    faults: list[str] = told["faults"]
    return faults


def test_not_toml_names_the_line(tmp_path: Path) -> None:
    (fault,) = faults_of('title = "x"\nstarts_on = = 3\n', tmp_path)
    assert fault.startswith("line 2: not TOML")


def test_not_json_names_the_line(tmp_path: Path) -> None:
    (fault,) = faults_of('{"case":\n [,]}', tmp_path, "open", suffix=".json")
    assert fault.startswith("line 2: not JSON")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["rehearse", str(tmp_path / "missing.toml"), "--json"])
    assert result.exit_code == 2
    assert json.loads(result.stdout)["faults"][0].startswith("file: cannot be read")


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        ('title = "青石沟:4216万元怎样还清"', "", "title: this field is missing"),
        ('policy = "gansu"', 'policy = "atlantis"', "policy: there is no such rule pack"),
        ("starts_on = 2023-04-26", 'starts_on = "soon"', "starts_on: not a date"),
        ("ends_on = 2023-10-31", "ends_on = 2023-05-01", "ends_on: is before the last step"),
        (
            'claimed = "4000万元"',
            'claimed = "4216.1234567万元"',
            "case[1].claimed: '4216.1234567万元' is not a whole",
        ),
        ('claimed = "4000万元"', 'claimed = "4000余万元"', "case[1].claimed: not an amount"),
        ('channel = "hotline"', "", "case[1].channel: this field is missing"),
        ('channel = "hotline"', 'channel = "hotline"\nby = "李敏"', "case[1].by: not an actor"),
        (
            'channel = "hotline"',
            'channel = "hotline"\nrefused = "not_yours"',
            "case[1].refused: 'not_yours': registering a case is refused with duplicate",
        ),
        (
            'office = "620000"',
            'office = "990000"',
            "case[1].office: 990000 is no office of the rule pack gansu",
        ),
        ('channel = "hotline"', 'channel = "pigeon"', "case[1].channel:"),
        ("livelihood = true", "livelihod = true", "case[1].livelihod: there is no such field"),
        (
            "allocates_on = 2023-09-10",
            "allocates_on = 2023-07-10",
            "bond_batch[1].allocates_on: is before opens_on",
        ),
        ('do = "acknowledge"', 'do = "applaud"', "step[5].do: unknown command 'applaud'"),
        (
            'do = "acknowledge"',
            'do = "acknowledge"\nentered_by = "clerk@620105"',
            "step[5].entered_by: names the person who enters it",
        ),
        (
            'do = "acknowledge"',
            'do = "acknowledge"\nentered_by = "clerk:李\u200b敏@620105"',
            "step[5].entered_by: ",
        ),
        ('do = "endorse"\n', "", "step[8].do: this field is missing"),
        (
            'by = "debtor:王强"\ndo = "acknowledge"',
            'by = "mayor:王"\ndo = "acknowledge"',
            "step[5].by: not an actor",
        ),
        ('voucher = "PZ-2023-1007"\n', "", "step[14].voucher: this field is missing"),
        ('refused = "four_eyes"', 'refused = "two_eyes"', "step[20].refused: 'two_eyes' is no refusal code"),
        ("on = 2023-06-13", "on = 2023-05-13", "step[9].on: 2023-05-13 is before 2023-05-15"),
        (
            'case = "qsg"\nby = "debtor:王强"\ndo = "plan"',
            'case = "x"\nby = "debtor"\ndo = "plan"',
            "step[9].case: there is no",
        ),
        (
            'case = "qsg"\nby = "debtor:王强"\ndo = "plan"',
            'by = "debtor"\ndo = "plan"',
            "step[9]: names either",
        ),
        (
            'batch = "b1"\nby = "head:孙@620105"\ndo = "approve"',
            'batch = "b1"\nby = "head:孙"\ndo = "approve"',
            "step[10].by:",
        ),
        (
            'stage = "closed"\nmode',
            'stagge = "closed"\nmode',
            "expect.case.qsg.stagge: there is no such field",
        ),
        (
            "due_on = 2023-10-23",
            "due_on = 9998-10-23",
            "step[9].instalments[2].due_on: Input should be less than or equal to 2099-12-31",
        ),
        (
            "received_on = 2023-04-26",
            "received_on = 0023-04-26",
            "case[1].received_on: Input should be greater than or equal to 2000-01-01",
        ),
        (
            "allocates_on = 2023-09-10",
            "allocates_on = 9999-12-31",
            "bond_batch[1].allocates_on: Input should be less than or equal to 2099-12-31",
        ),
        ("starts_on = 2023-04-26", "starts_on = 0023-04-26", "starts_on: Input should be greater"),
        ("ends_on = 2023-10-31", "ends_on = 9999-12-31", "ends_on: Input should be less"),
        ("on = 2023-06-13", "on = 9999-06-26", "step[9].on: Input should be less"),
        (
            'kind = "organ"',
            'kind = "organ"\ncode = "000000000000000000"',
            "case[1].debtor.code: the code names no",
        ),
        (
            'kind = "organ"',
            f'kind = "organ"\ncode = "{"9" * 2700}"',
            "case[1].debtor.code: String should have at most",
        ),
        (
            'note = "来电反映',
            f'note = "{"长" * 2000}来电反映',
            "case[1].note: String should have at most",
        ),
        ('ref = "b2"', f'ref = "{"b" * 101}"', "bond_batch[2].ref: String should have at most 100"),
        (
            'do = "acknowledge"',
            f'do = "acknowledge"\ncommand_id = "{"i" * 101}"',
            "step[5].command_id: String should",
        ),
        (
            "received_on = 2023-04-26",
            "received_on = 2023-06-14",
            "step[1].on: 2023-04-26 is before 2023-06-14, the day on which qsg is opened",
        ),
        (
            "on = 2023-09-22",
            "on = 2023-07-22",
            "step[10].on: 2023-07-22 is before 2023-08-01, the day on which b1 is opened",
        ),
        (
            'do = "acknowledge"',
            'do = "attach"\nwhat = "other"\nfile = "gone.pdf"',
            "step[5].file: cannot be read",
        ),
        ("[expect.case.qsg]", "[expect.case.zzz]", "expect.case.zzz: there is no case with that ref"),
        ('cleared = "4216万元"', 'cleared = "much"', "expect.case.qsg.cleared: not an amount"),
        ('ref = "b2"', 'ref = "qsg"', "bond_batch[2].ref: qsg is used twice"),
        (
            'stage = "closed"\nmode',
            'events = "many"\nmode',
            "expect.case.qsg.events: must be a list of tables",
        ),
        (
            'stage = "closed"\nmode',
            "events = [1]\nmode",
            "expect.case.qsg.events: must be a list of tables",
        ),
        (
            'stage = "closed"\nmode',
            'duties = { duty = "intake" }\nmode',
            "expect.case.qsg.duties: must be a list of tables",
        ),
        ("[expect.case.qsg]", "[expect]\ncase = 1\n[nothing]", "expect.case: must be a table"),
        ("[expect.case.qsg]", "[expect.case]\nqsg = 1\n[nothing]", "expect.case.qsg: must be a table"),
    ],
)
def test_each_fault_is_named_with_its_path(right: str, wrong: str, fault: str, tmp_path: Path) -> None:
    assert right in GOOD
    faults = faults_of(GOOD.replace(right, wrong, 1), tmp_path)
    assert any(found.startswith(fault) for found in faults), faults


def test_a_paper_that_is_not_there_is_one_fault(tmp_path: Path) -> None:
    paper = 'do = "attach"\nwhat = "other"\nfile = "gone.pdf"'
    faults = faults_of(GOOD.replace('do = "acknowledge"', paper), tmp_path)
    assert [fault.partition(":")[0] for fault in faults] == ["step[5].file"]


def test_a_step_that_must_be_malformed_may_be(tmp_path: Path) -> None:
    """Bounds are scenarios too: what no door reads is refused with that."""
    path = tmp_path / "file.toml"
    for wrong in ('do = "applaud"', 'do = "acknowledge"\nsurely = true'):
        path.write_text(GOOD.replace('do = "acknowledge"', f'{wrong}\nrefused = "malformed"'), "utf-8")
        assert "step[5]" not in [step.path for step in read_scenario(path).steps]
        faults = faults_of(GOOD.replace('do = "acknowledge"', f'{wrong}\nrefused = "wrong_stage"'), tmp_path)
        assert faults[0].startswith("step[5].")


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    wrong = GOOD.replace('claimed = "4000万元"', "claimed = -1", 1).replace('do = "endorse"', 'do = "cheer"')
    faults = faults_of(wrong.replace('office = "620105"', 'office = "1"'), tmp_path)
    assert len(faults) == 4
    assert sorted(fault.split(":")[0] for fault in faults) == [
        "bond_batch[1].office",
        "bond_batch[2].office",
        "case[1].claimed",
        "step[8].do",
    ]


def test_open_refuses_a_case_from_the_future(tmp_path: Path) -> None:
    case = GOOD.split("[[bond_batch]]")[0].split("[[case]]")[1].replace("2023-04-26", "2098-01-01")
    (fault,) = faults_of(f"[[case]]\n{case}", tmp_path, "open")
    assert fault.startswith("case[1].received_on: is after today")


def test_open_refuses_a_case_brought_in_with_a_plan_for_another_generation(tmp_path: Path) -> None:
    case = GOOD.split("[[bond_batch]]")[0].split("[[case]]")[1]
    taken = """
    [case.taken_in]
    as_of = 2023-05-01
    source = "台账"
    stage = "payment"
    recognition = { settled = "100万元", paid = 0, undisputed = "100万元", as_of = 2023-05-01 }
    plan.sources = [{ kind = "budget", amount = "100万元" }]
    plan.instalments = [{ due_on = 2090-01-01, amount = "100万元" }]
    """
    (fault,) = faults_of(f"[[case]]\n{case}\n{taken}", tmp_path, "open")
    assert fault.startswith("case[1].taken_in.plan.instalments.0.due_on: 2090-01-01 is more than 30 years")


@pytest.mark.parametrize("year", ["0023", "1999", "2090", "9999"])
def test_a_batch_is_opened_for_no_year_beyond_sight(year: str, tmp_path: Path) -> None:
    batch = GOOD.split("[[bond_batch]]")[1].split("[[")[0].replace("2023-08-01", f"{year}-08-01")
    batch = batch.replace("2023-09-10", f"{year}-09-10")
    faults = faults_of(f"[[bond_batch]]\n{batch}", tmp_path, "batch", "open")
    assert any(fault.startswith("bond_batch[1].allocates_on: ") for fault in faults)


def test_a_plan_of_more_than_ten_years_of_months_is_told_at_its_field(tmp_path: Path) -> None:
    instalment = '{ due_on = 2023-10-23, amount = "1元" },\n'
    start, end = GOOD.index("instalments = [") + len("instalments = ["), 0
    end = GOOD.index("]", start)
    (fault,) = faults_of(GOOD[:start] + instalment * 121 + GOOD[end:], tmp_path)
    assert fault.startswith("step[9].instalments: Tuple should have at most 120 items")


def test_a_command_without_an_actor_is_wrong_usage(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["act", "QQ-620105-2026-0001", "accept", "--json"])
    assert result.exit_code == 2
    assert "by" in json.loads(result.stdout)["faults"][0]


def test_every_fault_of_a_command_is_named() -> None:
    call = ["act", "QQ-620105-2026-0001", "fund", "--by", "finance:钱@620105", "--json"]
    result = CliRunner().invoke(app, [*call, "--field", "amount=0.001元", "--field", "sauce=budget"])
    assert result.exit_code == 2
    told = json.loads(result.stdout)
    assert told["refused"]["code"] == "malformed"
    named = {fault.split(":")[0] for fault in told["faults"]}
    assert named == {"amount", "sauce", "source", "reference"}


def test_a_partys_word_is_entered_by_a_named_clerk_beside_it_and_for_nobody_else(tmp_path: Path) -> None:
    call = ["act", "QQ-620105-2026-0001", "endorse", "--json", "--entered-by"]
    for by, clerk in {"creditor": "clerk@620105", "clerk:李敏@620105": "clerk:马@620105"}.items():
        result = CliRunner().invoke(app, [*call, clerk, "--by", by])
        assert result.exit_code == 2
        assert json.loads(result.stdout)["refused"]["field"] == "entered_by"
    text = GOOD.replace('do = "acknowledge"', 'do = "acknowledge"\nentered_by = "clerk:李  敏@620105"')
    file = tmp_path / "scenario.toml"
    file.write_text(text, "utf-8")
    assert str(read_scenario(file).steps[4].command.entered_by) == "clerk:李 敏@620105"
