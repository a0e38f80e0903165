// Takes segments apart and puts them together again, as an attacker does who
// knows the format: hashes, counts, ranges and seek tables come out right,
// signatures only for whoever has a key.
#ifndef AUTHSEAL_TESTS_CORRUPTION_SEGMENT_FORGER_H_
#define AUTHSEAL_TESTS_CORRUPTION_SEGMENT_FORGER_H_

#include <optional>
#include <string>
#include <vector>

#include "lib/archive/block_builder.h"
#include "lib/archive/segment_footer.h"
#include "lib/crypto/ed25519_signer.h"

namespace authseal {

struct TakenApart {
  std::vector<EncodedBlock> blocks;  // header with its chain and signature
  std::optional<SegmentFooter> footer;
};

// Of a sound segment; aborts otherwise.
TakenApart TakeApart(Bytes file, bool sealed);
// Encodes what is there as it is, with the seek table that follows.
ByteVector PutTogether(const TakenApart& parts);

std::vector<std::string> RecordsOf(const EncodedBlock& block);
// The same block with other records: frame, hashes and range are right.
EncodedBlock WithRecords(const EncodedBlock& block,
                         const std::vector<std::string>& records);

struct ForgeStart {
  Hash genesis;
  Hash previous;      // what the first header is to name
  CompactRange tree;  // of [0, first record)
  std::uint64_t epoch = 0;
};
// Makes numbers, chain, seal record, footer and, with a signer, signatures
// follow from the blocks. Without one the old signatures stay. The last block
// of a sealed segment is made anew.
void Relink(const ForgeStart& start, const Ed25519Signer* signer,
            TakenApart& parts);

// H(frame) of the footer.
Hash FooterHash(const SegmentFooter& footer);

}  // namespace authseal

#endif  // AUTHSEAL_TESTS_CORRUPTION_SEGMENT_FORGER_H_
