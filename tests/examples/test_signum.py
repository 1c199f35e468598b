from tests.command_line import knockout
from tests.examples.project import answered, runs


def test_an_optimizer_of_one_s_own_goes_from_its_contract_to_a_verdict(tmp_path) -> None:
    project = answered("signum", tmp_path, recipe={"epochs": 2}, replicates=2, tune={"trials": 2})
    lines = knockout(project, "check", "signum").splitlines()
    assert lines[0] == "optimizer my_lab.signum:Signum"
    assert {line.split()[0] for line in lines[1:]} == {"ok"}
    table = runs(project, "digits")
    assert set(table["optimizer"]) == {"sgd", "signum", "adam"}
    assert (table["status"] == "ok").all()
    assert "signum vs sgd" in (project / "results/with_without.md").read_text(encoding="utf-8")
