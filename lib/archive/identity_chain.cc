#include "lib/archive/identity_chain.h"

#include <algorithm>
#include <utility>

namespace authseal {
namespace {

constexpr std::size_t kSignatures = 2;  // the old key's, then the new key's

struct Link {
  RotationNote rotation;
  VerificationKey from;
  VerificationKey to;
};

bool IsLineOf(const NoteSignature& line, const VerificationKey& key) {
  return line.name == key.name && line.key_id == key.id;
}

Result<Link> CheckRotation(const StoredRotation& stored,
                           std::string_view origin,
                           std::span<const Hash> genesis) {
  const auto fault = [](std::string_view text) {
    return Error{ErrorCode::kDamaged, std::string(text)};
  };
  TRY_ASSIGN(const SignedNote note, ParseSignedNote(stored.note));
  Link link;
  TRY_ASSIGN(link.rotation, ParseRotationText(note.text));
  if (link.rotation.origin != origin) {
    return fault("it is of " + link.rotation.origin + ", not of " +
                 std::string(origin));
  }
  if (std::find(genesis.begin(), genesis.end(), link.rotation.genesis) ==
      genesis.end()) {
    return fault("it is of another archive of this name");
  }
  if (link.rotation.size != stored.size) {
    return fault("its place is for " + std::to_string(stored.size) +
                 " records, it says " + std::to_string(link.rotation.size));
  }
  link.from = MakeVerificationKey(origin, link.rotation.old_key);
  link.to = MakeVerificationKey(origin, link.rotation.new_key);
  if (link.from.id == link.to.id) {
    return fault("its two keys have one id");
  }
  if (note.signatures.size() != kSignatures ||
      !IsLineOf(note.signatures[0], link.from) ||
      !IsLineOf(note.signatures[1], link.to)) {
    return fault("its signature lines are not the old and the new key's");
  }
  if (VerifySignedNote(note, link.from) != NoteVerdict::kVerified ||
      VerifySignedNote(note, link.to) != NoteVerdict::kVerified) {
    return fault("a signature of it does not verify");
  }
  return link;
}

bool Names(const std::optional<Link>& link, const VerificationKey& key) {
  return link.has_value() && (link->from == key || link->to == key);
}

}  // namespace

IdentityChain IdentityChain::Build(const VerificationKey& pin,
                                   std::span<const Hash> genesis,
                                   std::span<const StoredRotation> rotations,
                                   std::vector<RotationFault>& faults) {
  std::vector<std::optional<Link>> links;
  for (const StoredRotation& stored : rotations) {
    Result<Link> link = CheckRotation(stored, pin.name, genesis);
    if (link.has_value()) {
      links.emplace_back(*std::move(link));
    } else {
      links.emplace_back();
      faults.push_back({stored.size, std::move(link).error().message});
    }
  }
  const auto at =
      std::find_if(links.begin(), links.end(),
                   [&pin](const auto& link) { return Names(link, pin); });
  auto begin = static_cast<std::size_t>(at - links.begin());
  std::size_t end = begin;
  IdentityChain chain(pin);
  if (at != links.end()) {
    chain.keys_ = {(*at)->from, (*at)->to};
    end = begin + 1;
    while (begin > 0 && links[begin - 1].has_value() &&
           links[begin - 1]->to == chain.first() &&
           !chain.Contains(links[begin - 1]->from)) {
      --begin;
      chain.keys_.insert(chain.keys_.begin(), links[begin]->from);
    }
    while (end < links.size() && links[end].has_value() &&
           links[end]->from == chain.newest() &&
           !chain.Contains(links[end]->to)) {
      chain.keys_.push_back(links[end]->to);
      ++end;
    }
  }
  for (std::size_t i = 0; i < links.size(); ++i) {
    if (begin <= i && i < end) {
      chain.rotations_.push_back(links[i]->rotation);
    } else if (links[i].has_value()) {
      faults.push_back({rotations[i].size,
                        "it stands between keys that are not this log's"});
    }
  }
  return chain;
}

bool IdentityChain::Contains(const VerificationKey& key) const {
  return std::find(keys_.begin(), keys_.end(), key) != keys_.end();
}

const VerificationKey& IdentityChain::KeyAt(std::uint64_t size) const {
  std::size_t place = 0;
  while (place < rotations_.size() && rotations_[place].size < size) {
    ++place;
  }
  return keys_[place];
}

Result<IdentityChain> ReadIdentityChain(
    const ArchiveReader& archive, std::span<const std::uint64_t> sizes,
    const VerificationKey& pin, const std::optional<Hash>& pinned_genesis,
    std::vector<RotationFault>& faults) {
  std::vector<StoredRotation> rotations;
  for (const std::uint64_t size : sizes) {
    Result<std::string> note = archive.ReadRotation(size);
    if (note.has_value()) {
      rotations.push_back({size, *std::move(note)});
      continue;
    }
    if (note.error().code == ErrorCode::kIo ||
        note.error().code == ErrorCode::kTemporary) {
      return std::move(note).error();
    }
    faults.push_back({size, std::move(note).error().message});
  }
  const std::vector<Hash> genesis = {
      archive.genesis(), pinned_genesis.value_or(archive.genesis())};
  return IdentityChain::Build(pin, genesis, rotations, faults);
}

}  // namespace authseal
