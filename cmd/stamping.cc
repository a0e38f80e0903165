#include "cmd/stamping.h"

#include <utility>

#include <CLI/CLI.hpp>

#include "cmd/output.h"
#include "cmd/user_file.h"
#include "lib/archive/layout.h"
#include "lib/crypto/ed25519_signer.h"
#include "lib/net/http_client.h"

namespace authseal {

namespace {

constexpr std::uint64_t kPemSizeBytesMax = 4u << 20;
constexpr std::chrono::milliseconds kAfterSealTimeout = std::chrono::seconds(5);
constexpr int kHttpOk = 200;

// The DER that a TSA answers to a request.
Result<ByteVector> AskTsa(const std::string& url, const ByteVector& request,
                          std::chrono::milliseconds timeout) {
  auto answered = FetchHttp(
      {.method = HttpRequest::Method::kPost,
       .url = url,
       .content_type = "application/timestamp-query",
       .body = std::string(AsText(request))},
      {.total = timeout,
       .response_size_bytes_max = std::size_t{kTimestampSizeBytesMax}});
  if (!answered.has_value()) {
    // Too long an answer is no damage of ours.
    Error error = std::move(answered).error();
    error.code =
        error.code == ErrorCode::kDamaged ? ErrorCode::kTemporary : error.code;
    return error;
  }
  const HttpResponse& response = *answered;
  if (response.status != kHttpOk) {
    return Error{ErrorCode::kTemporary, url + " answered with status " +
                                            std::to_string(response.status)};
  }
  const Bytes body = AsBytes(response.body);
  return ByteVector(body.begin(), body.end());
}

constexpr std::string_view kTryAgainHint =
    "the checkpoint stands; try again with authseal stamp";

}  // namespace

void AddTsaOptions(CLI::App& command, TsaOptions& options) {
  CLI::Option* url = command.add_option(
      "--tsa", options.url, "Ask this RFC 3161 timestamping authority (URL)");
  url->check([](const std::string& text) {
    return text.starts_with("http://") || text.starts_with("https://")
               ? std::string()
               : std::string("give an http or https URL");
  });
  command.add_option("--tsa-ca", options.ca_file,
                     "Keep only what these CA certificates vouch for (PEM)");
}

Result<TimestampAuthorities> LoadTsaAuthorities(Context& context,
                                                const std::string& path) {
  TRY_ASSIGN(const ByteVector pem,
             ReadUserFile(context.file_system, path, kPemSizeBytesMax));
  auto authorities = TimestampAuthorities::FromPem(AsText(pem));
  if (!authorities.has_value()) {
    return std::move(authorities)
        .error()
        .With(path)
        .WithHint("give the TSA's CA certificates, in PEM");
  }
  return authorities;
}

Result<Tsa> MakeTsa(const TsaOptions& options, Context& context) {
  Tsa tsa;
  tsa.url = options.url;
  if (!options.ca_file.empty()) {
    TRY_ASSIGN(tsa.authorities, LoadTsaAuthorities(context, options.ca_file));
  }
  return tsa;
}

Result<ByteVector> RandomTimestampNonce() {
  ByteVector nonce(kTimestampNonceSizeBytes);
  TRY(RandomBytes(nonce));
  return nonce;
}

Result<Stamped> StampCheckpoint(Timestamping& timestamping,
                                std::uint64_t tree_size, const Tsa& tsa,
                                std::chrono::milliseconds timeout) {
  TRY_ASSIGN(auto present, timestamping.Find(tree_size));
  if (present.has_value()) {
    return Stamped{*std::move(present), false};
  }
  TRY_ASSIGN(const ByteVector nonce, RandomTimestampNonce());
  TRY_ASSIGN(ByteVector request, timestamping.Request(tree_size, nonce));
  auto answer = AskTsa(tsa.url, std::move(request), timeout);
  if (!answer.has_value()) {
    Error error = std::move(answer).error();
    return error.hint.empty() ? std::move(error).WithHint(kTryAgainHint)
                              : error;
  }
  auto reply = timestamping.Check(tree_size, *answer, tsa.trusted());
  if (!reply.has_value()) {
    Error error = std::move(reply).error();
    if (error.code == ErrorCode::kInvalidArgument) {  // the TSA's, not ours
      return Error{ErrorCode::kTemporary,
                   tsa.url + " gave no timestamp: " + error.message,
                   std::string(kTryAgainHint)};
    }
    return error;
  }
  TRY(timestamping.Keep(tree_size, *answer));
  return Stamped{*std::move(reply), true};
}

StampedAfterSeal StampAfterSeal(FileSystem& file_system,
                                const std::string& archive_path,
                                std::uint64_t tree_size, const Tsa& tsa) {
  using SteadyClock = std::chrono::steady_clock;
  const auto deadline = SteadyClock::now() + kAfterSealTimeout;
  StampedAfterSeal outcome;
  auto timestamping = Timestamping::Open(file_system, archive_path);
  if (!timestamping.has_value()) {
    outcome.warnings.push_back("no timestamp: " + timestamping.error().message);
    return outcome;
  }
  const auto stamp = [&](std::uint64_t size) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - SteadyClock::now());
    if (left.count() <= 0) {
      return false;
    }
    const auto stamped = StampCheckpoint(*timestamping, size, tsa, left);
    if (!stamped.has_value()) {
      outcome.warnings.push_back("no timestamp for the checkpoint of " +
                                 std::to_string(size) +
                                 " records: " + stamped.error().message);
    }
    return stamped.has_value();
  };
  if (!stamp(tree_size)) {
    return outcome;
  }
  outcome.path =
      std::string(kCheckpointsName) + "/" + TimestampReplyName(tree_size);
  const auto waiting = timestamping->WaitingSizes();
  for (const std::uint64_t size :
       waiting.has_value() ? *waiting : std::vector<std::uint64_t>()) {
    if (!stamp(size)) {
      break;
    }
  }
  return outcome;
}

void PrintStampWarnings(const StampedAfterSeal& stamped, Context& context) {
  for (const std::string& warning : stamped.warnings) {
    PrintWarning(context, warning);
  }
  if (!stamped.path.has_value()) {
    PrintNote(context,
              "the seal stands; the next seal with --tsa tries again, and so "
              "does authseal stamp");
  }
}

}  // namespace authseal
