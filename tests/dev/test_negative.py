# SPDX-License-Identifier: Apache-2.0
"""The runner of negative controls: only a test that turns red is a success."""
import negative
import pytest

TEST = "tests/a.c:sees_it"
DIFF = "--- a/src/a.c\n+++ b/src/a.c\n@@ -1,2 +1,2 @@\n one\n-two\n+TWO\n"


class Folder:
    """What judge() needs of a scratch copy."""

    def __init__(self, root):
        self.root = self.folder = root
        self.restored = []

    def restore(self, names):
        self.restored += names
        (self.root / "src/a.c").write_text("one\ntwo\n")


@pytest.fixture
def tree(tmp_path):
    for name, text in (("src/a.c", "one\ntwo\n"), ("tests/a.c", "TEST(sees_it, ...)\n")):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return Folder(tmp_path)


def control(tree, test=TEST, why="it must", diff=DIFF):
    path = tree.root / "a-control.patch"
    path.write_text(f"Turns-red: {test}\nWhy: {why}\n\n{diff}")
    return negative.Control(path)


@pytest.mark.claim("tree.negative", "property")
@pytest.mark.parametrize("changes, complaint", [
    ({}, None),
    ({"why": ""}, "begins with"),
    ({"test": "tests/none.c:sees_it"}, "does not exist"),
    ({"test": "tests/a.c:sees_nothing"}, "is not in"),
    ({"diff": DIFF.replace("-two", "-three")}, "does not apply"),
])
def test_a_control_must_be_sound(tree, changes, complaint):
    complaints = control(tree, **changes).complaints(tree.root)
    assert (complaints == []) if complaint is None else (complaint in complaints[0])


@pytest.mark.claim("tree.negative", "property")
@pytest.mark.parametrize("before, after, is_red", [
    ("green", "red", True), ("green", "green", False), ("green", "broken", False), ("red", "red", False), ("broken", "red", False),
])
def test_only_red_after_green_counts(tree, monkeypatch, before, after, is_red):
    def run_test(scratch, _):
        return (after if "TWO" in (scratch.folder / "src/a.c").read_text() else before), ""

    monkeypatch.setattr(negative, "run_test", run_test)
    assert negative.judge(tree, control(tree))[0] == is_red
    assert (tree.root / "src/a.c").read_text() == "one\ntwo\n", "the copy was not restored"


@pytest.mark.claim("tree.negative", "functional")
def test_program_of_a_test():
    assert negative.c_program("tests/lib/test_mem.c:wipes") == ("lib_mem", "wipes")
    assert negative.c_program("tests/nonsecure/ota/test_agent.c:x") == ("nonsecure_ota_agent", "x")
