# SPDX-License-Identifier: Apache-2.0
"""merlon report says what the build, the tests and a device left behind, and nothing else."""
import json
import subprocess

import common
import pytest

MERLON = common.BUILD / "host/bin/merlon"
CLAIMS = 'id,title\na.one,"First, with a ""word"""\nb.two,Second & <last>\n'
RESULTS = [
    {"claim": "a.one", "kind": "property", "test": "./tests/a.c:one", "passed": True},
    {"claim": "b.two", "kind": "attack", "test": "tests/b.py::test_two[x]", "passed": True},
]


def tree(folder, results=(), controls=(), patches=()):
    """A tree with claims, the results of a test run and negative controls (name, test)."""
    (folder / "evidence").mkdir()
    (folder / "evidence/claims.csv").write_text(CLAIMS)
    (folder / "build/test").mkdir(parents=True)
    (folder / "tests/negative").mkdir(parents=True)
    (folder / "build/test/results.jsonl").write_text("".join(json.dumps(row) + "\n" for row in results))
    (folder / "build/test/negative.jsonl").write_text("".join(json.dumps(row) + "\n" for row in controls))
    for name, test in patches:
        (folder / f"tests/negative/{name}.patch").write_text(f"Turns-red: {test}\nWhy: it must.\n\n")
    return folder


def report(folder, *options):
    return subprocess.run([MERLON, "report", "--root", folder, *options], capture_output=True, text=True)


def claims(folder):
    result = report(folder, "--format", "json")
    assert result.returncode == 0, result.stderr
    return {claim["id"]: claim["status"] for claim in json.loads(result.stdout)["claims"]}


@pytest.mark.claim("report.nothing_invented", "property")
def test_an_empty_tree_has_only_missing_answers(tmp_path):
    text = report(tree(tmp_path)).stdout
    answers = json.loads(report(tmp_path, "--format", "json").stdout)
    assert "proved" not in {claim["status"] for claim in answers["claims"]}
    assert answers["psa_certified_level"] is None and answers["isolation_level"] is None
    assert answers["boot_chain"] == [] and answers["version"] is None and answers["configuration"] == {}
    assert text.count("missing") >= 5 and "0 of 2 claims proved" in text


@pytest.mark.claim("report.claims", "functional")
def test_a_claim_needs_a_passing_test(tmp_path):
    tree(tmp_path, RESULTS[:1])
    assert claims(tmp_path) == {"a.one": "passed, no negative control", "b.two": "missing: no test of it ran"}


@pytest.mark.claim("report.claims", "functional")
def test_one_failure_is_enough(tmp_path):
    tree(tmp_path, [*RESULTS, dict(RESULTS[0], passed=False)])
    assert claims(tmp_path)["a.one"] == "missing: a test failed"


@pytest.mark.claim("report.claims", "functional")
@pytest.mark.parametrize("controls, proved", [([], False), ([("x", False)], False), ([("x", True)], True)])
def test_a_negative_control_must_have_turned_red(tmp_path, controls, proved):
    rows = [{"control": name, "test": "t", "turned_red": red} for name, red in controls]
    tree(tmp_path, RESULTS, rows, [("x", "tests/b.py::test_two")])
    assert (claims(tmp_path)["b.two"] == "proved") == proved
    assert claims(tmp_path)["a.one"] == "passed, no negative control"


@pytest.mark.claim("report.answers", "functional")
def test_the_answers_come_from_the_build_and_the_log(tmp_path):
    tree(tmp_path)
    product = tmp_path / "build/an521-default/generated/product"
    product.mkdir(parents=True)
    (product / "config.cmake").write_text('# made\nset(MERLON_PSA_CERTIFIED_LEVEL 2)\nset(MERLON_ISOLATION_LEVEL "3")\n')
    (product.parent / "version.txt").write_text("v1-2-gabc\n")
    (tmp_path / "build/deps").mkdir()
    (tmp_path / "build/deps/lwip.fetched").write_text("2.2.1 0123\n")
    (tmp_path / "console.log").write_text("S| BL2: reset cause: power on\nS| BL2: old\nS| BL2: reset cause: requested\nS| BL2: new\n")
    answers = json.loads(report(tmp_path, "--format", "json", "--device", tmp_path).stdout)
    assert (answers["psa_certified_level"], answers["isolation_level"]) == ("2", "3")
    assert answers["version"] == "v1-2-gabc" and answers["dependencies"] == {"lwip": "2.2.1 0123"}
    assert answers["boot_chain"] == ["reset cause: requested", "new"]


@pytest.mark.claim("report.answers", "functional")
@pytest.mark.parametrize("mode,answer", [("xip", "yes: it runs in place"), ("swap", "no: it runs from a copy")])
def test_the_report_says_whether_nonsecure_code_can_change_itself(tmp_path, mode, answer):
    tree(tmp_path)
    product = tmp_path / "build/an521-default/generated/product"
    product.mkdir(parents=True)
    (product / "config.cmake").write_text(f"set(MERLON_UPGRADE_MODE {mode})\n")
    text = report(tmp_path).stdout
    assert answer in next(line for line in text.splitlines() if "can write its own image" in line)


@pytest.mark.claim("report.answers", "functional")
def test_html_is_escaped_and_written_to_a_folder(tmp_path):
    tree(tmp_path, RESULTS)
    assert report(tmp_path, "--format", "html", "-o", tmp_path / "out").returncode == 0
    page = (tmp_path / "out/report.html").read_text()
    assert "Second &amp; &lt;last&gt;" in page and "<last>" not in page


@pytest.mark.claim("report.claims", "functional")
def test_titles_are_read_as_csv(tmp_path):
    answers = json.loads(report(tree(tmp_path), "--format", "json").stdout)
    assert [claim["title"] for claim in answers["claims"]] == ['First, with a "word"', "Second & <last>"]


@pytest.mark.claim("report.exit", "functional")
@pytest.mark.parametrize("results, options, status", [
    (RESULTS, [], 0), (RESULTS, ["--strict"], 0), (RESULTS[:1], [], 0), (RESULTS[:1], ["--strict"], 1),
    (RESULTS, ["--format", "none"], 2), (RESULTS, ["more"], 2), ([{"claim": "a.one"}], [], 2),
])
def test_exit_status(tmp_path, results, options, status):
    assert report(tree(tmp_path, results), *options).returncode == status
