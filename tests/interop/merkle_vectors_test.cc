// transparency-dev/merkle, testdata/: proofs good and bad, of four kinds.
#include "lib/base/encoding.h"
#include "lib/crypto/sha256.h"
#include "lib/merkle/proof.h"
#include "lib/merkle/subtree_proof.h"
#include "tests/interop/vectors.h"

namespace authseal {
namespace {

using Case = simdjson::dom::element;

// Hashes are 32 bytes from the moment they are decoded: a case in which a leaf
// or a hash of the proof is none is refused there.
struct Inclusion {
  std::optional<Hash> leaf;
  std::optional<Hash> root;
  std::optional<std::vector<Hash>> proof;

  explicit Inclusion(Case c)
      : leaf(HashOf(TextOf(c, "leafHash"))),
        root(HashOf(TextOf(c, "root"))),
        proof(HashesOf(c["proof"])) {}
  bool decoded() const { return leaf && root && proof; }
};

// The consistency cases use texts such as "don't care 2" for roots that are
// only compared, some of them in cases to be accepted. A digest of the text
// stands for it: equal texts stay equal, others differ.
Hash ComparedRoot(std::string_view base64) {
  const auto bytes = Base64Decode(base64);
  EXPECT_TRUE(bytes.has_value()) << base64;
  const auto hash = HashOf(base64);
  return hash ? *hash : Sha256Of(*bytes);
}

bool AcceptsInclusion(Case c) {
  const Inclusion in(c);
  return in.decoded() &&
         VerifyInclusion(NumberOf(c, "leafIdx"), NumberOf(c, "treeSize"),
                         *in.leaf, *in.proof, *in.root);
}

bool AcceptsSubtreeInclusion(Case c) {
  const Inclusion in(c);
  return in.decoded() && VerifySubtreeInclusion(
                             NumberOf(c, "leafIdx"), NumberOf(c, "start"),
                             NumberOf(c, "end"), *in.leaf, *in.proof, *in.root);
}

bool AcceptsConsistency(Case c) {
  const auto proof = HashesOf(c["proof"]);
  return proof && VerifyConsistency(NumberOf(c, "size1"), NumberOf(c, "size2"),
                                    *proof, ComparedRoot(TextOf(c, "root1")),
                                    ComparedRoot(TextOf(c, "root2")));
}

bool AcceptsSubtreeConsistency(Case c) {
  const auto proof = HashesOf(c["proof"]);
  return proof &&
         VerifySubtreeConsistency(NumberOf(c, "start"), NumberOf(c, "end"),
                                  NumberOf(c, "size"), *proof,
                                  ComparedRoot(TextOf(c, "root1")),
                                  ComparedRoot(TextOf(c, "root2")));
}

struct Kind {
  const char* folder;
  std::size_t count;
  std::size_t good;
  bool (*accepts)(Case);
};

TEST(MerkleVectors, AreJudgedAsTheySayAll518) {
  AUTHSEAL_VECTORS_OR_SKIP(base, "transparency-dev-merkle/testdata");
  const Kind kKinds[] = {
      {"inclusion", 98, 6, AcceptsInclusion},
      {"consistency", 98, 6, AcceptsConsistency},
      {"subtreeinclusion", 204, 12, AcceptsSubtreeInclusion},
      {"subtreeconsistency", 118, 12, AcceptsSubtreeConsistency},
  };
  std::size_t total = 0;
  for (const Kind& kind : kKinds) {
    std::size_t count = 0;
    std::size_t good = 0;
    for (const auto& file : JsonFilesBelow(base / kind.folder)) {
      const JsonFile json(file);
      const bool wanted = !FlagOf(json.root(), "wantErr");
      EXPECT_EQ(kind.accepts(json.root()), wanted) << file;
      ++count;
      good += wanted ? 1 : 0;
    }
    EXPECT_EQ(count, kind.count) << kind.folder;
    EXPECT_EQ(good, kind.good) << kind.folder;
    total += count;
  }
  EXPECT_EQ(total, 518u);
  Count("cases of transparency-dev/merkle", total);
}

}  // namespace
}  // namespace authseal
