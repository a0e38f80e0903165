#include "tests/attack/history.h"

#include <utility>

#include "lib/archive/layout.h"
#include "lib/base/check.h"
#include "lib/crypto/sha256.h"
#include "lib/note/signed_note_signer.h"

namespace authseal {
namespace {

std::string SegmentsPath(const std::string& name) {
  return std::string(kSegmentsName) + "/" + name;
}

std::string CheckpointPath(std::uint64_t size) {
  return std::string(kCheckpointsName) + "/" + CheckpointName(size);
}

void Sign(const Hash& genesis, const Ed25519Signer* signer,
          BlockHeader& header) {
  if (signer != nullptr && header.signature.has_value()) {
    header.signature = *signer->Sign(BlockHeaderSignedMessage(genesis, header));
  }
}

// Puts a copy of the block behind it, same numbers and all, and chains and
// signs what follows; counts are right.
void Repeat(const Hash& genesis, const Ed25519Signer* signer, std::size_t block,
            TakenApart& parts) {
  const EncodedBlock copy = parts.blocks[block];
  parts.blocks.insert(
      parts.blocks.begin() + static_cast<std::ptrdiff_t>(block) + 1, copy);
  Hash previous = Sha256Of(EncodeBlockHeader(copy.header));
  for (std::size_t i = block + 1; i < parts.blocks.size(); ++i) {
    BlockHeader& header = parts.blocks[i].header;
    header.previous = previous;
    Sign(genesis, signer, header);
    previous = Sha256Of(EncodeBlockHeader(header));
  }
  if (parts.footer.has_value()) {
    SegmentFooter& footer = *parts.footer;
    footer.previous = previous;
    ++footer.block_count;
    footer.content_size_bytes += copy.header.content_size_bytes;
    if (signer != nullptr) {
      footer.signature =
          *signer->Sign(SegmentFooterSignedMessage(genesis, footer));
    }
  }
}

// The files of `victim` that are older than the change.
ArchiveFiles FilesBefore(const Victim& victim, const History& history,
                         std::size_t first, std::uint64_t sealed_before) {
  ArchiveFiles files;
  files["archive.note"] = victim.files.at("archive.note");
  for (std::size_t i = 0; i < first; ++i) {
    const std::uint64_t record = history.segments[i].footer->first_record;
    for (const std::string& name :
         {SealedSegmentName(record), IndexName(record)}) {
      files[SegmentsPath(name)] = victim.files.at(SegmentsPath(name));
    }
  }
  for (const Checkpoint& checkpoint : victim.checkpoints) {
    if (checkpoint.size <= sealed_before) {
      const std::string path = CheckpointPath(checkpoint.size);
      files[path] = victim.files.at(path);
    }
  }
  return files;
}

// The index that the footer names; empty where it is another archive's.
ByteVector IndexOf(const Victim& victim, const SegmentFooter& footer) {
  for (const auto& [path, bytes] : victim.files) {
    if (path.ends_with(".idx") && IndexRoot(bytes) == footer.index_root) {
      return bytes;
    }
  }
  return {};
}

class Forger {
 public:
  Forger(const Victim& victim, const Change& change, const Attacker& attacker)
      : victim_(victim),
        change_(change),
        attacker_(attacker),
        genesis_(*victim.pin.genesis) {}

  Forged Run() {
    start_ = {genesis_, genesis_, CompactRange(), 0};
    for (std::size_t i = 0; i < change_.first; ++i) {
      Follow(change_.history.segments[i]);
    }
    forged_.files =
        FilesBefore(victim_, change_.history, change_.first, start_.tree.end());
    for (std::size_t i = change_.first; i < change_.history.segments.size();
         ++i) {
      AddSegment(i);
    }
    if (attacker_.checkpoints == CheckpointPolicy::kKeep) {
      for (const Checkpoint& checkpoint : victim_.checkpoints) {
        const std::string path = CheckpointPath(checkpoint.size);
        forged_.files[path] = victim_.files.at(path);
      }
    }
    return std::move(forged_);
  }

 private:
  void Follow(const TakenApart& parts) {
    start_ = {genesis_, FooterHash(*parts.footer), parts.footer->end,
              start_.epoch + 1};
    forged_.ends.push_back(parts.footer->end_record);
  }

  void AddSegment(std::size_t number) {
    TakenApart parts = change_.history.segments[number];
    if (change_.sign) {
      const SignerPointer signer = attacker_.SignerOf(number);
      const SignerPointer next = attacker_.SignerOf(number + 1);
      if (parts.footer.has_value() && next != nullptr) {
        parts.footer->next_key = next->public_key();
      }
      Relink(start_, signer.get(), parts);
      if (change_.repeated.has_value() && change_.repeated->segment == number) {
        Repeat(genesis_, signer.get(), change_.repeated->block, parts);
      }
    }
    const std::uint64_t first_record = start_.tree.end();
    if (!parts.footer.has_value()) {
      if (!parts.blocks.empty()) {
        forged_.files[SegmentsPath(OpenSegmentName(first_record))] =
            PutTogether(parts);
      }
      return;
    }
    forged_.files[SegmentsPath(SealedSegmentName(first_record))] =
        PutTogether(parts);
    if (parts.footer->index_kind != 0) {
      forged_.files[SegmentsPath(IndexName(first_record))] =
          IndexOf(victim_, *parts.footer);
    }
    Follow(parts);
    if (attacker_.checkpoints == CheckpointPolicy::kResign) {
      const Checkpoint checkpoint{victim_.origin, start_.tree.end(),
                                  start_.tree.Root()};
      const auto note = SignNote(FormatCheckpointText(checkpoint),
                                 victim_.origin, *victim_.identity);
      AUTHSEAL_CHECK(note.has_value());
      const Bytes bytes = AsBytes(*note);
      forged_.files[CheckpointPath(checkpoint.size)] =
          ByteVector(bytes.begin(), bytes.end());
    }
  }

  const Victim& victim_;
  const Change& change_;
  const Attacker& attacker_;
  const Hash genesis_;
  ForgeStart start_;
  Forged forged_;
};

}  // namespace

SignerPointer Attacker::SignerOf(std::size_t epoch) const {
  return epoch < epoch_keys.size() && epoch_keys[epoch] != nullptr
             ? epoch_keys[epoch]
             : other_key;
}

History TakeApartAll(const ArchiveFiles& files) {
  History history;
  for (const auto& [path, bytes] : files) {
    if (path.ends_with(".jsonl.zst") || path.ends_with(".jsonl.zst.open")) {
      history.segments.push_back(
          TakeApart(bytes, path.ends_with(".jsonl.zst")));
    }
  }
  return history;
}

Forged PutTogetherAll(const Victim& victim, const Change& change,
                      const Attacker& attacker) {
  return Forger(victim, change, attacker).Run();
}

}  // namespace authseal
