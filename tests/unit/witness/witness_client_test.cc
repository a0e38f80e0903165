// The asking side against a witness that answers whatever it likes.
#include "lib/witness/witness_client.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "lib/witness/add_checkpoint.h"
#include "tests/unit/witness/witness_world.h"

namespace authseal {
namespace {

constexpr std::uint64_t kNow = 1'767'225'600;

// Answers in turn, and keeps what it was asked.
class ScriptedWitness {
 public:
  explicit ScriptedWitness(std::vector<HttpResponse> answers)
      : answers_(std::move(answers)) {}

  PostHttp Post() {
    return [this](const std::string& url,
                  const std::string& body) -> Result<HttpResponse> {
      urls.push_back(url);
      bodies.push_back(body);
      if (bodies.size() > answers_.size()) {
        return Error{ErrorCode::kTemporary, "no more answers"};
      }
      return answers_[bodies.size() - 1];
    };
  }
  std::vector<std::string> urls;
  std::vector<std::string> bodies;

 private:
  std::vector<HttpResponse> answers_;
};

class WitnessClient : public ::testing::Test {
 protected:
  Result<WitnessAnswer> Ask(ScriptedWitness& witness,
                            std::uint64_t old_size = 0,
                            const std::string& url = "http://w.example/") {
    const SignedCheckpoint checkpoint{.checkpoint = log_.At(9),
                                      .text = FormatCheckpointText(log_.At(9)),
                                      .note = log_.Note(9)};
    return AskWitness(
        {"w1", WitnessKeyOf(signer_), url},
        {.checkpoint = checkpoint,
         .old_size = old_size,
         .proof = [this](std::uint64_t size) -> Result<std::vector<Hash>> {
           if (size == 4) {
             return Error{ErrorCode::kNotFound, "no seal ends at record 4"};
           }
           return log_.Proof(size, 9);
         },
         .post = witness.Post(),
         .now_seconds = kNow});
  }

  std::string LineAt(std::uint64_t time) const {
    const auto line = Cosign(FormatCheckpointText(log_.At(9)), time, signer_);
    EXPECT_TRUE(line.has_value());
    return FormatSignatureLine(*line);
  }

  SampleLog log_;
  NamedSigner signer_ = MakeSigner("w.example/1", 77);
};

TEST_F(WitnessClient, TakesTheLineOfItsWitness) {
  ScriptedWitness witness({{.status = 200, .body = LineAt(kNow)}});
  const auto answer = Ask(witness);
  ASSERT_TRUE(answer.has_value()) << answer.error().message;
  EXPECT_EQ(answer->time_seconds, kNow);
  EXPECT_EQ(FormatSignatureLine(answer->line), LineAt(kNow));
  EXPECT_EQ(witness.urls[0], "http://w.example/add-checkpoint");
  EXPECT_EQ(witness.bodies[0], "old 0\n\n" + log_.Note(9));
}

TEST_F(WitnessClient, UrlsWithAndWithoutSlashAreAlike) {
  for (const std::string url : {"http://w/a", "http://w/a/", "http://w/a//"}) {
    ScriptedWitness witness({{.status = 200, .body = LineAt(kNow)}});
    ASSERT_TRUE(Ask(witness, 0, url).has_value());
    EXPECT_EQ(witness.urls[0], "http://w/a/add-checkpoint");
  }
}

TEST_F(WitnessClient, LearnsTheSizeAndProves) {
  ScriptedWitness witness({{.status = 409, .body = "3\n"},
                           {.status = 409, .body = "5\n"},
                           {.status = 200, .body = LineAt(kNow)}});
  ASSERT_TRUE(Ask(witness).has_value());
  EXPECT_EQ(witness.bodies[1], FormatAddCheckpoint(log_.Request(3, 9)));
  EXPECT_EQ(witness.bodies[2], FormatAddCheckpoint(log_.Request(5, 9)));
}

TEST_F(WitnessClient, AsksThreeTimesAtMost) {
  ScriptedWitness witness({{.status = 409, .body = "1\n"},
                           {.status = 409, .body = "2\n"},
                           {.status = 409, .body = "3\n"},
                           {.status = 200, .body = LineAt(kNow)}});
  EXPECT_EQ(Ask(witness).error().code, ErrorCode::kTemporary);
  EXPECT_EQ(witness.bodies.size(), 3u);
}

TEST_F(WitnessClient, SaysWhenTheWitnessKnowsMoreOrSomethingElse) {
  ScriptedWitness larger({{.status = 409, .body = "10\n"}});
  EXPECT_EQ(Ask(larger).error().code, ErrorCode::kAlreadyExists);
  ScriptedWitness elsewhere({{.status = 409, .body = "4\n"}});
  EXPECT_EQ(Ask(elsewhere).error().code, ErrorCode::kDamaged);
  ScriptedWitness forked({{.status = 422, .body = "no\n"}});
  const auto error = Ask(forked).error();
  EXPECT_EQ(error.code, ErrorCode::kDamaged);
  EXPECT_NE(error.message.find("another history"), std::string::npos);
  // As the protocol had it before 2026: the same size, another root.
  ScriptedWitness older(
      {{.status = 409, .body = "9\n"}, {.status = 409, .body = "9\n"}});
  EXPECT_EQ(Ask(older).error().code, ErrorCode::kDamaged);
}

TEST_F(WitnessClient, RefusalsKeepTheirReason) {
  for (const auto& [status, code] : {std::pair(403, ErrorCode::kKey),
                                     {404, ErrorCode::kNotFound},
                                     {400, ErrorCode::kTemporary},
                                     {500, ErrorCode::kTemporary},
                                     {302, ErrorCode::kTemporary},
                                     {409, ErrorCode::kDamaged}}) {
    ScriptedWitness witness({{.status = status, .body = "why\nmore\n"}});
    const auto error = Ask(witness).error();
    EXPECT_EQ(error.code, code) << status;
    EXPECT_NE(error.message.find("\"why\""), std::string::npos);
  }
}

TEST_F(WitnessClient, TakesNoLineThatDoesNotVerify) {
  const std::string good = LineAt(kNow);
  const auto other_text =
      Cosign(FormatCheckpointText(log_.At(8)), kNow, signer_);
  const auto other_key = Cosign(FormatCheckpointText(log_.At(9)), kNow,
                                MakeSigner("w.example/1", 78));
  for (const std::string& body :
       {std::string(), std::string("OK\n"), good + "\n", log_.Note(9) + good,
        good.substr(0, good.size() - 1), FormatSignatureLine(*other_text),
        FormatSignatureLine(*other_key), std::string(65'000, 'x'),
        std::string("\x1b[2J\n")}) {
    ScriptedWitness witness({{.status = 200, .body = body}});
    EXPECT_FALSE(Ask(witness).has_value()) << body.substr(0, 40);
  }
  ScriptedWitness among(
      {{.status = 200, .body = FormatSignatureLine(*other_key) + good}});
  EXPECT_TRUE(Ask(among).has_value());
}

TEST_F(WitnessClient, TakesNoTimeFarAhead) {
  ScriptedWitness ahead({{.status = 200, .body = LineAt(kNow + 3600)}});
  EXPECT_TRUE(Ask(ahead).has_value());
  ScriptedWitness far_ahead({{.status = 200, .body = LineAt(kNow + 3601)}});
  EXPECT_FALSE(Ask(far_ahead).has_value());
}

}  // namespace
}  // namespace authseal
