// Trees over the leaves "record 0", "record 1", …, their roots, tiles and
// proofs computed by other programs.
#include <map>

#include "lib/base/encoding.h"
#include "lib/crypto/sha256.h"
#include "lib/merkle/proof.h"
#include "lib/merkle/tree_hash.h"
#include "lib/note/checkpoint.h"
#include "lib/note/signed_note_signer.h"
#include "tests/interop/vectors.h"

namespace authseal {
namespace {

using simdjson::dom::element;

constexpr std::size_t kRecords = 70'000;
constexpr std::size_t kTileWidth = 256;

const std::vector<Hash>& RecordLeaves() {
  static const std::vector<Hash> leaves = [] {
    std::vector<Hash> all;
    for (std::size_t i = 0; i < kRecords; ++i) {
      all.push_back(LeafHash(AsBytes("record " + std::to_string(i))));
    }
    return all;
  }();
  return leaves;
}

Result<Hash> HashOfSubtree(const Subtree& subtree) {
  const auto range = CompactRange::FromLeaves(
      subtree.first,
      std::span(RecordLeaves())
          .subspan(subtree.first, std::size_t{1} << subtree.level));
  EXPECT_EQ(range.hashes().size(), 1u);
  return range.hashes().front();
}

// c2sp.org/tlog-tiles: groups of three digits, all but the last marked.
std::string TilePath(std::size_t level, std::size_t number, std::size_t width) {
  std::string path = ZeroPadded(number % 1000, 3);
  for (number /= 1000; number > 0; number /= 1000) {
    path.insert(0, "x" + ZeroPadded(number % 1000, 3) + "/");
  }
  path.insert(0, "tile/" + std::to_string(level) + "/");
  return width == kTileWidth ? path : path + ".p/" + std::to_string(width);
}

// Path and SHA-256 of every tile of the whole tree.
std::map<std::string, std::string> AllTiles() {
  std::map<std::string, std::string> tiles;
  std::vector<Hash> row = RecordLeaves();
  for (std::size_t level = 0; !row.empty(); ++level) {
    std::vector<Hash> above;
    for (std::size_t first = 0; first < row.size(); first += kTileWidth) {
      const auto tile = std::span<const Hash>(row).subspan(
          first, std::min(kTileWidth, row.size() - first));
      Sha256 digest;
      for (const Hash& hash : tile) {
        digest.Update(hash.view());
      }
      tiles[TilePath(level, first / kTileWidth, tile.size())] =
          HexEncode(digest.Finish().view());
      if (tile.size() == kTileWidth) {
        above.push_back(CompactRange::FromLeaves(first, tile).hashes().front());
      }
    }
    row = std::move(above);
  }
  return tiles;
}

TEST(DerivedVectors, RootsAreTheSameAt45Sizes) {
  AUTHSEAL_VECTORS_OR_SKIP(path, "derived/record_tree.json");
  const JsonFile json(path);
  std::size_t count = 0;
  for (const auto field : json["roots"].get_object()) {
    const auto size = ParseDecimal(field.key);
    ASSERT_TRUE(size && *size <= kRecords);
    const auto range =
        CompactRange::FromLeaves(0, std::span(RecordLeaves()).first(*size));
    EXPECT_EQ(range.Root(), HashOf(field.value.get_string())) << field.key;
    ++count;
  }
  EXPECT_EQ(count, 45u);
  Count("roots", count);
}

TEST(DerivedVectors, TilesAreTheSameAll277) {
  AUTHSEAL_VECTORS_OR_SKIP(path, "derived/record_tree.json");
  const JsonFile json(path);
  const std::map<std::string, std::string> ours = AllTiles();
  std::map<std::string, std::string> theirs;
  for (const auto field : json["tiles_70000"].get_object()) {
    theirs[std::string(field.key)] =
        std::string(std::string_view(field.value.get_string()));
  }
  EXPECT_EQ(ours, theirs);
  EXPECT_EQ(theirs.size(), 277u);
  Count("tiles", theirs.size());
}

TEST(DerivedVectors, ProofsAreTheSameAndVerifyAll76) {
  AUTHSEAL_VECTORS_OR_SKIP(path, "derived/record_tree.json");
  const JsonFile json(path);
  std::size_t inclusions = 0;
  for (const element known : json["proofs"]["inclusion"].get_array()) {
    const std::uint64_t size = NumberOf(known, "size");
    const std::uint64_t index = NumberOf(known, "index");
    const auto proof = HashesOf(known["proof"]);
    const auto root = HashOf(TextOf(known, "root"));
    const auto built = BuildInclusionProof(index, size, HashOfSubtree);
    ASSERT_TRUE(proof && root && built.has_value());
    EXPECT_EQ(*built, *proof) << index << " of " << size;
    EXPECT_TRUE(
        VerifyInclusion(index, size, RecordLeaves()[index], *proof, *root));
    ++inclusions;
  }
  std::size_t consistencies = 0;
  for (const element known : json["proofs"]["consistency"].get_array()) {
    const std::uint64_t old_size = NumberOf(known, "size1");
    const std::uint64_t new_size = NumberOf(known, "size2");
    const auto proof = HashesOf(known["proof"]);
    const auto old_root = HashOf(TextOf(known, "root1"));
    const auto new_root = HashOf(TextOf(known, "root2"));
    const auto built = BuildConsistencyProof(old_size, new_size, HashOfSubtree);
    ASSERT_TRUE(proof && old_root && new_root && built.has_value());
    EXPECT_EQ(*built, *proof) << old_size << " to " << new_size;
    EXPECT_TRUE(
        VerifyConsistency(old_size, new_size, *proof, *old_root, *new_root));
    ++consistencies;
  }
  EXPECT_EQ(inclusions, 38u);
  EXPECT_EQ(consistencies, 38u);
  Count("proofs", inclusions + consistencies);
}

TEST(DerivedVectors, TheCheckpointIsSignedAlikeFromItsKey) {
  AUTHSEAL_VECTORS_OR_SKIP(path, "derived/ed25519_checkpoint.json");
  const JsonFile json(path);
  const auto note = ParseSignedNote(TextOf(json.root(), "checkpoint"));
  const auto key = ParseVerificationKey(TextOf(json.root(), "log_vkey"));
  const auto signer = ParseSigningKey(TextOf(json.root(), "log_skey"));
  ASSERT_TRUE(note && key && signer.has_value());
  EXPECT_EQ(VerifySignedNote(*note, *key), NoteVerdict::kVerified);
  EXPECT_EQ(HexEncode(signer->signer.seed()),
            TextOf(json.root(), "log_seed_hex"));

  const auto ours = SignNote(note->text, signer->name, signer->signer);
  ASSERT_TRUE(ours.has_value());
  EXPECT_EQ(*ours,
            note->text + "\n" + FormatSignatureLine(note->signatures[0]));

  const auto checkpoint = ParseCheckpointText(note->text);
  ASSERT_TRUE(checkpoint.has_value());
  EXPECT_EQ(checkpoint->size, 300u);
  EXPECT_EQ(
      checkpoint->root,
      CompactRange::FromLeaves(0, std::span(RecordLeaves()).first(300)).Root());
  EXPECT_EQ(FormatCheckpointText(*checkpoint), note->text);
}

// c2sp.org/tlog-proof: header, index, hashes, blank line, checkpoint.
struct TlogProof {
  std::uint64_t index = 0;
  std::vector<Hash> hashes;
  std::string checkpoint;
};

std::optional<TlogProof> ParseTlogProof(std::string_view text) {
  constexpr std::string_view kHeader = "c2sp.org/tlog-proof@v1\nindex ";
  const std::size_t blank = text.find("\n\n");
  if (text.substr(0, kHeader.size()) != kHeader ||
      blank == std::string_view::npos) {
    return std::nullopt;
  }
  TlogProof proof;
  proof.checkpoint = text.substr(blank + 2);
  std::string_view lines =
      text.substr(kHeader.size(), blank + 1 - kHeader.size());
  const auto index = ParseDecimal(lines.substr(0, lines.find('\n')));
  lines.remove_prefix(lines.find('\n') + 1);
  while (!lines.empty()) {
    const auto hash = HashOf(lines.substr(0, lines.find('\n')));
    if (!hash) {
      return std::nullopt;
    }
    proof.hashes.push_back(*hash);
    lines.remove_prefix(lines.find('\n') + 1);
  }
  if (!index) {
    return std::nullopt;
  }
  proof.index = *index;
  return proof;
}

TEST(DerivedVectors, TlogProofFilesVerify) {
  AUTHSEAL_VECTORS_OR_SKIP(base, "derived");
  for (const std::size_t record : {0u, 255u, 256u, 299u}) {
    const auto proof = ParseTlogProof(
        ReadText(base / ("record-" + std::to_string(record) + ".tlog-proof")));
    ASSERT_TRUE(proof.has_value()) << record;
    EXPECT_EQ(proof->index, record);
    const auto note = ParseSignedNote(proof->checkpoint);
    ASSERT_TRUE(note.has_value());
    const auto checkpoint = ParseCheckpointText(note->text);
    ASSERT_TRUE(checkpoint.has_value());
    EXPECT_TRUE(VerifyInclusion(proof->index, checkpoint->size,
                                RecordLeaves()[record], proof->hashes,
                                checkpoint->root));
    EXPECT_FALSE(VerifyInclusion(proof->index, checkpoint->size,
                                 RecordLeaves()[record + 1], proof->hashes,
                                 checkpoint->root));
  }
  Count("tlog-proof files", 4);
}

}  // namespace
}  // namespace authseal
