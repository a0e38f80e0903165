#include "lib/verify/anchor_set.h"

#include <algorithm>
#include <utility>

#include "lib/merkle/tree_hash.h"

namespace authseal {
namespace {

struct BySize {
  bool operator()(const Anchor& anchor, std::uint64_t size) const {
    return anchor.size < size;
  }
  bool operator()(std::uint64_t size, const Anchor& anchor) const {
    return size < anchor.size;
  }
};

}  // namespace

void AnchorSet::Add(Anchor anchor) {
  // The tree of no records has one root, whatever the archive.
  if (anchor.size == 0) {
    anchor.state = anchor.root == EmptyRoot() ? Anchor::State::kConfirmed
                                              : Anchor::State::kContradicted;
  }
  const auto place =
      std::upper_bound(anchors_.begin(), anchors_.end(), anchor.size, BySize{});
  anchors_.insert(place, std::move(anchor));
}

void AnchorSet::AddKnown(std::span<const KnownCheckpoint> known,
                         std::string_view origin, FindingList& findings) {
  for (std::size_t i = 0; i < known.size(); ++i) {
    const Checkpoint& checkpoint = known[i].checkpoint;
    if (checkpoint.origin == origin) {
      Add({checkpoint.size, checkpoint.root, known[i].source, i});
    } else {
      findings.Add({FindingKind::kOriginChanged, "", std::nullopt, std::nullopt,
                    std::nullopt,
                    "the checkpoint from " + known[i].source + " is of " +
                        checkpoint.origin + ", not of " + std::string(origin)});
    }
  }
}

std::span<Anchor> AnchorSet::At(std::uint64_t size) {
  const auto [begin, end] =
      std::equal_range(anchors_.begin(), anchors_.end(), size, BySize{});
  return {begin, end};
}

std::vector<std::uint64_t> AnchorSet::KnownInside(
    const RecordRange& records) const {
  std::vector<std::uint64_t> sizes;
  for (const Anchor& anchor : anchors_) {
    if (anchor.known.has_value() && records.first < anchor.size &&
        anchor.size < records.end &&
        (sizes.empty() || sizes.back() != anchor.size)) {
      sizes.push_back(anchor.size);
    }
  }
  return sizes;
}

void AnchorSet::GiveUp(const RecordRange& records) {
  for (Anchor& anchor : anchors_) {
    if (anchor.state == Anchor::State::kOpen && records.first < anchor.size &&
        anchor.size <= records.end) {
      anchor.state = Anchor::State::kUncheckable;
    }
  }
}

std::uint64_t AnchorSet::confirmed_size() const {
  std::uint64_t size = 0;
  for (const Anchor& anchor : anchors_) {
    if (!anchor.known.has_value() &&
        anchor.state == Anchor::State::kConfirmed) {
      size = anchor.size;
    }
  }
  return size;
}

Finding ContradictionFinding(const Anchor& anchor) {
  const std::string size = std::to_string(anchor.size);
  if (anchor.known.has_value()) {
    return {FindingKind::kFork,
            "",
            std::nullopt,
            std::nullopt,
            RecordRange{0, anchor.size},
            "the checkpoint from " + anchor.source + " for " + size +
                " records has another root than this archive: the same "
                "identity signed two histories, or this one was rewritten; "
                "keep both copies, and show them to whoever holds others"};
  }
  return {FindingKind::kRootMismatch,
          anchor.source,
          std::nullopt,
          std::nullopt,
          RecordRange{0, anchor.size},
          "the signed root for " + size +
              " records is not that of the archive's tree"};
}

void ReportOpenAnchors(AnchorSet& anchors, std::uint64_t sealed_size,
                       FindingList& findings) {
  for (const Anchor& anchor : anchors.all()) {
    if (anchor.size == 0 && anchor.state == Anchor::State::kContradicted) {
      findings.Add(ContradictionFinding(anchor));
    }
    if (anchor.state != Anchor::State::kOpen) {
      continue;
    }
    const std::string size = std::to_string(anchor.size);
    const bool beyond = anchor.size > sealed_size;
    const std::string name = anchor.known.has_value()
                                 ? "the checkpoint from " + anchor.source
                                 : std::string("the checkpoint");
    findings.Add(
        {FindingKind::kRollback, anchor.known.has_value() ? "" : anchor.source,
         std::nullopt, std::nullopt,
         beyond ? std::optional(RecordRange{sealed_size, anchor.size})
                : std::nullopt,
         beyond ? name + " is for " + size + " records, only " +
                      std::to_string(sealed_size) +
                      " are sealed here: the end is missing, or this is an "
                      "older copy, or another history; look for the newer "
                      "copy, and compare the two"
                : name + " is for " + size +
                      " records, where no segment ends here: another history "
                      "was sealed there"});
  }
}

std::vector<KnownCheckpointResult> KnownResults(
    const AnchorSet& anchors, std::span<const KnownCheckpoint> known) {
  std::vector<KnownCheckpointResult> results;
  for (const KnownCheckpoint& checkpoint : known) {
    results.push_back({checkpoint.source, checkpoint.checkpoint.size, false});
  }
  for (const Anchor& anchor : anchors.all()) {
    if (anchor.known.has_value()) {
      results[*anchor.known].consistent =
          anchor.state == Anchor::State::kConfirmed;
    }
  }
  return results;
}

}  // namespace authseal
