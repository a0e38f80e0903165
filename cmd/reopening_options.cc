#include "cmd/reopening_options.h"

#include <algorithm>
#include <charconv>
#include <memory>

#include <CLI/CLI.hpp>

#include "cmd/output.h"
#include "lib/base/encoding.h"

namespace authseal {

namespace {

bool IsRemembered(const ReopenedEpoch& epoch,
                  const std::vector<VerifierState>& states) {
  const AcceptedReopening reopening = {epoch.epoch, epoch.statement};
  return std::any_of(
      states.begin(), states.end(), [&reopening](const VerifierState& state) {
        return std::find(state.reopened.begin(), state.reopened.end(),
                         reopening) != state.reopened.end();
      });
}

// What the user said of one epoch: the best of it counts.
enum class Saying {
  kNothing,
  kAnotherStatement,
  kWhatever,
  kThisStatement
};

Saying SayingAbout(const ReopenedEpoch& epoch,
                   const std::vector<KnownReopening>& known) {
  Saying best = Saying::kNothing;
  for (const KnownReopening& one : known) {
    if (one.epoch == epoch.epoch) {
      const Saying saying = !one.statement.has_value() ? Saying::kWhatever
                            : *one.statement == epoch.statement
                                ? Saying::kThisStatement
                                : Saying::kAnotherStatement;
      best = std::max(best, saying);
    }
  }
  return best;
}

void Say(Saying saying, const ReopenedEpoch& epoch, Context& context) {
  const std::string number = std::to_string(epoch.epoch);
  const std::string whole = FormatReopening(epoch.epoch, epoch.statement);
  if (saying == Saying::kWhatever) {
    PrintNote(context, "--accept-reopened " + number +
                           " accepts whatever statement is there; to accept "
                           "this one alone: --accept-reopened " +
                           whole);
  } else if (saying == Saying::kAnotherStatement) {
    PrintWarning(context, "epoch " + number +
                              " was reopened by another statement than "
                              "--accept-reopened names: " +
                              whole);
  }
}

}  // namespace

Result<KnownReopening> ParseKnownReopening(const std::string& text) {
  KnownReopening known;
  const std::size_t colon = std::min(text.find(':'), text.size());
  const char* const end = text.data() + colon;
  const auto parsed = std::from_chars(text.data(), end, known.epoch);
  bool good = parsed.ec == std::errc() && parsed.ptr == end;
  if (colon < text.size()) {
    const auto statement =
        HexDecodeHash(std::string_view(text).substr(colon + 1));
    good = good && statement.has_value();
    known.statement =
        statement.has_value() ? std::optional<Hash>(*statement) : std::nullopt;
  }
  if (!good) {
    return Error{ErrorCode::kInvalidArgument,
                 "give EPOCH:STATEMENT as authseal verify prints it, or EPOCH"};
  }
  return known;
}

std::string FormatReopening(std::uint64_t epoch, const Hash& statement) {
  return std::to_string(epoch) + ":" + HexEncode(statement.view());
}

void AddReopeningOption(CLI::App& command, std::vector<KnownReopening>& known) {
  command
      .add_option_function<std::vector<std::string>>(
          "--accept-reopened",
          [&known](const std::vector<std::string>& texts) {
            for (const std::string& text : texts) {
              const auto one = ParseKnownReopening(text);
              if (!one.has_value()) {
                throw CLI::ValidationError("--accept-reopened " + text,
                                           one.error().message);
              }
              known.push_back(*one);
            }
          },
          "EPOCH:STATEMENT, or EPOCH, that the identity key closed, since its "
          "own key was lost, and that is known to be so; repeatable")
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

std::set<std::uint64_t> UnacceptedEpochs(
    const std::vector<KnownReopening>& known,
    const std::vector<VerifierState>& states, const VerifyReport& report,
    bool say, Context& context) {
  std::set<std::uint64_t> unaccepted;
  for (const ReopenedEpoch& epoch : report.reopened) {
    if (IsRemembered(epoch, states)) {
      continue;
    }
    const Saying saying = SayingAbout(epoch, known);
    if (say) {
      Say(saying, epoch, context);
    }
    if (saying < Saying::kWhatever) {
      unaccepted.insert(epoch.epoch);
    }
  }
  return unaccepted;
}

}  // namespace authseal
