// Hashing and signing.
#include <vector>

#include "lib/base/check.h"
#include "lib/crypto/ed25519_signer.h"
#include "lib/crypto/sha256.h"
#include "lib/crypto/sha256_lanes.h"
#include "lib/crypto/sha256_openssl.h"
#include "lib/merkle/compact_range.h"
#include "lib/merkle/tree_hash.h"
#include "tests/bench/sample_block.h"

namespace authseal {
namespace {

std::vector<Hash> LeavesOf(const SampleBlock& block) {
  std::vector<Hash> leaves(block.messages.size());
  Sha256Prefixed(kLeafPrefix, block.messages, leaves);
  return leaves;
}

void LeafHashes(benchmark::State& state) {
  const SampleBlock& block = Sample();
  std::vector<Hash> leaves(block.messages.size());
  for (auto _ : state) {
    Sha256Prefixed(kLeafPrefix, block.messages, leaves);
    benchmark::DoNotOptimize(leaves.data());
  }
  state.SetLabel(Sha256LanesSupported() ? "two lanes" : "OpenSSL");
  Report(state, block);
}
BENCHMARK(LeafHashes);

void LeafHashesOpenSsl(benchmark::State& state) {
  const SampleBlock& block = Sample();
  std::vector<Hash> leaves(block.messages.size());
  for (auto _ : state) {
    OpenSslSha256Prefixed(kLeafPrefix, block.messages, leaves);
    benchmark::DoNotOptimize(leaves.data());
  }
  Report(state, block);
}
BENCHMARK(LeafHashesOpenSsl);

// All inner nodes of a block's subtrees.
void NodeHashes(benchmark::State& state) {
  const SampleBlock& block = Sample();
  const std::vector<Hash> leaves = LeavesOf(block);
  for (auto _ : state) {
    benchmark::DoNotOptimize(CompactRange::FromLeaves(0, leaves));
  }
  state.SetLabel(Sha256LanesSupported() ? "two lanes" : "OpenSSL");
  Report(state, block);
}
BENCHMARK(NodeHashes);

// As many nodes, level by level.
void NodeHashesOpenSsl(benchmark::State& state) {
  const SampleBlock& block = Sample();
  const std::vector<Hash> leaves = LeavesOf(block);
  std::vector<Hash> level;
  for (auto _ : state) {
    level = leaves;
    while (level.size() > 1) {
      const std::size_t count = level.size() / 2;
      OpenSslSha256NodePairs(std::span<const Hash>(level).first(2 * count),
                             std::span<Hash>(level).first(count));
      level.resize(count);
    }
    benchmark::DoNotOptimize(level.data());
  }
  Report(state, block);
}
BENCHMARK(NodeHashesOpenSsl);

// What leaf hashing cannot be faster than: the content as two long messages,
// nothing cut or padded.
void HashKernel(benchmark::State& state) {
  const ByteVector& content = Sample().draft.content;
  const std::size_t blocks = content.size() / 2 / kSha256BlockSizeBytes;
  for (auto _ : state) {
    if (Sha256LanesSupported()) {
      Sha256LaneState a = kSha256LaneStart;
      Sha256LaneState b = kSha256LaneStart;
      Sha256CompressTwo(a, content.data(), b,
                        content.data() + blocks * kSha256BlockSizeBytes,
                        blocks);
      benchmark::DoNotOptimize(a);
      benchmark::DoNotOptimize(b);
    } else {
      benchmark::DoNotOptimize(Sha256Of(content));
    }
  }
  Report(state, Sample());
}
BENCHMARK(HashKernel);

void FrameHash(benchmark::State& state) {
  const EncodedBlock encoded = Encoded(Sample());
  for (auto _ : state) {
    benchmark::DoNotOptimize(Sha256Of(encoded.frame));
  }
  Report(state, Sample());
}
BENCHMARK(FrameHash);

// The link of the chain: each header names the hash of the one before.
void HeaderChainHash(benchmark::State& state) {
  const ByteVector header = EncodeBlockHeader(Encoded(Sample()).header);
  for (auto _ : state) {
    benchmark::DoNotOptimize(Sha256Of(header));
  }
  Report(state, Sample());
}
BENCHMARK(HeaderChainHash);

Ed25519Signer SampleSigner() {
  Result<Ed25519Signer> signer = Ed25519Signer::Generate();
  AUTHSEAL_CHECK(signer.has_value());
  return *std::move(signer);
}

// Per record as if each block had its own; a commit has one for 16.
void SignHeader(benchmark::State& state) {
  const Ed25519Signer signer = SampleSigner();
  const ByteVector message =
      BlockHeaderSignedMessage(Hash{}, Encoded(Sample()).header);
  for (auto _ : state) {
    benchmark::DoNotOptimize(signer.Sign(message));
  }
  Report(state, Sample());
}
BENCHMARK(SignHeader);

void VerifySignature(benchmark::State& state) {
  const Ed25519Signer signer = SampleSigner();
  const ByteVector message =
      BlockHeaderSignedMessage(Hash{}, Encoded(Sample()).header);
  const Result<Ed25519Signature> signature = signer.Sign(message);
  AUTHSEAL_CHECK(signature.has_value());
  for (auto _ : state) {
    AUTHSEAL_CHECK(VerifyEd25519(signer.public_key(), message, *signature));
  }
  Report(state, Sample());
}
BENCHMARK(VerifySignature);

}  // namespace
}  // namespace authseal
