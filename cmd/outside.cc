#include "cmd/outside.h"

#include <future>
#include <utility>

namespace authseal {

Result<Outside> MakeOutside(const TsaOptions& tsa,
                            const WitnessOptions& witness,
                            std::string keys_path, Context& context) {
  Outside outside;
  TRY_ASSIGN(outside.tsa, MakeTsa(tsa, context));
  TRY_ASSIGN(outside.witnesses, WitnessesToAsk(witness, context));
  outside.keys_path = std::move(keys_path);
  return outside;
}

OutsideAnswers AskOutside(const Outside& outside, const std::string& archive,
                          std::uint64_t tree_size, bool published,
                          Context& context) {
  OutsideAnswers answers;
  const bool stamps = published && !outside.tsa.url.empty();
  std::future<StampedAfterSeal> stamped;
  if (stamps) {
    // Deferred, so one after the other, only where no thread can be had.
    stamped = std::async(std::launch::async | std::launch::deferred, [&] {
      return StampAfterSeal(context.file_system, archive, tree_size,
                            outside.tsa);
    });
  }
  answers.cosigned =
      AskAfterSeal(outside.witnesses, archive, outside.keys_path, context);
  if (stamps) {
    StampedAfterSeal outcome = stamped.get();
    PrintStampWarnings(outcome, context);
    answers.timestamp = std::move(outcome.path);
  }
  return answers;
}

void PrintAnswers(const OutsideAnswers& answers, Context& context) {
  if (answers.timestamp.has_value()) {
    context.out << "timestamp " << *answers.timestamp << '\n';
  }
  if (answers.cosigned.has_value()) {
    PrintCosigned(*answers.cosigned, context);
  }
}

void WriteAnswers(const OutsideAnswers& answers, JsonWriter& out) {
  out.Name("timestamp");
  if (answers.timestamp.has_value()) {
    out.String(*answers.timestamp);
  } else {
    out.Null();
  }
  WriteCosigned(answers.cosigned, out);
}

}  // namespace authseal
