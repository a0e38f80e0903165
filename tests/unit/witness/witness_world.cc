#include "tests/unit/witness/witness_world.h"

#include <algorithm>
#include <utility>

#include <gtest/gtest.h>

#include "lib/merkle/proof.h"
#include "lib/merkle/tree_hash.h"
#include "lib/note/signed_note.h"
#include "tests/unit/merkle/naive_tree.h"

namespace authseal {

NamedSigner MakeSigner(std::string_view name, std::uint8_t seed) {
  Secret bytes(32);
  std::fill(bytes.span().begin(), bytes.span().end(), seed);
  auto signer = Ed25519Signer::FromSeed(std::move(bytes));
  EXPECT_TRUE(signer.has_value());
  return {std::string(name), *std::move(signer)};
}

VerificationKey LogKeyOf(const NamedSigner& signer) {
  return MakeVerificationKey(signer.name, signer.signer.public_key());
}

WitnessKey WitnessKeyOf(const NamedSigner& signer) {
  return MakeWitnessKey(signer.name, signer.signer.public_key());
}

SampleLog::SampleLog(std::uint8_t seed, std::string_view origin)
    : signer_(MakeSigner(origin, seed)) {}

std::vector<Hash> SampleLog::LeavesOf(std::uint64_t size) const {
  std::vector<Hash> leaves = MakeLeaves(size);
  for (std::uint64_t i = fork_at_; i < size; ++i) {
    leaves[i] = LeafHash(AsBytes("forked " + std::to_string(i)));
  }
  return leaves;
}

Checkpoint SampleLog::At(std::uint64_t size) const {
  return {
      .origin = signer_.name, .size = size, .root = NaiveRoot(LeavesOf(size))};
}

std::string SampleLog::Note(std::uint64_t size) const {
  auto note =
      SignNote(FormatCheckpointText(At(size)), signer_.name, signer_.signer);
  EXPECT_TRUE(note.has_value());
  return *std::move(note);
}

std::vector<Hash> SampleLog::Proof(std::uint64_t old_size,
                                   std::uint64_t size) const {
  if (old_size == 0 || old_size >= size) {
    return {};
  }
  const std::vector<Hash> leaves = LeavesOf(size);
  auto proof = BuildConsistencyProof(old_size, size, SubtreeHashesOf(leaves));
  EXPECT_TRUE(proof.has_value());
  return *std::move(proof);
}

AddCheckpoint SampleLog::Request(std::uint64_t old_size,
                                 std::uint64_t size) const {
  return {.old_size = old_size,
          .proof = Proof(old_size, size),
          .checkpoint = Note(size)};
}

WitnessWorld::WitnessWorld(std::vector<VerificationKey> logs)
    : logs_(std::move(logs)), signer_(MakeSigner("w.example/1", 77)) {
  Restart(files_);
}

void WitnessWorld::Restart(FileSystem& files) {
  witness_.reset();
  store_.reset();
  auto store = WitnessStore::Open(files, "store");
  ASSERT_TRUE(store.has_value()) << store.error().message;
  store_ = std::make_unique<WitnessStore>(*std::move(store));
  witness_ = std::make_unique<Witness>(
      *store_, signer_, logs_, clock_,
      [this](const Error& error) { reports_.push_back(error.message); });
}

ServedResponse WitnessWorld::Post(const AddCheckpoint& request) {
  return PostBody(FormatAddCheckpoint(request));
}

ServedResponse WitnessWorld::PostBody(std::string body) {
  return witness_->Serve({.is_post = true,
                          .path = std::string(kAddCheckpointPath),
                          .body = std::move(body)});
}

ServedResponse WitnessWorld::Get(std::string_view path) {
  return witness_->Serve({.is_post = false, .path = std::string(path)});
}

std::uint64_t WitnessWorld::StoredSize() {
  const auto stored = store_->Load(kLogOrigin);
  EXPECT_TRUE(stored.has_value());
  return stored.has_value() && stored->has_value() ? (*stored)->checkpoint.size
                                                   : 0;
}

}  // namespace authseal
