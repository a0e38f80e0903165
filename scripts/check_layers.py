#!/usr/bin/env python3
"""scripts/check_layers.py [ROOT]: the source rules that no compiler knows.

Who may include whom, which folder owns which third-party header, what a
library must not do, how long a file may be, that every source is built, and
names that say nothing. Prints one line a breach; exits with 1 if there is one.
"""
import pathlib
import re
import sys

LAYERS = ["base", "io", "crypto", "compress", "json", "merkle", "note",
          "event", "scrub", "archive", "verify", "signing", "net", "witness",
          "index", "query", "ingest", "export"]
# What the network is for ends there.
APART = {"net", "witness"}

# What a folder of lib/ may include besides itself. The last four may use
# whatever stands before them, but for what is apart.
USES = {
    "base": [], "io": ["base"], "crypto": ["base"],
    "compress": ["base"], "json": ["base"],
    "merkle": ["base", "crypto"], "note": ["base", "crypto"],
    "event": ["base", "crypto", "json"], "scrub": ["base", "crypto", "json"],
    "archive": ["base", "io", "crypto", "compress", "merkle", "note"],
    "verify": ["base", "io", "crypto", "compress", "merkle", "note",
               "archive"],
    "signing": ["base", "io", "crypto", "merkle", "note", "archive",
                "verify"],
    "net": ["base"],
    "witness": ["base", "io", "crypto", "merkle", "note", "archive", "net"],
}
USES.update((last, [one for one in LAYERS[:LAYERS.index(last)]
                    if one not in APART]) for last in LAYERS[-4:])

# Nothing in lib/verify can sign: not even through headers it includes.
SIGNING_HEADERS = {"lib/crypto/ed25519_signer.h", "lib/crypto/secret.h",
                   "lib/note/signed_note_signer.h",
                   "lib/note/cosignature_signer.h"}

# Third-party headers and who owns them; tests may use any as an oracle.
TESTS = ["tests"]
OWNERS = {
    r"openssl/": ["lib/crypto"],
    r"(zstd|zstd_errors|zdict|zlib|zconf)\.h": ["lib/compress"],
    r"simdjson": ["lib/json"],
    r"yaml-cpp/": ["lib/event"],
    r"re2/": ["lib/event", "lib/query"],
    r"curl/|microhttpd\.h": ["lib/net"],
    r"CLI/": ["cmd"],
}

# Not in lib/: it neither prints nor ends the process.
BANNED_IN_LIB = {
    r"(?<![\w.>])(v?f?printf|puts|putchar)\s*\(|std::(cout|cerr|clog)\b":
        "prints",
    r"(?<![\w.>])(_?exit|_Exit|quick_exit|abort|terminate)\s*\(":
        "ends the process",
}
MAY_ABORT = "lib/base/check.h"

# Nowhere: the compilers supported do not all have these.
BANNED = {
    r"std::(ranges::)?views\b": "uses std::views",
    r"\bsource_location\b": "uses std::source_location",
    r"std::v?format(_to)?\b|<format>": "uses std::format",
    r"std::expected\b|<expected>": "uses std::expected",
}
UNFINISHED = r"\b(TODO|FIXME|XXX)\b"
LINES_MAX = 400
LONGER = "longer than 400 lines because"
LONGER_WITHIN_LINES = 15
EMPTY_WORDS = {"util", "utils", "helper", "helpers", "manager", "common"}
CODE = {".cc", ".h"}
COUNTED = CODE | {".py", ".sh", ".cmake", ""}


def without_comments_and_strings(text):
    pattern = re.compile(
        r'//[^\n]*|/\*.*?\*/|R"([^(\s]*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"'
        r"|(?<![0-9A-Fa-f])'(?:\\.|[^'\\\n])+'", re.DOTALL)
    return pattern.sub(lambda m: "\n" * m.group(0).count("\n"), text)


class Tree:
    def __init__(self, root):
        self.root = root
        self.breaches = []
        self.files = sorted(
            path.relative_to(root).as_posix()
            for top in ("lib", "cmd", "tests", "scripts", "support")
            for path in (root / top).rglob("*")
            if path.is_file() and "__pycache__" not in path.parts)
        self.code = {name: (root / name).read_text("utf-8", "replace")
                     for name in self.files
                     if pathlib.PurePosixPath(name).suffix in CODE}

    def breach(self, name, line, text):
        self.breaches.append(f"{name}:{line}: {text}")

    def includes(self, name):
        for number, line in enumerate(self.code[name].split("\n"), 1):
            match = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
            if match:
                yield number, match.group(1), match.group(2)

    def check_includes(self, name):
        folder = name.split("/")[1] if name.startswith("lib/") else None
        owner = f"lib/{folder}" if folder else name.split("/")[0]
        if folder and folder not in USES:
            self.breach(name, 1, f"lib/{folder} has no place in the layers")
            return
        for line, mark, header in self.includes(name):
            parts = header.split("/")
            if mark == '"' and folder:
                if parts[0] != "lib":
                    self.breach(name, line, f"a library includes {header}")
                elif parts[1] not in [folder] + USES[folder]:
                    self.breach(name, line, f"{folder} may not know {parts[1]}")
            for pattern, owners in OWNERS.items():
                if re.match(pattern, header) and owner not in owners + TESTS:
                    self.breach(name, line, f"{header} belongs to {owners}")

    def check_verify_cannot_sign(self):
        for start in self.code:
            if not start.startswith("lib/verify/"):
                continue
            seen, todo = {start}, [start]
            while todo:
                for _, mark, header in self.includes(todo.pop()):
                    if mark == "<" or header in seen:
                        continue
                    seen.add(header)
                    if header in SIGNING_HEADERS:
                        self.breach(start, 1, f"reaches {header}")
                    if header in self.code:
                        todo.append(header)

    def check_bans(self, name):
        text = self.code[name]
        bans = dict(BANNED)
        if name.startswith("lib/") and name != MAY_ABORT:
            bans.update(BANNED_IN_LIB)
        bare = without_comments_and_strings(text).split("\n")
        for number, line in enumerate(bare, 1):
            for pattern, what in bans.items():
                if re.search(pattern, line):
                    self.breach(name, number, what)
        for number, line in enumerate(text.split("\n"), 1):
            if re.search(UNFINISHED, line):
                self.breach(name, number, "is unfinished")

    def check_length(self, name):
        suffix = pathlib.PurePosixPath(name).suffix
        if suffix not in COUNTED and not name.endswith("CMakeLists.txt"):
            return
        lines = (self.root / name).read_text("utf-8", "replace").split("\n")
        if (len(lines) - 1 > LINES_MAX and
                LONGER not in "\n".join(lines[:LONGER_WITHIN_LINES])):
            self.breach(name, LINES_MAX + 1,
                        f"has {len(lines) - 1} lines: split it, or begin it "
                        f"with '{LONGER} ...'")

    def check_name(self, name):
        words = set(re.split(r"[^a-z]+", name.rsplit("/", 1)[-1].lower()))
        for word in sorted(words & EMPTY_WORDS):
            self.breach(name, 1, f"'{word}' in its name says nothing")

    def check_sources_are_built(self):
        named, stems_in = set(), {}
        for name in self.files:
            path = pathlib.PurePosixPath(name)
            if path.name != "CMakeLists.txt" and path.suffix != ".cmake":
                continue
            text = re.sub(r"#[^\n]*", "", (self.root / name).read_text())
            words = re.findall(r"[^\s()\";]+", text)
            here = r"^\$\{CMAKE_CURRENT_(SOURCE|LIST)_DIR\}/"
            named.update((path.parent / re.sub(here, "", word)).as_posix()
                         for word in words)
            if re.search(r"\$\{\w+\}\S*\.cc\b", text):  # foreach(x a b) ${x}.cc
                stems_in.setdefault(path.parent, set()).update(words)
        for name in self.code:
            path = pathlib.PurePosixPath(name)
            if (path.suffix == ".cc" and name not in named and
                    path.stem not in stems_in.get(path.parent, ())):
                self.breach(name, 1, "is built by no CMake file")


def breaches_of(root):
    tree = Tree(root)
    for name in tree.code:
        tree.check_includes(name)
        tree.check_bans(name)
    for name in tree.files:
        tree.check_length(name)
        tree.check_name(name)
    tree.check_verify_cannot_sign()
    tree.check_sources_are_built()
    return tree.breaches if tree.code else [f"{root}: no source found"]


if __name__ == "__main__":
    here = pathlib.Path(__file__).resolve().parent.parent
    found = breaches_of(pathlib.Path(sys.argv[1]) if sys.argv[1:] else here)
    for one in found:
        print(one)
    sys.exit(1 if found else 0)
