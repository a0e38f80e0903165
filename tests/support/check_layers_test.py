"""Each rule of scripts/check_layers.py finds its breach and nothing else."""
import importlib.util
import pathlib
import sys
import tempfile
import unittest

spec = importlib.util.spec_from_file_location("check_layers", sys.argv.pop(1))
check_layers = importlib.util.module_from_spec(spec)
spec.loader.exec_module(check_layers)

BUILT = {"lib/base/CMakeLists.txt": "authseal_library(base SOURCES a.cc)\n",
         "lib/base/a.cc": '#include "lib/base/a.h"\n', "lib/base/a.h": "\n"}


def breaches(files):
    """What is found in a tree of BUILT and `files`."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in {**BUILT, **files}.items():
            path = pathlib.Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        return check_layers.breaches_of(pathlib.Path(folder))


class CheckLayers(unittest.TestCase):
    def assert_breach(self, name, text, expected):
        lines = breaches({name: text})
        self.assertEqual(len(lines), 1, lines)
        self.assertTrue(lines[0].startswith(name + ":"), lines)
        self.assertIn(expected, lines[0])

    def assert_clean(self, name, text):
        self.assertEqual(breaches({name: text}), [])

    def test_accepts_a_clean_tree(self):
        self.assertEqual(breaches({}), [])

    def test_refuses_includes_against_the_layers(self):
        for folder, known in (("base", "io"), ("io", "crypto"),
                              ("merkle", "io"), ("note", "io"),
                              ("event", "io"), ("event", "archive"),
                              ("archive", "event"), ("archive", "json"),
                              ("archive", "scrub"), ("verify", "json"),
                              ("verify", "event"), ("index", "query"),
                              ("verify", "net"), ("ingest", "net"),
                              ("verify", "net"), ("export", "net"),
                              ("query", "witness"), ("net", "io"),
                              ("query", "ingest"), ("json", "event")):
            self.assert_breach(f"lib/{folder}/x.h",
                               f'#include "lib/{known}/y.h"\n',
                               f"{folder} may not know {known}")
        self.assert_breach("lib/io/x.h", '#include "cmd/y.h"\n', "cmd/y.h")
        self.assert_breach("lib/io/x.h", '#include "tests/y.h"\n', "tests/y.h")
        self.assert_breach("lib/stuff/x.h", "\n", "no place in the layers")

    def test_accepts_includes_along_the_layers(self):
        for folder, known in (("io", "base"), ("archive", "compress"),
                              ("verify", "archive"), ("export", "query"),
                              ("event", "json"), ("ingest", "scrub")):
            self.assert_clean(f"lib/{folder}/x.h",
                              f'#include "lib/{known}/y.h"\n')
        self.assert_clean("cmd/x.h", '#include "lib/ingest/y.h"\n')
        self.assert_clean("cmd/y.h", '#include "lib/net/y.h"\n')

    def test_refuses_signing_in_verify_however_far_away(self):
        self.assert_breach("lib/verify/x.h",
                           '#include "lib/crypto/secret.h"\n', "reaches")
        lines = breaches({
            "lib/verify/x.h": '#include "lib/archive/y.h"\n',
            "lib/archive/y.h": '#include "lib/archive/z.h"\n',
            "lib/archive/z.h": '#include "lib/note/signed_note_signer.h"\n'})
        self.assertEqual(lines, ["lib/verify/x.h:1: reaches "
                                 "lib/note/signed_note_signer.h"])

    def test_each_third_party_header_has_its_folder(self):
        for header, owner in (("openssl/evp.h", "lib/crypto"),
                              ("zstd.h", "lib/compress"),
                              ("zlib.h", "lib/compress"),
                              ("curl/curl.h", "lib/net"),
                              ("microhttpd.h", "lib/net"),
                              ("simdjson.h", "lib/json"),
                              ("yaml-cpp/yaml.h", "lib/event"),
                              ("re2/re2.h", "lib/query"),
                              ("CLI/CLI.hpp", "cmd")):
            include = f"#include <{header}>\n"
            self.assert_clean(f"{owner}/x.h", include)
            self.assert_clean("tests/unit/x.h", include)
            self.assert_breach("lib/base/x.h", include, "belongs to")
            self.assert_breach("lib/export/x.h", include, "belongs to")

    def test_a_library_neither_prints_nor_ends_the_process(self):
        for code in ('std::printf("x");', 'fprintf(stderr, "x");',
                     'puts("x");', 'std::cout << "x";', "std::cerr << 1;",
                     "std::exit(1);", "_exit(1);", "std::abort();",
                     "std::terminate();"):
            self.assert_breach("lib/io/x.h", f"\n{code}\n", "s")
            self.assert_clean("cmd/x.h", code)
        self.assert_clean("lib/base/check.h", "std::abort();")
        for code in ("// calls exit(1)", "/* abort() */", '"abort()"',
                     'snprintf(a, 1, "x");', "transaction.abort();",
                     "OnExit();", "bool abort_requested = c == '\"';"):
            self.assert_clean("lib/io/x.h", code)

    def test_finds_what_the_compilers_lack_and_what_is_unfinished(self):
        for code in ("std::views::all(x)", "std::ranges::views::all(x)",
                     "std::source_location x;", 'std::format("x")',
                     "#include <format>", "std::expected<int, int> x;",
                     "// TODO: more", "// FIXME", "/* XXX */"):
            self.assert_breach("lib/io/x.h", code, "s")
            self.assert_breach("tests/unit/x.h", code, "s")

    def test_long_files_need_a_reason(self):
        self.assert_clean("lib/io/x.h", "int x;\n" * 400)
        self.assert_breach("lib/io/x.h", "int x;\n" * 401, "401 lines")
        self.assert_breach("scripts/x", "echo\n" * 401, "401 lines")
        self.assert_clean("tests/vectors.txt", "data\n" * 500)
        reason = "// longer than 400 lines because it is a table\n"
        self.assert_clean("lib/io/x.h", reason + "int x;\n" * 500)
        self.assert_breach("lib/io/x.h", "int x;\n" * 500 + reason, "lines")

    def test_every_source_is_built(self):
        self.assert_breach("lib/base/b.cc", "\n", "built by no CMake file")
        self.assert_breach("lib/io/a.cc", "\n", "built by no CMake file")
        self.assert_breach("tests/unit/b.cc", "\n", "built by no CMake file")
        for cmake in ("x(b.cc)", "x(\n  b.cc)",
                      "x(${CMAKE_CURRENT_SOURCE_DIR}/b.cc)",
                      "foreach(n a b)\nx(${n}.cc)\nendforeach()"):
            self.assertEqual(breaches({"cmd/b.cc": "\n",
                                       "cmd/sources.cmake": cmake}), [])
        lines = breaches({"cmd/b.cc": "\n", "cmd/CMakeLists.txt": "# b.cc\n"})
        self.assertEqual(len(lines), 1, lines)

    def test_names_say_something(self):
        for word in ("utils", "helpers", "manager", "common"):
            self.assert_breach(f"lib/io/{word}.h", "\n", "says nothing")
            self.assert_breach(f"tests/unit/file_{word}.h", "\n",
                               "says nothing")
        self.assert_clean("lib/io/uncommon.h", "\n")

    def test_an_empty_tree_is_an_error_and_no_success(self):
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(
                len(check_layers.breaches_of(pathlib.Path(folder))), 1)


if __name__ == "__main__":
    unittest.main()
