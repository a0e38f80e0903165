#include <utility>

#include "lib/archive/layout.h"
#include "tests/attack/identity_attacks.h"
#include "tests/attack/identity_forgeries.h"

namespace authseal {
namespace {

// Which identity keys the thief has; every history goes on under a key of his
// own from the epoch that he closed.
enum class Thief {
  kNewest,   // the identity key that counts now
  kBoth,     // that and the one before it, which was to be destroyed
  kHandsTo,  // the one before alone: he hands over to a key of his own
};

constexpr std::string_view kFindings =
    "seal-invalid header-signature-invalid epoch-key-mismatch "
    "checkpoint-invalid root-mismatch rollback key-changed";

struct Cut {
  std::size_t epoch = 0;
  std::size_t blocks = 0;  // that stay, in front of the reopen record
};

class Reopener {
 public:
  Reopener(const IdentityStage& stage, Thief thief, Cut cut)
      : stage_(stage),
        victim_(stage.victim),
        thief_(thief),
        cut_(cut),
        genesis_(*victim_.pin.genesis) {}

  ArchiveFiles Run() {
    files_["archive.note"] = victim_.files.at("archive.note");
    start_ = {genesis_, genesis_, CompactRange(), 0};
    for (std::size_t i = 0; i < stage_.sound.segments.size(); ++i) {
      TakenApart parts = stage_.sound.segments[i];
      if (i == cut_.epoch) {
        Reopen(parts);
      } else if (i > cut_.epoch) {
        GoOn(parts);
      }
      Put(i, parts);
    }
    return std::move(files_);
  }

 private:
  const Ed25519Signer& Later() const {
    return thief_ == Thief::kHandsTo ? *stage_.own : *victim_.identity;
  }
  // Whose signature counts at the end of the segment that comes now.
  const Ed25519Signer& IdentityOf(std::size_t epoch) const {
    const bool before_rotation = epoch <= kRotatedEpoch;
    return before_rotation && thief_ != Thief::kNewest ? *victim_.first_identity
                                                       : Later();
  }

  void Reopen(TakenApart& parts) {
    parts.blocks.erase(
        parts.blocks.begin() + static_cast<std::ptrdiff_t>(cut_.blocks),
        parts.blocks.end() - 1);
    parts.blocks.back().header.signature.reset();
    SegmentFooter& footer = *parts.footer;
    footer.reopens = true;
    footer.next_key = stage_.own->public_key();
    footer.index_kind = 0;
    footer.index_root = Hash{};
    footer.index_size_bytes = 0;
    Relink(start_, nullptr, parts);
    footer.signature = *IdentityOf(cut_.epoch)
                            .Sign(SegmentFooterSignedMessage(genesis_, footer));
  }

  void GoOn(TakenApart& parts) {
    if (parts.footer.has_value()) {
      parts.footer->reopens = false;
      parts.footer->next_key = stage_.own->public_key();
      parts.blocks.back().header.signature = Ed25519Signature{};
    }
    Relink(start_, stage_.own.get(), parts);
  }

  void Put(std::size_t epoch, const TakenApart& parts) {
    const std::uint64_t first = start_.tree.end();
    const std::string folder = std::string(kSegmentsName) + "/";
    if (!parts.footer.has_value()) {
      files_[folder + OpenSegmentName(first)] = PutTogether(parts);
      return;
    }
    files_[folder + SealedSegmentName(first)] = PutTogether(parts);
    if (parts.footer->index_kind != 0) {
      const std::uint64_t was =
          stage_.sound.segments[epoch].footer->first_record;
      files_[folder + IndexName(first)] =
          victim_.files.at(folder + IndexName(was));
    }
    const Checkpoint checkpoint{victim_.origin, parts.footer->end_record,
                                parts.footer->end.Root()};
    Publish(epoch, checkpoint);
    start_ = {genesis_, FooterHash(*parts.footer), parts.footer->end,
              start_.epoch + 1};
  }

  void Publish(std::size_t epoch, const Checkpoint& checkpoint) {
    const std::string folder = std::string(kCheckpointsName) + "/";
    const bool forged = epoch >= cut_.epoch;
    const std::string path = folder + CheckpointName(checkpoint.size);
    files_[path] = forged ? SignedText(FormatCheckpointText(checkpoint),
                                       victim_.origin, IdentityOf(epoch))
                          : victim_.files.at(path);
    if (epoch != kRotatedEpoch) {
      return;
    }
    if (thief_ == Thief::kNewest) {
      // He cannot make another.
      const std::string sound = folder + RotationName(victim_.rotated_at);
      files_[sound] = victim_.files.at(sound);
      return;
    }
    files_[folder + RotationName(checkpoint.size)] =
        SignedRotation({.origin = victim_.origin,
                        .genesis = genesis_,
                        .size = checkpoint.size,
                        .root = checkpoint.root,
                        .old_key = victim_.first_identity->public_key(),
                        .new_key = Later().public_key()},
                       *victim_.first_identity, Later());
  }

  static constexpr std::size_t kRotatedEpoch = 2;  // of MakeSmallVictim()
  const IdentityStage& stage_;
  const Victim& victim_;
  const Thief thief_;
  const Cut cut_;
  const Hash genesis_;
  ForgeStart start_;
  ArchiveFiles files_;
};

std::string_view NameOf(Thief thief) {
  switch (thief) {
    case Thief::kNewest:
      return "newest identity key";
    case Thief::kBoth:
      return "both identity keys";
    case Thief::kHandsTo:
      return "the identity key handed over";
  }
  return "";
}

// Verify says `reopened`, which is exit 3 until somebody accepts that very
// statement, unless the thief's key does not count there, or the cut is not
// behind a commit that the epoch's own key signed.
void Expect(const IdentityStage& stage, Thief thief, Cut cut,
            IdentityForgery& forgery) {
  const TakenApart& sound = stage.sound.segments[cut.epoch];
  const bool at_commit =
      cut.blocks == 0 ||
      sound.blocks[cut.blocks - 1].header.signature.has_value();
  const std::uint64_t end = sound.footer->end_record;
  // Behind his rotation stands the epoch that the newest key reopened.
  const bool keeps_reopened = cut.epoch > stage.victim.reopened[0].epoch;
  const bool counts = thief == Thief::kNewest
                          ? end > stage.victim.rotated_at
                          : thief == Thief::kBoth || !keeps_reopened;
  const Expectation found{Expected::kFound, std::string(kFindings)};
  const Expectation passes{Expected::kPasses};
  forgery.first_pin = at_commit && counts ? passes : found;
  forgery.newest_pin = thief == Thief::kHandsTo ? found : forgery.first_pin;
  forgery.memory = {Expected::kFound, "fork rollback"};
  forgery.says_reopened = cut.epoch;
}

}  // namespace

std::vector<IdentityForgery> ReopenForgeries(const IdentityStage& stage) {
  std::vector<IdentityForgery> forgeries;
  for (const Thief thief : {Thief::kNewest, Thief::kBoth, Thief::kHandsTo}) {
    for (std::size_t epoch = 0; epoch + 1 < stage.sound.segments.size();
         ++epoch) {
      const std::size_t blocks = stage.sound.segments[epoch].blocks.size();
      for (std::size_t kept = 0; kept < blocks; ++kept) {
        const Cut cut{epoch, kept};
        IdentityForgery forgery;
        forgery.what = "epoch " + std::to_string(epoch) + " closed behind " +
                       std::to_string(kept) + " blocks by who has " +
                       std::string(NameOf(thief));
        forgery.files = Reopener(stage, thief, cut).Run();
        Expect(stage, thief, cut, forgery);
        forgeries.push_back(std::move(forgery));
      }
    }
  }
  return forgeries;
}

}  // namespace authseal
