// authseal verify in process: output, exit status, memory between runs.
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <CLI/CLI.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cmd/command.h"
#include "cmd/verify.h"
#include "lib/base/encoding.h"
#include "tests/support/temporary_directory.h"
#include "tests/unit/verify/test_archive.h"

namespace authseal {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

struct Ran {
  int exit = -1;
  std::string out;
  std::string err;
};

class VerifyCommandTest : public ::testing::Test {
 protected:
  VerifyCommandTest() : archive_("log.example.org", 300) {
    FillSample(archive_);
    Write(archive_.Files());
    WriteText("A.keys/identity.pub", PinText());
  }

  std::string PinText() const {
    return FormatVerificationKey(*archive_.pin().key) + "\ngenesis " +
           HexEncode(archive_.pin().genesis->view()) + "\n";
  }
  std::string Path(const std::string& name) const {
    return directory_.path() + "/" + name;
  }
  void WriteText(const std::string& name, std::string_view text) {
    const std::filesystem::path path = Path(name);
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
  }
  // Replaces the archive.
  void Write(const ArchiveFiles& files) {
    std::filesystem::remove_all(Path("A"));
    std::filesystem::create_directories(Path("A/segments"));
    std::filesystem::create_directories(Path("A/checkpoints"));
    for (const auto& [name, bytes] : files) {
      WriteText("A/" + name, AsText(bytes));
    }
  }

  Ran Run(std::vector<std::string> arguments) {
    std::ostringstream out;
    std::ostringstream err;
    const std::atomic<bool> stop = false;
    Context context{
        .out = out,
        .err = err,
        .file_system = PosixFileSystem(),
        .clock = archive_.clock(),
        .environment =
            [this](const std::string& name) -> std::optional<std::string> {
          if (name == "STATE_DIRECTORY") {
            return Path("state");
          }
          return std::nullopt;
        },
        .stop = stop,
        .reader_gone = [] { return false; }};
    CLI::App app;
    Command chosen;
    RegisterVerify(app, context, chosen);
    arguments.insert(arguments.begin(), "verify");
    std::reverse(arguments.begin(), arguments.end());
    app.parse(arguments);
    const Result<ExitStatus> status = chosen.run();
    Ran ran;
    ran.exit = static_cast<int>(
        status.has_value() ? *status : ExitStatusOf(status.error().code));
    ran.out = out.str();
    ran.err = err.str();
    if (!status.has_value()) {
      ran.err += status.error().message;
    }
    return ran;
  }

  TestArchive archive_;
  TemporaryDirectory directory_;
};

TEST_F(VerifyCommandTest, PrintsOneLineThatAgreesWithTheExitStatus) {
  const Ran ran = Run({Path("A")});
  EXPECT_EQ(ran.exit, 0);
  EXPECT_EQ(ran.out, "VERIFIED " + Path("A") +
                         ": 28 records in 3 segments, 8 of them unsealed, "
                         "full, key not pinned, no earlier checkpoint: "
                         "rollback and fork not excluded\n");
  EXPECT_THAT(ran.err, HasSubstr("first use"));
}

TEST_F(VerifyCommandTest, TakesTheRememberedKeyTheSecondTime) {
  Run({Path("A")});
  std::filesystem::remove_all(Path("A.keys"));
  const Ran ran = Run({"--require-pin", "--quick", Path("A")});
  EXPECT_EQ(ran.exit, 0) << ran.out << ran.err;
  EXPECT_THAT(ran.out, StartsWith("VERIFIED "));
  EXPECT_EQ(ran.err, "");
}

TEST_F(VerifyCommandTest, PrintsNothingOnSuccessWhenQuiet) {
  const Ran ran = Run({"-q", "--key", Path("A.keys/identity.pub"), Path("A")});
  EXPECT_EQ(ran.exit, 0);
  EXPECT_EQ(ran.out + ran.err, "");
}

TEST_F(VerifyCommandTest, NamesEachFindingOnItsLine) {
  ArchiveFiles files = archive_.Files();
  files["segments/000000000000.jsonl.zst"][20] ^= 1;
  Write(files);
  const Ran ran = Run({"--no-state", Path("A")});
  EXPECT_EQ(ran.exit, 1);
  EXPECT_THAT(ran.out, StartsWith("stored-hash-mismatch\tsegments/"
                                  "000000000000.jsonl.zst\tblock 0, byte 0\t"
                                  "records 0 to 2\t"));
  EXPECT_THAT(ran.out, HasSubstr("\nNOT VERIFIED " + Path("A") +
                                 ": 1 finding; records 3 to 27 still "
                                 "trustworthy\n"));
}

TEST_F(VerifyCommandTest, FindsAnOlderCopyByItsMemory) {
  TestArchive younger;
  younger.Commit({{"{}"}});
  younger.Seal();
  const ArchiveFiles old_copy = younger.Files();
  younger.Commit({{"{\"a\":1}"}});
  younger.Seal();
  Write(younger.Files());
  const std::string key = FormatVerificationKey(*younger.pin().key);
  EXPECT_EQ(Run({"--key", key, Path("A")}).exit, 0);
  Write(old_copy);
  const Ran ran = Run({"--key", key, Path("A")});
  EXPECT_EQ(ran.exit, 1);
  EXPECT_THAT(ran.out, StartsWith("rollback\t"));
  // The memory did not move back with it.
  EXPECT_EQ(Run({"--key", key, Path("A")}).exit, 1);
}

TEST_F(VerifyCommandTest, FindsAnotherArchiveAtAKnownPath) {
  EXPECT_EQ(Run({Path("A")}).exit, 0);
  TestArchive other;
  other.Commit({{"{}"}});
  other.Seal();
  Write(other.Files());
  const Ran remembered = Run({Path("A")});
  EXPECT_EQ(remembered.exit, 1);
  EXPECT_THAT(remembered.out, HasSubstr("key-changed"));
  const Ran given =
      Run({"--key", FormatVerificationKey(*other.pin().key), Path("A")});
  EXPECT_EQ(given.exit, 1);
  EXPECT_THAT(given.out, HasSubstr("genesis-mismatch"));
}

TEST_F(VerifyCommandTest, ComparesWithKeptCheckpoints) {
  const std::string kept = Path("kept.note");
  const ArchiveFiles files = archive_.Files();
  WriteText("kept.note", AsText(files.at("checkpoints/000000000020.note")));
  EXPECT_EQ(Run({"--checkpoint", kept, Path("A")}).exit, 0);
  EXPECT_EQ(Run({"--after-checkpoint", kept, Path("A")}).exit, 0);
  TestArchive other;
  other.Commit({{"{}"}});
  other.Seal();
  WriteText("other.note",
            AsText(other.Files().at("checkpoints/000000000002.note")));
  const Ran ran = Run({"--checkpoint", Path("other.note"), Path("A")});
  EXPECT_EQ(ran.exit, 1);
  EXPECT_THAT(ran.out, HasSubstr("key-changed\t" + Path("other.note")));
  WriteText("none.note", "no checkpoint\n");
  EXPECT_EQ(Run({"--checkpoint", Path("none.note"), Path("A")}).exit, 2);
}

TEST_F(VerifyCommandTest, ExitsWith3WhereItIsWeakerThanRequired) {
  struct Case {
    std::vector<std::string> options;
    std::string said;
  };
  const std::vector<Case> cases = {
      {{"--require-pin"}, "--require-pin: the key was taken on first use"},
      {{"--require-sealed"}, "--require-sealed: 8 records are not sealed"},
      {{"--require-witness", "1"}, "no --policy names the witnesses' keys"},
      {{"--require-timestamp"}, "without --tsa-ca no timestamp counts"},
  };
  for (const Case& c : cases) {
    std::vector<std::string> arguments = c.options;
    arguments.insert(arguments.end(), {"--no-state", Path("A")});
    const Ran ran = Run(arguments);
    EXPECT_EQ(ran.exit, 3) << c.said;
    EXPECT_THAT(ran.out, StartsWith("VERIFIED "));
    EXPECT_THAT(ran.out, HasSubstr(c.said));
  }
  EXPECT_EQ(Run({"--no-state", "--require-checkpoint", Path("A")}).exit, 0);
}

TEST_F(VerifyCommandTest, RemembersNothingOfAWeakerResult) {
  EXPECT_EQ(Run({"--require-sealed", Path("A")}).exit, 3);
  EXPECT_EQ(Run({"--require-pin", Path("A")}).exit, 3);
}

TEST_F(VerifyCommandTest, VerifiesSeveralTargetsAndTellsTheWorst) {
  const Ran ran = Run({"--no-state", Path("A"), Path("nothing")});
  EXPECT_EQ(ran.exit, 10);
  EXPECT_THAT(ran.out, HasSubstr("VERIFIED " + Path("A")));
  EXPECT_THAT(ran.out, HasSubstr("NOT VERIFIED " + Path("nothing")));
}

TEST_F(VerifyCommandTest, HasFindingsWhereTheArchiveCannotBeOpened) {
  ArchiveFiles files = archive_.Files();
  files["archive.note"] = {'x'};
  Write(files);
  const Ran ran = Run({"--no-state", Path("A")});
  EXPECT_EQ(ran.exit, 1);
  EXPECT_THAT(ran.out, StartsWith("key-changed\tarchive.note\t"));
  std::filesystem::remove_all(Path("A/segments"));
  EXPECT_THAT(Run({"--no-state", Path("A")}).out,
              StartsWith("file-missing\tsegments\t"));
}

TEST_F(VerifyCommandTest, EscapesWhatAFileNameBringsIn) {
  ArchiveFiles files = archive_.Files();
  files["segments/\x1b[31mred"] = {'x'};
  Write(files);
  const Ran ran = Run({"--no-state", "-v", Path("A")});
  EXPECT_EQ(ran.exit, 1);
  EXPECT_THAT(ran.out, HasSubstr("file-unexpected\tsegments/\\x1b[31mred"));
  EXPECT_THAT(ran.out, Not(HasSubstr("\x1b")));
}

TEST_F(VerifyCommandTest, WritesTheMembersOfTheJsonContract) {
  const Ran ran = Run({"--json", "--no-state", Path("A")});
  EXPECT_EQ(ran.exit, 0);
  EXPECT_THAT(ran.out, StartsWith("{\"schema\":\"authseal/verify@1\","
                                  "\"verdict\":\"verified\",\"exit\":0,"));
  for (const std::string name :
       {"target", "depth", "origin", "verification_key", "key_source",
        "tree_size", "root", "checkpoint_size", "unsealed_records", "segments",
        "records", "epochs", "previous", "witnesses", "timestamp",
        "trustworthy", "findings", "notes", "not_checked"}) {
    EXPECT_THAT(ran.out, HasSubstr("\"" + name + "\":"));
  }
  EXPECT_THAT(ran.out, HasSubstr("\"trustworthy\":[[0,28]]"));
  EXPECT_THAT(ran.out, HasSubstr("\"segments\":{\"total\":3,\"ok\":3}"));
  EXPECT_THAT(ran.out, HasSubstr("\"key_source\":\"first-use\""));
}

TEST_F(VerifyCommandTest, TellsTheWholeReportWhenVerbose) {
  const Ran ran = Run({"-v", "--quick", "--no-state", Path("A")});
  EXPECT_THAT(ran.out, HasSubstr("Segments    3 of 3 valid\n"));
  EXPECT_THAT(ran.out, HasSubstr("Not checked content was not decompressed"));
  EXPECT_THAT(ran.out, HasSubstr("\nVERIFIED "));
}

TEST(VerifyManual, NamesEachFindingAndEachOption) {
  std::ifstream file(std::string(AUTHSEAL_SOURCE_DIR) +
                     "/man/authseal-verify.1");
  const std::string manual{std::istreambuf_iterator<char>(file), {}};
  ASSERT_FALSE(manual.empty());
  for (int kind = 0; kind <= static_cast<int>(FindingKind::kManifestMismatch);
       ++kind) {
    EXPECT_THAT(manual,
                HasSubstr(".It Li " + std::string(FindingName(
                                          static_cast<FindingKind>(kind)))));
  }
  for (const std::string option :
       {"key", "keys", "quick", "derived", "checkpoint", "after-checkpoint",
        "policy", "require-pin", "require-checkpoint", "require-sealed",
        "require-witness", "require-timestamp", "tsa-ca", "tsa-policy",
        "state-dir", "no-state", "jobs", "json"}) {
    EXPECT_THAT(manual, HasSubstr(".It Fl -" + option));
  }
}

}  // namespace
}  // namespace authseal
