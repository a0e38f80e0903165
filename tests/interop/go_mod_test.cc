// Golang's own verifier (golang.org/x/mod/sumdb, as Debian packages it) on a
// tree, a checkpoint and proofs that we made.
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "lib/base/encoding.h"
#include "lib/merkle/compact_range.h"
#include "lib/merkle/proof.h"
#include "lib/merkle/tree_hash.h"
#include "lib/note/checkpoint.h"
#include "lib/note/signed_note_signer.h"
#include "tests/interop/vectors.h"

namespace authseal {
namespace {

constexpr std::size_t kRecords = 300;

// Debian's place for Go's sources.
const std::filesystem::path kGoPath = "/usr/share/gocode";

// `go` on the PATH, else Debian's own; empty when there is none.
std::string FindGo() {
  if (std::system("go version >/dev/null 2>&1") == 0) {
    return "go";
  }
  std::error_code error;
  for (const auto& entry :
       std::filesystem::directory_iterator("/usr/lib", error)) {
    const auto tool = entry.path() / "bin/go";
    if (entry.path().filename().string().rfind("go-", 0) == 0 &&
        std::filesystem::exists(tool, error)) {
      return tool.string();
    }
  }
  return "";
}

class Tree {
 public:
  Tree() {
    for (std::size_t i = 0; i < kRecords; ++i) {
      records_.push_back("{\"type\":\"LOGIN\",\"n\":" + std::to_string(i) +
                         "}");
      leaves_.push_back(LeafHash(AsBytes(records_.back())));
    }
  }
  const std::vector<std::string>& records() const { return records_; }
  const Hash& leaf(std::size_t index) const { return leaves_[index]; }
  Hash Root(std::size_t size) const { return Range(0, size).Root(); }
  SubtreeHash Hashes() const {
    return [this](const Subtree& subtree) -> Result<Hash> {
      return Range(subtree.first,
                   subtree.first + (std::size_t{1} << subtree.level))
          .hashes()
          .front();
    };
  }

 private:
  CompactRange Range(std::size_t begin, std::size_t end) const {
    return CompactRange::FromLeaves(
        begin, std::span(leaves_).subspan(begin, end - begin));
  }

  std::vector<std::string> records_;
  std::vector<Hash> leaves_;
};

std::string Text(const Hash& hash) {
  return Base64Encode(hash.view());
}

// The line, and one for each way to spoil its proof.
class CaseWriter {
 public:
  explicit CaseWriter(const std::filesystem::path& path) : out_(path) {}

  void Root(std::size_t size, const Hash& root) {
    out_ << "root " << size << " " << Text(root) << "\n";
  }
  void Proof(const std::string& kind, const std::string& fields,
             const std::vector<Hash>& proof) {
    Line(kind, "good", fields, proof);
    for (std::size_t i = 0; i < proof.size(); ++i) {
      auto changed = proof;
      changed[i].bytes[i % 32] ^= 0x10;
      Line(kind, "bad", fields, changed);
      auto dropped = proof;
      dropped.erase(dropped.begin() + static_cast<std::ptrdiff_t>(i));
      Line(kind, "bad", fields, dropped);
    }
    auto longer = proof;
    longer.push_back(EmptyRoot());
    Line(kind, "bad", fields, longer);
  }
  void Line(const std::string& kind, const std::string& verdict,
            const std::string& fields, const std::vector<Hash>& proof) {
    out_ << kind << " " << verdict << " " << fields;
    for (const Hash& hash : proof) {
      out_ << " " << Text(hash);
    }
    out_ << "\n";
  }
  bool Close() {
    out_.close();
    return !out_.fail();
  }

 private:
  std::ofstream out_;
};

void WriteFile(const std::filesystem::path& path, std::string_view text) {
  std::ofstream out(path, std::ios::binary);
  out << text;
  out.close();
  ASSERT_FALSE(out.fail()) << path;
}

void WriteProofs(const std::filesystem::path& path, const Tree& tree,
                 std::size_t& inclusions, std::size_t& consistencies) {
  CaseWriter writer(path);
  for (std::size_t size = 1; size <= kRecords; ++size) {
    writer.Root(size, tree.Root(size));
  }
  for (const std::size_t size :
       {1u, 2u, 3u, 7u, 8u, 9u, 255u, 256u, 257u, 300u}) {
    for (std::size_t index = 0; index < size; index += 1 + size / 16) {
      const auto proof = BuildInclusionProof(index, size, tree.Hashes());
      ASSERT_TRUE(proof.has_value());
      writer.Proof("inclusion",
                   std::to_string(size) + " " + std::to_string(index) + " " +
                       Text(tree.Root(size)) + " " + Text(tree.leaf(index)),
                   *proof);
      ++inclusions;
    }
    for (std::size_t old_size = 1; old_size <= size;
         old_size += 1 + size / 16) {
      const auto proof = BuildConsistencyProof(old_size, size, tree.Hashes());
      ASSERT_TRUE(proof.has_value());
      writer.Proof("consistency",
                   std::to_string(old_size) + " " + std::to_string(size) + " " +
                       Text(tree.Root(old_size)) + " " + Text(tree.Root(size)),
                   *proof);
      ++consistencies;
    }
  }
  ASSERT_TRUE(writer.Close());
}

void WriteNotes(const std::filesystem::path& dir, const Tree& tree) {
  const auto signer = Ed25519Signer::Generate();
  ASSERT_TRUE(signer.has_value());
  const std::string name = "example.com/authseal";
  const auto note = SignNote(
      FormatCheckpointText(
          {.origin = name, .size = kRecords, .root = tree.Root(kRecords)}),
      name, *signer);
  ASSERT_TRUE(note.has_value());
  WriteFile(dir / "vkey", FormatVerificationKey(
                              MakeVerificationKey(name, signer->public_key())) +
                              "\n");
  WriteFile(dir / "skey", AsText(FormatSigningKey(name, *signer).view()));
  WriteFile(dir / "checkpoint", *note);
  std::string records;
  for (const std::string& record : tree.records()) {
    records += record + "\n";
  }
  WriteFile(dir / "records", records);
  // One character of origin, size, root and signature each.
  const std::size_t places[] = {0, name.size() + 1, name.size() + 6,
                                note->size() - 10};
  for (std::size_t i = 0; i < 4; ++i) {
    std::string bad = *note;
    bad[places[i]] = bad[places[i]] == '7' ? '8' : '7';
    WriteFile(dir / ("bad-note-" + std::to_string(i)), bad);
  }
}

std::string RunGo(const std::string& go, const std::filesystem::path& dir) {
  // Without module mode nothing is fetched: the packages are Debian's. The
  // cache stays, so that only the first run compiles Go's library.
  std::string command =
      "GO111MODULE=off GOFLAGS= GOPROXY=off GOTOOLCHAIN=local GOPATH=" +
      kGoPath.string() + " GOCACHE='" + ::testing::TempDir() +
      "authseal-go-cache'";
  command += " " + go +
             " run '" AUTHSEAL_SOURCE_DIR
             "/tests/interop/go_mod_check/main.go' '" +
             dir.string() + "' >'" + (dir / "output").string() + "' 2>&1";
  const int status = std::system(command.c_str());
  const std::string output = ReadText(dir / "output");
  EXPECT_EQ(status, 0) << command << "\n" << output;
  return output;
}

TEST(GoMod, AcceptsOurCheckpointAndProofsAndRefusesChangedOnes) {
  const std::string go = FindGo();
  if (go.empty() ||
      !std::filesystem::exists(kGoPath / "src/golang.org/x/mod/sumdb/note")) {
    GTEST_SKIP() << "no Go, or no golang.org/x/mod in " << kGoPath
                 << ": install golang-go and golang-golang-x-mod-dev";
  }
  // ctest runs tests side by side: a directory of this process alone.
  std::string pattern = ::testing::TempDir() + "authseal-go-XXXXXX";
  ASSERT_NE(mkdtemp(pattern.data()), nullptr);
  const std::filesystem::path dir = pattern;
  const Tree tree;
  std::size_t inclusions = 0;
  std::size_t consistencies = 0;
  WriteNotes(dir, tree);
  WriteProofs(dir / "proofs", tree, inclusions, consistencies);
  ASSERT_FALSE(HasFatalFailure());
  const std::string output = RunGo(go, dir);
  std::ostringstream expected;
  expected << "OK notes=1 bad-notes=4 roots=" << kRecords
           << " inclusion=" << inclusions << " ";
  EXPECT_EQ(output.substr(0, expected.str().size()), expected.str()) << output;
  EXPECT_NE(output.find(" consistency=" + std::to_string(consistencies) + " "),
            std::string::npos)
      << output;
  EXPECT_EQ(output.find("bad-inclusion=0"), std::string::npos);
  EXPECT_EQ(output.find("bad-consistency=0"), std::string::npos);
  Count("inclusion and consistency proofs that Go accepts",
        inclusions + consistencies);
  std::filesystem::remove_all(dir);
}

}  // namespace
}  // namespace authseal
