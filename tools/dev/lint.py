# SPDX-License-Identifier: Apache-2.0
"""./dev lint: check the rules of the house that a program can check. Prints one line per breach; exit status 1 if there is one."""
import argparse
import ast
import re
import subprocess
import sys
from pathlib import Path

import common
import evidence
import layers

C_SUFFIXES = (".c", ".h", ".S")
# Formats that cannot carry a comment, or are prose or data under the LICENSE of the tree.
WITHOUT_SPDX = (".md", "help.txt", ".json", ".csv", ".patch", ".pem", ".bin")
MACHINE_FOLDERS = ("arch/", "drivers/")
MAX_FUNCTION, MAX_FILE = 60, 600
# Spelled so that this file does not find itself.
PLACEHOLDER = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK|not imple" r"mented)\b")
MACHINE_PATH = re.compile(r"(?<![\w./<$}])/(?:home|root|Users|work|opt)/\w+")
COMMENT_OR_STRING = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.DOTALL)
FUNCTION_HEAD = re.compile(r"\)\s*(?:__attribute__\s*\(\(.*\)\)\s*)?$")


class Tree:
    """The files under version control, and the breaches found."""

    def __init__(self, root, files=None):
        self.root = root
        self.breaches = []
        self.files = files if files is not None else self.tracked()
        self.owners = layers.header_owners(root)

    def tracked(self):
        listing = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=self.root,
                                 capture_output=True, text=True, check=True).stdout
        return [name for name in listing.splitlines() if (self.root / name).is_file()]

    def texts(self):
        """(name, text) of each text file outside the fuzz corpus."""
        for name in self.files:
            if name.startswith("tests/fuzz/corpus/"):
                continue
            try:
                yield name, (self.root / name).read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue

    def report(self, name, line, what):
        self.breaches.append(f"{name}:{line}: {what}")


def line_of(text, position):
    return text.count("\n", 0, position) + 1


def check_spdx(tree):
    for name, text in tree.texts():
        if name == "LICENSE" or name.endswith(WITHOUT_SPDX):
            continue
        if "SPDX-License-Identifier: Apache-2.0" not in "\n".join(text.split("\n", 3)[:3]):
            tree.report(name, 1, "begins without `SPDX-License-Identifier: Apache-2.0`")


def check_includes(tree):
    for name, text in tree.texts():
        if not name.endswith(C_SUFFIXES):
            continue
        folder = str(Path(name).parent)
        for match in layers.INCLUDE.finditer(text):
            quote, include = match.groups()
            line = line_of(text, match.start())
            if ".." in include.split("/"):
                tree.report(name, line, f"`..` in an include of {include}")
            owner = layers.owner_of(include, tree.owners)
            if quote == "<" and not layers.is_allowed(folder, owner):
                tree.report(name, line, f"{layers.longest(folder, layers.ALLOWED)} may not include <{include}> of {owner}")


def blank(text):
    """The text with comments and strings blanked and all line breaks kept."""
    return COMMENT_OR_STRING.sub(lambda match: "\n" * match.group().count("\n"), text)


def functions(text):
    """(first line, last line, body lines) of each C function: a brace at depth 0 after a closing parenthesis."""
    depth, head, start = 0, "", None
    lines = blank(text).split("\n")
    for number, line in enumerate(lines, 1):
        if depth == 0 and "{" in line:
            before = (head + " " + line.split("{", 1)[0]).rstrip()
            start = number if FUNCTION_HEAD.search(before) and "=" not in before.split("(")[0] else None
        depth += line.count("{") - line.count("}")
        if depth == 0:
            head = line if line.strip() else ""
            if start is not None and "}" in line:
                yield start, number, lines[start - 1:number]
                start = None


def check_functions(tree):
    for name, text in tree.texts():
        if name.endswith((".c", ".h")):
            for start, end, body in functions(text):
                if end - start - 1 > MAX_FUNCTION:
                    tree.report(name, start, f"function of {end - start - 1} lines, at most {MAX_FUNCTION}")
                if not name.startswith(MACHINE_FOLDERS):
                    for offset, line in enumerate(body):
                        if re.match(r"\s*#\s*(if|ifdef|ifndef|elif)\b", line):
                            tree.report(name, start + offset, "#if inside a function: an optional feature is an optional file")
        elif name.endswith(".py"):
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno > MAX_FUNCTION:
                    tree.report(name, node.lineno, f"function of {node.end_lineno - node.lineno} lines, at most {MAX_FUNCTION}")


def check_size(tree):
    for name, text in tree.texts():
        if name.endswith(C_SUFFIXES + (".py", ".sh", ".cmake", "CMakeLists.txt")) or name == "dev":
            if text.count("\n") > MAX_FILE:
                tree.report(name, MAX_FILE, f"file of {text.count(chr(10))} lines, at most {MAX_FILE}")
            for number, line in enumerate(text.split("\n"), 1):
                if line != line.rstrip():
                    tree.report(name, number, "white space at the end of the line")


def check_readmes(tree):
    """Every folder that is built has a README; tests mirror the tree and have one for all."""
    for name in tree.files:
        folder = Path(name).parent
        if Path(name).name == "CMakeLists.txt" and folder.parts[:1] != ("tests",) and str(folder / "README.md") not in tree.files:
            tree.report(name, 1, "folder without a README.md")


def check_words(tree):
    for name, text in tree.texts():
        if name == "LICENSE":
            continue
        for pattern, what in ((PLACEHOLDER, "unfinished"), (MACHINE_PATH, "path of one machine")):
            for match in pattern.finditer(text):
                tree.report(name, line_of(text, match.start()), f"{what}: {match.group()}")


def check_negative_patches(tree):
    """Each says in its head which test it turns red and why, and applies."""
    import negative
    for name in tree.files:
        if name.startswith("tests/negative/") and name.endswith(".patch"):
            for complaint in negative.Control(tree.root / name).complaints(tree.root):
                tree.report(name, 1, complaint)


def check_claims(tree):
    listed = evidence.listed_claims(tree.root)
    if listed != sorted(set(listed)):
        tree.report("evidence/claims.csv", 1, "ids must be sorted and unique")
    for claim, name in evidence.test_claims(tree.root).items():
        if claim not in listed:
            tree.report(name, 1, f"claim {claim} is not in evidence/claims.csv")
    for threat, claims in evidence.threat_claims(tree.root).items():
        if not claims or not set(claims) <= set(listed):
            tree.report("docs/threat-model.md", 1, f"{threat} must name listed claims: {' '.join(set(claims) - set(listed))}")


CHECKS = (check_spdx, check_includes, check_functions, check_size, check_readmes, check_words, check_negative_patches, check_claims)


def lint(root=common.ROOT, files=None, checks=CHECKS):
    """All breaches in the tree at `root`, or in `files` of it, as lines `file:line: what`."""
    tree = Tree(root, files)
    for check in checks:
        check(tree)
    return tree.breaches


def main():
    argparse.ArgumentParser(prog="./dev lint", description=__doc__).parse_args()
    breaches = lint()
    for breach in breaches:
        print(breach)
    print(f"lint: {len(breaches)} breaches", file=sys.stderr)
    sys.exit(1 if breaches else 0)


if __name__ == "__main__":
    main()
