// The signer against a host that lies.
#include "lib/signing/signer.h"

#include <functional>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/base/encoding.h"
#include "lib/merkle/tree_hash.h"
#include "lib/note/checkpoint.h"
#include "lib/signing/memory_check.h"
#include "tests/unit/signing/signing_host.h"

namespace authseal {
namespace {

using ::testing::HasSubstr;

class Signer : public ::testing::Test {
 protected:
  std::string Ask(const std::string& request,
                  UnknownLog unknown = UnknownLog::kRefuse) {
    auto outcome = Sign(store_, request, identity_, unknown);
    note_ = outcome.has_value() ? outcome->note : "";
    text_ = !outcome.has_value()        ? outcome.error().message
            : outcome->findings.empty() ? ""
                                        : outcome->findings.front().text;
    return Verdict(outcome);
  }
  // Signs what is sealed, and publishes it.
  void Publish(SigningHost& host) {
    ASSERT_EQ(Ask(host.RequestText(), UnknownLog::kFromItsBeginning), "signed");
    ASSERT_TRUE(host.Take(note_).has_value());
  }

  NamedSigner identity_ = MakeIdentity();
  SigningHost host_{identity_};
  MemoryFileSystem store_;
  std::string note_;
  std::string text_;
};

TEST_F(Signer, SignsSealAfterSeal) {
  for (int i = 0; i < 3; ++i) {
    host_.Seal({"a", "b"});
    Publish(host_);
    const auto note = ParseSignedNote(note_);
    ASSERT_TRUE(note.has_value());
    const auto checkpoint = ParseCheckpointText(note->text);
    ASSERT_TRUE(checkpoint.has_value());
    EXPECT_EQ(checkpoint->size, 3u * (static_cast<unsigned>(i) + 1));
  }
  host_.Seal({});
  host_.Seal({"c"});
  EXPECT_EQ(host_.Request().seals.size(), 2u);
  Publish(host_);
}

TEST_F(Signer, GivesTheSameResponseToTheSameRequest) {
  host_.Seal({"a"});
  const std::string request = host_.RequestText();
  ASSERT_EQ(Ask(request, UnknownLog::kFromItsBeginning), "signed");
  const std::string first = note_;
  EXPECT_EQ(Ask(request), "signed");
  EXPECT_EQ(note_, first);
  // And to one that begins elsewhere and ends at the same place.
  EXPECT_EQ(Ask(host_.RequestText(2)), "signed");
  EXPECT_EQ(note_, first);
}

TEST_F(Signer, RefusesALogItDoesNotKnow) {
  host_.Seal({"a"});
  EXPECT_EQ(Ask(host_.RequestText()), "invalid-argument");
  EXPECT_THAT(text_, HasSubstr("never signed"));
}

TEST_F(Signer, WantsEverySealOfALogThatIsNewToIt) {
  host_.Seal({"a"});
  host_.Seal({"b"});
  EXPECT_EQ(Ask(host_.RequestText(2), UnknownLog::kFromItsBeginning),
            "invalid-argument");
  EXPECT_EQ(Ask(host_.RequestText(2), UnknownLog::kTrust), "signed");
}

TEST_F(Signer, WhoseStoreIsLostStartsFromTheBeginningOrNotAtAll) {
  host_.Seal({"a"});
  Publish(host_);
  host_.Seal({"b"});
  store_ = MemoryFileSystem();
  EXPECT_EQ(Ask(host_.RequestText()), "invalid-argument");
  EXPECT_EQ(Ask(host_.RequestText(), UnknownLog::kFromItsBeginning),
            "invalid-argument");
  EXPECT_EQ(Ask(host_.RequestText(0), UnknownLog::kFromItsBeginning), "signed");
}

TEST_F(Signer, RefusesTheSecondOfTwoHistories) {
  host_.Seal({"a"});
  Publish(host_);
  SigningHost copy = host_.Copy();
  host_.Seal({"b"});
  copy.Seal({"c"});
  Publish(host_);
  EXPECT_EQ(Ask(copy.RequestText()), "fork");
  EXPECT_EQ(Ask(copy.RequestText(0)), "fork");
  copy.Seal({"d"});
  EXPECT_EQ(Ask(copy.RequestText()), "fork");
  // The first one goes on.
  host_.Seal({"e"});
  Publish(host_);
}

TEST_F(Signer, RefusesASecondHistoryOfTheSameRecordsAndOtherKeys) {
  SigningHost copy = host_.Copy();
  host_.Seal({"a"});
  copy.Seal({"a"});
  Publish(host_);
  EXPECT_EQ(Ask(copy.RequestText()), "fork");
}

TEST_F(Signer, RefusesAHostThatWasSetBack) {
  host_.Seal({"a"});
  SigningHost old = host_.Copy();
  Publish(host_);
  host_.Seal({"b"});
  Publish(host_);
  EXPECT_EQ(Ask(old.RequestText()), "rollback");
}

TEST_F(Signer, RefusesAnOlderRequestOnceALaterOneWasSigned) {
  host_.Seal({"a"});
  const std::string first = host_.RequestText();
  host_.Seal({"b"});
  Publish(host_);
  EXPECT_EQ(Ask(first), "rollback");
}

TEST_F(Signer, AsksForAnotherRequestWhenOneBeginsTooLate) {
  host_.Seal({"a"});
  Publish(host_);
  host_.Seal({"b"});
  host_.Seal({"c"});
  EXPECT_EQ(Ask(host_.RequestText(4)), "invalid-argument");
  EXPECT_THAT(text_, HasSubstr("begins at 4 records"));
  EXPECT_EQ(Ask(host_.RequestText(2)), "signed");
}

TEST_F(Signer, RefusesAnArchiveThatIsNotItsOwn) {
  SigningHost other(MakeIdentity());  // same name, another key
  other.Seal({"a"});
  EXPECT_EQ(Ask(other.RequestText(), UnknownLog::kTrust), "genesis-mismatch");
  SigningHost named(MakeIdentity("other.example.org"));
  named.Seal({"a"});
  EXPECT_EQ(Ask(named.RequestText(), UnknownLog::kTrust), "genesis-mismatch");
}

TEST_F(Signer, SaysThatItsKeyHasAnotherArchiveAlready) {
  host_.Seal({"a"});
  Publish(host_);
  SigningHost rebuilt(identity_);
  rebuilt.Seal({"x"});
  EXPECT_EQ(Ask(rebuilt.RequestText()), "genesis-mismatch");
  EXPECT_EQ(Ask(rebuilt.RequestText(), UnknownLog::kFromItsBeginning),
            "signed");
}

TEST_F(Signer, RefusesASealThatIsLeftOutEvenAnEmptyOne) {
  host_.Seal({"a"});
  host_.Seal({});
  host_.Seal({"b"});
  SigningRequest request = host_.Request(0);
  request.seals.erase(request.seals.begin() + 1);
  EXPECT_EQ(Ask(FormatSigningRequest(request), UnknownLog::kFromItsBeginning),
            "epoch-gap");
  request.seals.erase(request.seals.begin());
  EXPECT_EQ(Ask(FormatSigningRequest(request), UnknownLog::kFromItsBeginning),
            "epoch-gap");
}

// The host's epoch key is at hand: what it may sign, and what it may not make
// the signer believe.
struct Lie {
  const char* what;
  std::function<void(SigningRequest&)> tell;
  const char* verdict;
};

TEST_F(Signer, RefusesEachFieldThatIsNotWhatWasSealed) {
  host_.Seal({"a"});
  Publish(host_);
  host_.Seal({"b"});
  host_.Seal({"c"});
  const SigningRequest good = host_.Request();
  ASSERT_EQ(good.seals.size(), 2u);
  const Lie lies[] = {
      {"the end's tree",
       [](SigningRequest& r) {
         auto hashes = r.seals[1].footer.end.hashes();
         hashes.back().bytes[0] ^= 1;
         r.seals[1].footer.end = *CompactRange::FromHashes(0, 6, hashes);
       },
       "seal-invalid"},
      {"the next key",
       [](SigningRequest& r) { r.seals[1].footer.next_key.bytes[0] ^= 1; },
       "seal-invalid"},
      {"the key between",
       [](SigningRequest& r) { r.seals[0].footer.next_key.bytes[0] ^= 1; },
       "seal-invalid"},
      {"the time",
       [](SigningRequest& r) { ++r.seals[0].footer.seal_time.value; },
       "seal-invalid"},
      {"the signature",
       [](SigningRequest& r) { r.seals[1].footer.signature.bytes[3] ^= 1; },
       "seal-invalid"},
      {"the chain", [](SigningRequest& r) { r.seals[1].chain.bytes[0] ^= 1; },
       "root-mismatch"},
      {"the body",
       [](SigningRequest& r) {
         auto hashes = r.seals[1].body.hashes();
         hashes[0].bytes[0] ^= 1;
         r.seals[1].body = *CompactRange::FromHashes(4, 5, hashes);
       },
       "root-mismatch"},
      {"where it begins: root",
       [](SigningRequest& r) { r.from.root.bytes[0] ^= 1; }, "fork"},
      {"where it begins: size", [](SigningRequest& r) { ++r.from.size; },
       "fork"},
      {"where it begins: key",
       [](SigningRequest& r) { r.from.epoch_key.bytes[0] ^= 1; },
       "seal-invalid"},
      {"where it begins: epoch", [](SigningRequest& r) { ++r.from.epoch; },
       "epoch-gap"},
      {"where it begins: nowhere", [](SigningRequest& r) { r.from.epoch = 0; },
       "fork"},
      {"the order",
       [](SigningRequest& r) { std::swap(r.seals[0], r.seals[1]); },
       "epoch-gap"},
      {"a seal twice", [](SigningRequest& r) { r.seals.push_back(r.seals[1]); },
       "epoch-gap"},
      {"the last seal missing, then the log is shorter",
       [](SigningRequest& r) { r.seals.pop_back(); }, "signed"},
  };
  for (const Lie& lie : lies) {
    SigningRequest request = good;
    lie.tell(request);
    MemoryFileSystem before = store_.CrashCopy({});
    EXPECT_EQ(Ask(FormatSigningRequest(request)), lie.verdict) << lie.what;
    store_ = before;
  }
  EXPECT_EQ(Ask(FormatSigningRequest(good)), "signed");
}

// With the epoch's own key every signature verifies; the trees still do not.
TEST_F(Signer, RefusesAThiefOfTheHostWhoSealsAnotherPast) {
  host_.Seal({"a", "b"});
  Publish(host_);
  const Ed25519Signer stolen = host_.EpochSigner();
  host_.Seal({"c"});
  const Hash genesis = host_.Open().genesis();
  const SigningRequest good = host_.Request();
  const auto signed_again = [&](SigningRequest request) {
    SegmentFooter& footer = request.seals[0].footer;
    footer.signature =
        *stolen.Sign(SegmentFooterSignedMessage(genesis, footer));
    return FormatSigningRequest(request);
  };
  const auto grow = [](SealStatement& seal) {
    SegmentFooter& footer = seal.footer;
    footer.end = footer.start;
    ASSERT_TRUE(footer.end.Append(seal.body).has_value());
    footer.end.Append(LeafHash(AsBytes(SealRecord(footer, seal.chain))));
  };
  // Another past, from which the new tree grows as it must.
  SigningRequest past = good;
  auto hashes = past.seals[0].footer.start.hashes();
  hashes.front().bytes[0] ^= 1;
  past.seals[0].footer.start = *CompactRange::FromHashes(0, 3, hashes);
  grow(past.seals[0]);
  EXPECT_EQ(Ask(signed_again(past)), "fork");
  // The past that was signed, and a tree that does not grow from it.
  SigningRequest end = good;
  end.seals[0].footer.end = past.seals[0].footer.end;
  EXPECT_EQ(Ask(signed_again(end)), "root-mismatch");
  // A seal whose record in the tree names another next key.
  SigningRequest key = good;
  key.seals[0].footer.next_key = stolen.public_key();
  EXPECT_EQ(Ask(signed_again(key)), "root-mismatch");
  // Another epoch's number, and a statement of another archive.
  SigningRequest epoch = good;
  epoch.seals[0].footer.epoch = 2;
  EXPECT_EQ(Ask(signed_again(epoch)), "epoch-gap");
  Hash other = genesis;
  other.bytes[0] ^= 1;
  SigningRequest moved = good;
  moved.seals[0].footer.signature =
      *stolen.Sign(SegmentFooterSignedMessage(other, moved.seals[0].footer));
  EXPECT_EQ(Ask(FormatSigningRequest(moved)), "seal-invalid");
  // What is left to the thief: to seal new records, first.
  EXPECT_EQ(Ask(signed_again(good)), "signed");
}

TEST_F(Signer, SeesAKeyThatIsNotTheOneItWasShownBefore) {
  host_.Seal({"a"});
  const SigningRequest request = host_.Request();
  SigningPoint last = request.newest();
  last.epoch_key.bytes[0] ^= 1;
  const auto finding = CheckAgainstMemory(request, last);
  ASSERT_TRUE(finding.has_value() && finding->has_value());
  EXPECT_EQ((*finding)->kind, FindingKind::kEpochKeyMismatch);
}

TEST_F(Signer, RefusesABeginningWithAnotherKeyThanTheNotes) {
  host_.Seal({"a"});
  SigningRequest request = host_.Request();
  request.from.epoch_key.bytes[0] ^= 1;
  EXPECT_EQ(Ask(FormatSigningRequest(request), UnknownLog::kTrust),
            "epoch-key-mismatch");
}

TEST_F(Signer, SignsNothingForAnyRequestWithOneCharacterChanged) {
  host_.Seal({"a"});
  Publish(host_);
  host_.Seal({"b", "c"});
  const std::string good = host_.RequestText();
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ (i % 2 == 0 ? 1 : 2));
    const MemoryFileSystem before = store_.CrashCopy({});
    ASSERT_NE(Ask(bad), "signed") << "character " << i;
    ASSERT_EQ(note_, "");
    store_ = before;
  }
  EXPECT_EQ(Ask(good), "signed");
}

TEST_F(Signer, BeginsALogThatItWasToldOf) {
  const ArchiveNote note{.origin = identity_.name,
                         .nonce = {1},
                         .first_epoch_key = identity_.signer.public_key()};
  const std::string request = FormatNewLogRequest(FormatArchiveNoteText(note));
  EXPECT_EQ(Ask(request), "invalid-argument");
  ASSERT_EQ(Ask(request, UnknownLog::kFromItsBeginning), "signed");
  const std::string first = note_;
  const auto parsed = ParseSignedNote(first);
  ASSERT_TRUE(parsed.has_value());
  EXPECT_EQ(parsed->text, FormatArchiveNoteText(note));
  EXPECT_EQ(Ask(request), "signed");
  EXPECT_EQ(note_, first);
  ArchiveNote other = note;
  other.origin = "other.example.org";
  EXPECT_EQ(Ask(FormatNewLogRequest(FormatArchiveNoteText(other)),
                UnknownLog::kTrust),
            "genesis-mismatch");
  other = note;
  other.nonce[0] = 2;
  EXPECT_EQ(Ask(FormatNewLogRequest(FormatArchiveNoteText(other))),
            "genesis-mismatch");
}

}  // namespace
}  // namespace authseal
