#!/usr/bin/env python3
"""Why: dependencies have one direction, so that a part can be read and changed without those above it.
Reads every #include line and refuses those against the direction: between the layers (server ->
storage -> protocol), between the modules of server/operations, and of a library outside the place
that wraps it."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent

# Which layers each layer may include. "pageturner" is include/pageturner, the public headers.
LAYERS = {
    "include": {"pageturner"},
    "protocol": {"protocol"},
    "storage": {"protocol", "storage"},
    "server": {"pageturner", "protocol", "storage", "server"},
    "bench": {"pageturner", "protocol", "storage", "server", "bench"},
}

# Which other modules of server/operations each module may include. The files of server/operations
# itself, which all modules share, include none of them.
MODULES = {
    "items": set(),
    "transactions": {"items"},
    "pages": {"items"},
    "partiql": {"items", "pages", "transactions"},
    "streams": set(),
    "tables": set(),
    "backups": {"tables"},
    "transfers": {"backups", "items", "tables"},
    "settings": set(),
}
OPERATIONS = "server/operations/"

# Which files may include a library header, by the start of its name.
LIBRARIES = {
    "boost/json": ["protocol/json.cpp"],
    "boost/beast": ["server/http/"],
    "boost/asio": ["server/http/"],
    "openssl": ["protocol/signature_v4_hash.cpp", "protocol/md5.cpp"],
    "zlib.h": ["server/compression.cpp"],
    "libdeflate.h": ["server/compression.cpp", "server/http/response_head.cpp"],
    "benchmark/": ["bench/micro.cpp"],
    "valgrind/": ["bench/count.cpp"],
}


def module_of(name):
    """The module of server/operations that the file `name` belongs to; "" for a shared file."""
    parts = name.removeprefix(OPERATIONS).split("/")
    return parts[0] if len(parts) > 1 else ""


def complaints_about(path):
    name = path.relative_to(ROOT).as_posix()
    layer = name.split("/")[0]
    for number, line in enumerate(path.read_text().splitlines(), 1):
        include = re.match(r'\s*#include\s+(["<])([^">]+)[">]', line)
        if not include:
            continue
        quote, header = include.groups()
        if quote == '"' and header.split("/")[0] not in LAYERS[layer]:
            yield f"{name}:{number}: {layer} may not include {header}"
        if name.startswith(OPERATIONS) and header.startswith(OPERATIONS):
            own, other = module_of(name), module_of(header)
            if other not in {"", own} | MODULES.get(own, set()):
                yield f"{name}:{number}: {own or 'a shared file'} may not include {header}"
        for library, places in LIBRARIES.items():
            if header.startswith(library) and not any(name.startswith(place) for place in places):
                yield f"{name}:{number}: {library} belongs to {', '.join(places)} alone"


def complaints_about_modules():
    folders = {path.name for path in (ROOT / OPERATIONS).iterdir() if path.is_dir()}
    for folder in sorted(folders ^ set(MODULES)):
        yield f"{OPERATIONS}{folder}: a folder and a row of MODULES have to go together"
    depth = {}

    def visit(module, above=()):
        if module in above:
            return [f"{OPERATIONS}: {' -> '.join([*above, module])} is a cycle"]
        if module in depth:
            return []
        found = [c for other in MODULES[module] for c in visit(other, (*above, module))]
        depth[module] = True
        return found

    for module in MODULES:
        yield from visit(module)


def main():
    files = [
        path
        for layer in LAYERS
        for path in sorted((ROOT / layer).rglob("*"))
        if path.suffix in (".h", ".cpp")
    ]
    complaints = list(complaints_about_modules())
    complaints += [complaint for path in files for complaint in complaints_about(path)]
    print("\n".join(complaints) or f"layering: {len(files)} files hold")
    sys.exit(1 if complaints or not files else 0)


if __name__ == "__main__":
    main()
