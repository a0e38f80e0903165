#include "tests/unit/verify/sample_bundle.h"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "lib/archive/archive_note.h"
#include "lib/archive/segment_footer.h"
#include "lib/base/encoding.h"
#include "lib/crypto/ed25519_signer.h"
#include "lib/crypto/sha256.h"
#include "lib/merkle/proof.h"
#include "lib/merkle/tree_hash.h"
#include "lib/note/signed_note_signer.h"

namespace authseal {
namespace {

Ed25519Signer SignerOf(std::uint8_t identity) {
  Secret seed(32);
  std::fill(seed.span().begin(), seed.span().end(), identity);
  auto signer = Ed25519Signer::FromSeed(std::move(seed));
  EXPECT_TRUE(signer.has_value());
  return *std::move(signer);
}

Hash LeafOf(const std::string& record) {
  return LeafHash(AsBytes(record));
}

std::string SealOf(std::uint64_t epoch, std::uint64_t first,
                   std::uint64_t end) {
  SegmentFooter footer;
  footer.epoch = epoch;
  footer.first_record = first;
  footer.end_record = end;
  return SealRecord(footer, Hash{});
}

// RFC 6962's own definition.
Hash RootOf(const std::vector<std::string>& records, std::uint64_t first,
            std::uint64_t end) {
  if (end - first == 1) {
    return LeafOf(records[first]);
  }
  std::uint64_t left = 1;
  while (left * 2 < end - first) {
    left *= 2;
  }
  return NodeHash(RootOf(records, first, first + left),
                  RootOf(records, first + left, end));
}

std::string ManifestLine(const std::string& path, const std::string& content) {
  return HexEncode(Sha256Of(AsBytes(content)).view()) + "  " + path + "\n";
}

}  // namespace

std::string SignAs(std::uint8_t identity, std::string_view name,
                   std::string_view text) {
  auto note = SignNote(text, name, SignerOf(identity));
  EXPECT_TRUE(note.has_value());
  return *note;
}

SampleLog MakeSampleLog(std::uint8_t identity) {
  SampleLog log;
  std::uint64_t first = 0;
  for (const std::uint64_t end : {4u, 9u, 12u}) {
    while (log.records.size() + 1 < end) {
      log.records.push_back("{\"n\":" + std::to_string(log.records.size()) +
                            "}");
    }
    log.seals.push_back(end - 1);
    log.records.push_back(SealOf(log.seals.size() - 1, first, end));
    first = end;
  }
  log.key = MakeVerificationKey(kBundleOrigin, SignerOf(identity).public_key());
  ArchiveNote note;
  note.origin = kBundleOrigin;
  const std::string text = FormatArchiveNoteText(note);
  log.genesis = Genesis(text);
  log.archive_note = SignAs(identity, kBundleOrigin, text);
  log.checkpoint = {std::string(kBundleOrigin), log.records.size(),
                    RootOf(log.records, 0, log.records.size())};
  log.checkpoint_note =
      SignAs(identity, kBundleOrigin, FormatCheckpointText(log.checkpoint));
  return log;
}

std::vector<Hash> SampleLog::ProofOf(std::uint64_t index) const {
  auto proof = BuildInclusionProof(
      index, records.size(), [this](const Subtree& subtree) -> Result<Hash> {
        const std::uint64_t size = std::uint64_t{1} << subtree.level;
        return RootOf(records, subtree.first, subtree.first + size);
      });
  EXPECT_TRUE(proof.has_value());
  return *proof;
}

std::string SampleLog::ProofLineOf(std::uint64_t index) const {
  std::string line = "{\"index\":" + std::to_string(index) + ",\"leaf\":\"" +
                     Base64Encode(LeafOf(records[index]).view()) +
                     "\",\"proof\":[";
  std::string_view comma;
  for (const Hash& hash : ProofOf(index)) {
    line += comma;
    line += "\"" + Base64Encode(hash.view()) + "\"";
    comma = ",";
  }
  return line + "]}\n";
}

std::string SampleLog::EpochLineOf(std::uint64_t seal) const {
  std::string proof;
  for (const Hash& hash : ProofOf(seal)) {
    proof += (proof.empty() ? "" : ",") + Base64Encode(hash.view());
  }
  return std::to_string(seal) + " " + proof + " " + records[seal] + "\n";
}

void SampleBundle::RemakeManifests() {
  std::string payload;
  for (const auto& [path, content] : files) {
    if (path.starts_with("data/")) {
      payload += ManifestLine(path, content);
    }
  }
  files["manifest-sha256.txt"] = payload;
  RemakeTagManifest();
}

void SampleBundle::RemakeTagManifest() {
  std::string tags;
  for (const auto& [path, content] : files) {
    if (!path.starts_with("data/") && path != "tagmanifest-sha256.txt") {
      tags += ManifestLine(path, content);
    }
  }
  files["tagmanifest-sha256.txt"] = tags;
}

void SampleBundle::WriteTo(MemoryFileSystem& file_system,
                           std::string_view path) const {
  const std::string root(path);
  file_system.RemovePath(root);
  ASSERT_TRUE(file_system.CreateDirectory(root, 0700).has_value());
  ASSERT_TRUE(file_system.CreateDirectory(root + "/data", 0700).has_value());
  for (const auto& [name, content] : files) {
    ASSERT_TRUE(file_system.WriteFile(root + "/" + name, AsBytes(content)));
  }
}

SampleBundle MakeSampleBundle(const SampleLog& log,
                              const std::vector<std::uint64_t>& indices) {
  SampleBundle bundle;
  bundle.files["bagit.txt"] =
      "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";
  bundle.files["bag-info.txt"] = "Payload-Oxum: 1.1\n";
  bundle.files["README.txt"] = "read me\n";
  bundle.files["data/export.json"] = "{}\n";
  bundle.files["data/archive.note"] = log.archive_note;
  bundle.files["data/checkpoint.note"] = log.checkpoint_note;
  std::string& records = bundle.files["data/records.jsonl"];
  std::string& proofs = bundle.files["data/proofs.jsonl"];
  std::string& epochs = bundle.files["data/epochs.txt"];
  std::set<std::uint64_t> seals;
  for (const std::uint64_t index : indices) {
    records += log.records[index] + "\n";
    proofs += log.ProofLineOf(index);
    seals.insert(*std::lower_bound(log.seals.begin(), log.seals.end(), index));
  }
  for (const std::uint64_t seal : seals) {
    epochs += log.EpochLineOf(seal);
  }
  bundle.RemakeManifests();
  return bundle;
}

}  // namespace authseal
