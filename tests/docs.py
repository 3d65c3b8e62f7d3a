#!/usr/bin/env python3
"""Why: no other test notices when a document becomes wrong. Broken links, flags and operations that a
page does not list, and a front page that is too long cost newcomers the most time.
Checks the links of all *.md, docs/flags.md against `pageturner --help`, docs/support.md against
server/operations/registry.cpp, docs/architecture.md against tests/layering.py, and README.md.

PAGETURNER_BINARY names the binary; without it that of the preset "dev" is asked."""

import os
import pathlib
import re
import subprocess
import sys

import layering

ROOT = layering.ROOT
README_LINES_MAX = 120
SKIPPED_FOLDERS = {".git", "build", "node_modules"}


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def documents():
    paths = []
    for folder, subfolders, files in os.walk(ROOT):
        subfolders[:] = [name for name in subfolders if name not in SKIPPED_FOLDERS]
        paths += [pathlib.Path(folder, name) for name in files if name.endswith(".md")]
    return sorted(paths)


def prose_of(text):
    """The lines of a document with their numbers, without blocks of code."""
    is_code = False
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith("```"):
            is_code = not is_code
        elif not is_code:
            yield number, line


def anchors_of(text):
    """The anchors that GitHub makes of the headings of a document."""
    anchors = set()
    for _, line in prose_of(text):
        heading = re.match(r"#+ +(.*)", line)
        if not heading:
            continue
        title = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading[1]).strip().lower()
        anchor = unique = re.sub(r"[^\w\- ]", "", title).replace(" ", "-")
        count = 0
        while unique in anchors:
            count += 1
            unique = f"{anchor}-{count}"
        anchors.add(unique)
    return anchors


def complaints_about_links():
    links = 0
    for path in documents():
        name = path.relative_to(ROOT).as_posix()
        for number, line in prose_of(path.read_text(encoding="utf-8")):
            for link in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"`[^`]*`", "", line)):
                if re.match(r"[a-z]+:", link):
                    continue
                links += 1
                target, _, anchor = link.partition("#")
                file = (path.parent / target).resolve() if target else path
                if not file.exists():
                    yield f"{name}:{number}: {link}: there is no such file"
                elif anchor and anchor not in anchors_of(file.read_text(encoding="utf-8")):
                    yield f"{name}:{number}: {link}: there is no such heading"
    if links == 0:
        yield "no relative link was found in any document"


def table_rows(text, pattern):
    """The cells of the rows of tables whose first cell matches `pattern`."""
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and re.fullmatch(pattern, cells[0]):
            yield cells


def complaints_about_difference(documented, actual, page, source):
    for entry in sorted(set(actual) - set(documented)):
        yield f"{page}: {' '.join(filter(None, entry))} is missing, which {source} has"
    for entry in sorted(set(documented) - set(actual)):
        yield f"{page}: {' '.join(filter(None, entry))} is not in {source}"
    for entry in sorted(set(documented)):
        if list(documented).count(entry) > 1:
            yield f"{page}: {' '.join(filter(None, entry))} is listed twice"


def variable_of(flag):
    return "PAGETURNER_" + flag.strip("-").upper().replace("-", "_")


def complaints_about_flags():
    """A flag is compared with the name of its value and its variable, which only a flag of ours with
    a value has. Whether --help shows the variable too is checked where it shows any beside flags."""
    binary = os.environ.get("PAGETURNER_BINARY", str(ROOT / "build/dev/pageturner"))
    text = subprocess.run([binary, "--help"], capture_output=True, text=True, check=True).stdout
    flag_line = r"(?m)^  (--?[A-Za-z][\w-]*)(?: ([A-Z]+)\b)?(?: +(PAGETURNER_\w+))?"
    in_help = re.findall(flag_line, text)
    shows_variables = any(variable for _, _, variable in in_help)
    actual = []
    for flag, value, shown in in_help:
        variable = variable_of(flag) if flag.startswith("--") and value else ""
        if shows_variables and shown != variable:
            yield f"--help shows the variable '{shown}' for {flag}, not '{variable}'"
        actual.append((flag, variable))
    documented = []
    for cells in table_rows(read("docs/flags.md"), r"`--?[A-Za-z].*`"):
        flag = cells[0].strip("`").split()[0]
        is_own = flag.startswith("--")
        documented.append((flag, cells[1].strip("`").replace("–", "") if is_own else ""))
    yield from complaints_about_difference(documented, actual, "docs/flags.md", "--help")
    if not actual:
        yield "--help shows no flag"


def complaints_about_operations():
    registry = read("server/operations/registry.cpp")
    names = re.findall(r'^\s*\{"(\w+)", &shapes::', registry, re.MULTILINE)
    streams = re.search(r"streams_operation_count = (\d+)", registry)
    if not names or not streams:
        yield "server/operations/registry.cpp: no operation was found"
        return
    streams_begin = len(names) - int(streams[1])
    actual = [
        (name, "DynamoDB" if place < streams_begin else "Streams")
        for place, name in enumerate(names)
    ]
    page = read("docs/support.md").partition("\n## Operations\n")[2]
    documented = [
        (cells[0], cells[1])
        for cells in table_rows(page, r"[A-Z][A-Za-z]+")
        if cells[0] != "Operation" and len(cells) == 3
    ]
    source = "server/operations/registry.cpp"
    yield from complaints_about_difference(documented, actual, "docs/support.md", source)


def complaints_about_modules():
    actual = [(module, *sorted(uses)) for module, uses in layering.MODULES.items()]
    documented = [
        (cells[0].strip("`"), *sorted(re.findall(r"`(\w+)`", cells[2])))
        for cells in table_rows(read("docs/architecture.md"), r"`\w+`")
        if len(cells) == 3
    ]
    page = "docs/architecture.md"
    yield from complaints_about_difference(documented, actual, page, "tests/layering.py")


def complaints_about_readme():
    text = read("README.md")
    lines = len(text.splitlines())
    if lines > README_LINES_MAX:
        yield f"README.md: {lines} lines, but at most {README_LINES_MAX} are a front page"
    # CI reads the test command from the README.
    for command in ("server/run", "tests/run"):
        if not re.search(rf"(?m)^{command}\b", text):
            yield f"README.md: the command {command} is missing"


def main():
    complaints = [
        *complaints_about_links(),
        *complaints_about_flags(),
        *complaints_about_operations(),
        *complaints_about_modules(),
        *complaints_about_readme(),
    ]
    print("\n".join(complaints) or f"docs: {len(documents())} documents hold")
    sys.exit(1 if complaints else 0)


if __name__ == "__main__":
    main()
