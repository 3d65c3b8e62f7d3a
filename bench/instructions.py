"""Counts the instructions of the paths of bench/paths.cpp, and compares with instructions.txt."""

import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
RECORD = HERE / "instructions.txt"
GROWTH_MAX = 1.10

RECORD_HEAD = """\
# The instructions of each path of bench/paths.cpp, as callgrind counts them in a release that
# g++ 12 of Debian 12 built for x86-64. Written by bench/instructions --record.
"""
# The C library selects copy and compare loops by the features of the processor, and the counts
# differ between them. Without these features the counts are the same on all x86-64 processors.
FEATURES = "AVX2 AVX512VL AVX512BW AVX_Fast_Unaligned_Load BMI2 ERMS FSRM RTM SSE4_1 SSE4_2 SSSE3"
PLAIN_PROCESSOR = "glibc.cpu.hwcaps=" + ",".join(f"-{feature}" for feature in FEATURES.split())


def count(counter):
    """Returns the instructions per call of each path; the program `counter` runs the paths."""
    with tempfile.TemporaryDirectory() as directory:
        ended = subprocess.run(
            [
                "valgrind",
                "--tool=callgrind",
                "--instr-atstart=no",
                f"--callgrind-out-file={directory}/counts",
                counter,
            ],
            capture_output=True,
            text=True,
            check=False,
            env={"PATH": "/usr/bin:/bin", "GLIBC_TUNABLES": PLAIN_PROCESSOR},
        )
        if ended.returncode != 0:
            sys.exit(f"bench/instructions: {ended.stderr}")
        totals = {}
        for file in pathlib.Path(directory).glob("counts*"):
            text = file.read_text()
            path = re.search(r"^desc: Trigger: Client Request: (.*)$", text, re.MULTILINE)
            total = re.search(r"^(?:totals|summary): (\d+)", text, re.MULTILINE)
            if path and total:
                totals[path[1]] = int(total[1])
    times = dict(line.split() for line in ended.stdout.splitlines())
    return {path: round(totals[path] / int(times[path])) for path in times}


def recorded():
    lines = RECORD.read_text().splitlines() if RECORD.exists() else []
    return {
        path: int(number)
        for path, number in (line.split() for line in lines if line and not line.startswith("#"))
    }


def main():
    counter, *options = sys.argv[1:]
    if options not in ([], ["--record"]):
        sys.exit("Usage: bench/instructions [--record]")
    counts = count(counter)
    before = recorded()
    grown = []
    for path, number in counts.items():
        ratio = number / before[path] if path in before else None
        change = "new" if ratio is None else f"{100 * (ratio - 1):+.1f} %"
        print(f"{path:24}{number:12}  {change}")
        if ratio is None or ratio > GROWTH_MAX:
            grown.append(path)
    if options == ["--record"]:
        RECORD.write_text(
            RECORD_HEAD + "".join(f"{path:24}{number:12}\n" for path, number in counts.items())
        )
        return
    gone = before.keys() - counts.keys()
    if grown or gone:
        sys.exit(
            "bench/instructions: more than 10 % above the record, or not in both: "
            + ", ".join([*grown, *sorted(gone)])
            + "\nbench/instructions --record accepts the new counts."
        )


if __name__ == "__main__":
    main()
