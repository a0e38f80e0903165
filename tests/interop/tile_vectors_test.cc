// Real tiled logs: Tessera's test log, Sunlight's mirror and a slice of a CT
// log. Tiles are rows of hashes, 256 wide.
#include <algorithm>

#include "lib/base/encoding.h"
#include "lib/merkle/compact_range.h"
#include "lib/merkle/proof.h"
#include "lib/merkle/tree_hash.h"
#include "lib/note/checkpoint.h"
#include "lib/note/signed_note.h"
#include "tests/interop/vectors.h"

namespace authseal {
namespace {

constexpr std::size_t kTileWidth = 256;

std::vector<Hash> ReadTile(const std::filesystem::path& path) {
  const std::string bytes = ReadText(path);
  EXPECT_EQ(bytes.size() % Hash::kSizeBytes, 0u) << path;
  std::vector<Hash> hashes(bytes.size() / Hash::kSizeBytes);
  for (std::size_t i = 0; i < hashes.size(); ++i) {
    std::copy_n(
        bytes.begin() + static_cast<std::ptrdiff_t>(i * Hash::kSizeBytes),
        Hash::kSizeBytes, hashes[i].bytes.begin());
  }
  return hashes;
}

// Entries of a bundle: u16 big endian, then so many bytes.
std::vector<std::string> ReadBundle(const std::filesystem::path& path) {
  std::vector<std::string> entries;
  std::string bytes = ReadText(path);
  while (bytes.size() >= 2) {
    const std::size_t size =
        static_cast<std::size_t>(static_cast<unsigned char>(bytes[0]) << 8 |
                                 static_cast<unsigned char>(bytes[1]));
    entries.push_back(bytes.substr(2, size));
    bytes.erase(0, 2 + size);
  }
  EXPECT_TRUE(bytes.empty()) << path;
  return entries;
}

// The log's public key, from Tessera's own tests.
constexpr std::string_view kTesseraTestKey =
    "example.com/log/testdata+33d7b496+"
    "AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx";

Checkpoint ReadTesseraCheckpoint(const std::filesystem::path& path) {
  const auto key = ParseVerificationKey(kTesseraTestKey);
  const auto note = ParseSignedNote(ReadText(path));
  EXPECT_TRUE(key && note) << path;
  if (!key || !note) {
    return {};
  }
  EXPECT_EQ(VerifySignedNote(*note, *key), NoteVerdict::kVerified) << path;
  const auto checkpoint = ParseCheckpointText(note->text);
  EXPECT_TRUE(checkpoint.has_value()) << path;
  return checkpoint ? *checkpoint : Checkpoint{};
}

TEST(TileVectors, TesserasTestLogIsTheSameTreeAtAll16Sizes) {
  AUTHSEAL_VECTORS_OR_SKIP(log, "tessera-testlog/testdata/log");
  std::vector<Checkpoint> checkpoints;
  for (std::size_t size = 0; size <= 15; ++size) {
    checkpoints.push_back(
        ReadTesseraCheckpoint(log / ("checkpoint." + std::to_string(size))));
    ASSERT_EQ(checkpoints.back().size, size);
    CompactRange range;
    if (size > 0) {
      const std::string partial = "000.p/" + std::to_string(size);
      const auto tile = ReadTile(log / "tile/0" / partial);
      const auto entries = ReadBundle(log / "tile/entries" / partial);
      ASSERT_EQ(tile.size(), size);
      ASSERT_EQ(entries.size(), size);
      for (std::size_t i = 0; i < size; ++i) {
        EXPECT_EQ(LeafHash(AsBytes(entries[i])), tile[i]);
        range.Append(tile[i]);
      }
    }
    EXPECT_EQ(range.Root(), checkpoints.back().root) << size;
  }
  EXPECT_EQ(ReadTesseraCheckpoint(log / "checkpoint"), checkpoints.back());

  const auto leaves = ReadTile(log / "tile/0/000.p/15");
  const SubtreeHash hashes = [&leaves](const Subtree& subtree) -> Result<Hash> {
    return CompactRange::FromLeaves(
               subtree.first,
               std::span(leaves).subspan(subtree.first,
                                         std::size_t{1} << subtree.level))
        .hashes()
        .front();
  };
  for (std::size_t n = 1; n <= 15; ++n) {
    for (std::size_t m = 1; m <= n; ++m) {
      const auto proof = BuildConsistencyProof(m, n, hashes);
      ASSERT_TRUE(proof.has_value());
      EXPECT_TRUE(VerifyConsistency(m, n, *proof, checkpoints[m].root,
                                    checkpoints[n].root));
    }
  }
  Count("checkpoints of Tessera's test log", checkpoints.size());
}

TEST(TileVectors, SunlightsMirrorIsTheSameTree) {
  AUTHSEAL_VECTORS_OR_SKIP(
      mirror,
      "sunlight-skylight/cmd/skylight/testdata/witness/mirror/"
      "000de184301123b9278c086a7d9f68c9577e83872224c197058fd90784ea9706");
  std::vector<Hash> leaves = ReadTile(mirror / "tile/0/000");
  ASSERT_EQ(leaves.size(), kTileWidth);
  const std::vector<Hash> above = ReadTile(mirror / "tile/1/000.p/1");
  ASSERT_EQ(above.size(), 1u);
  EXPECT_EQ(CompactRange::FromLeaves(0, leaves).hashes(), above);
  for (const Hash& leaf : ReadTile(mirror / "tile/0/001.p/44")) {
    leaves.push_back(leaf);
  }
  ASSERT_EQ(leaves.size(), 300u);
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    EXPECT_EQ(leaves[i], LeafHash(AsBytes("record " + std::to_string(i))));
  }
  const auto note = ParseSignedNote(ReadText(mirror / "checkpoint"));
  ASSERT_TRUE(note.has_value());
  const auto checkpoint = ParseCheckpointText(note->text);
  ASSERT_TRUE(checkpoint.has_value());
  EXPECT_EQ(checkpoint->root, CompactRange::FromLeaves(0, leaves).Root());
  Count("leaves of Sunlight's mirror", leaves.size());
}

// c2sp.org/tlog-cosignature, cosignature/v1: u64 of seconds, then Ed25519 over
// a text of its own. We ignore such lines in notes; the arithmetic is checked.
TEST(TileVectors, SunlightsCosignatureVerifies) {
  AUTHSEAL_VECTORS_OR_SKIP(
      base, "sunlight-skylight/cmd/skylight/testdata/witness/mirror");
  const JsonFile json(base / "mirror.v0.json");
  const std::string_view vkey = json["verifier_keys"].at(0).get_string();
  const auto typed =
      Base64Decode(vkey.substr(vkey.find('+', vkey.find('+') + 1) + 1));
  ASSERT_TRUE(typed && typed->size() == 33 && typed->front() == 0x04);
  Ed25519PublicKey key;
  std::copy(typed->begin() + 1, typed->end(), key.bytes.begin());

  const auto note = ParseSignedNote(ReadText(
      base /
      "000de184301123b9278c086a7d9f68c9577e83872224c197058fd90784ea9706"
      "/checkpoint"));
  ASSERT_TRUE(note && note->signatures.size() == 1);
  const ByteVector& blob = note->signatures[0].signature;
  Ed25519Signature signature;
  ASSERT_EQ(blob.size(), 8 + signature.bytes.size());
  std::uint64_t seconds = 0;
  for (std::size_t i = 0; i < 8; ++i) {
    seconds = seconds << 8 | blob[i];
  }
  std::copy(blob.begin() + 8, blob.end(), signature.bytes.begin());
  const auto message = [&note](std::uint64_t time) {
    return "cosignature/v1\ntime " + std::to_string(time) + "\n" + note->text;
  };
  EXPECT_TRUE(VerifyEd25519(key, AsBytes(message(seconds)), signature));
  EXPECT_FALSE(VerifyEd25519(key, AsBytes(message(seconds + 1)), signature));
}

TEST(TileVectors, ASliceOfARealLogGivesTheSameTreeEitherWay) {
  AUTHSEAL_VECTORS_OR_SKIP(
      row, "sunlight-navigli2025h2/testdata/navigli2025h2/tile/0");
  std::vector<Hash> leaves;
  for (const char* const name : {"000", "001", "002", "003"}) {
    const auto tile = ReadTile(row / name);
    ASSERT_EQ(tile.size(), kTileWidth);
    leaves.insert(leaves.end(), tile.begin(), tile.end());
  }
  const auto partial = ReadTile(row / "003.p/10");
  ASSERT_EQ(partial.size(), 10u);
  EXPECT_TRUE(std::equal(partial.begin(), partial.end(), leaves.begin() + 768));

  CompactRange one_by_one;
  CompactRange by_tile;
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    one_by_one.Append(leaves[i]);
    if (i % kTileWidth == 0) {
      ASSERT_TRUE(by_tile
                      .Append(CompactRange::FromLeaves(
                          i, std::span(leaves).subspan(i, kTileWidth)))
                      .has_value());
    }
  }
  EXPECT_EQ(one_by_one, by_tile);
  EXPECT_EQ(CompactRange::FromLeaves(0, leaves), by_tile);
  Count("leaves of a CT log", leaves.size());
}

}  // namespace
}  // namespace authseal
