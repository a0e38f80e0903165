#include "cmd/count_output.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <numeric>
#include <string>
#include <vector>

#include "lib/base/escape.h"
#include "lib/base/time.h"
#include "lib/json/writer.h"
#include "lib/query/table_row.h"

namespace authseal {

namespace {

using Group = std::pair<const std::vector<std::string>*, const GroupCount*>;
constexpr std::size_t kCountWidth = 9;
constexpr std::size_t kShareWidth = 7;  // "100.0 %"
constexpr std::size_t kTimeWidth = 19;
constexpr std::size_t kMinutesWidth = 16;  // a time to the minute
constexpr std::size_t kFixedWidth =
    kCountWidth + kShareWidth + 2 * kMinutesWidth + 6;
constexpr std::size_t kValueWidthMin = 8;
// A longer run of steps that count nothing is one line of a plot.
constexpr std::size_t kEmptyStepsMax = 3;
constexpr std::uint64_t kBucketsMax = 100'000;

std::vector<Group> Largest(const CountQueryResult& counts,
                           std::optional<std::uint64_t> top) {
  std::vector<Group> groups;
  for (const auto& [key, group] : counts.groups) {
    groups.emplace_back(&key, &group);
  }
  std::stable_sort(groups.begin(), groups.end(),
                   [](const Group& a, const Group& b) {
                     return a.second->count > b.second->count;
                   });
  if (top && *top < groups.size()) {
    groups.resize(*top);
  }
  return groups;
}

std::string Share(std::uint64_t count, std::uint64_t total) {
  std::array<char, 16> text = {};
  const double percent = total == 0 ? 0.0
                                    : 100.0 * static_cast<double>(count) /
                                          static_cast<double>(total);
  const int length =
      std::snprintf(text.data(), text.size(), "%.1f %%", percent);
  return {text.data(), static_cast<std::size_t>(length)};
}

std::string PadLeft(const std::string& text, std::size_t width) {
  return text.size() < width ? std::string(width - text.size(), ' ') + text
                             : text;
}

// A part of one, as JSON has it.
std::string ShareNumber(std::uint64_t count, std::uint64_t total) {
  JsonWriter out;
  out.Real(total == 0
               ? 0.0
               : static_cast<double>(count) / static_cast<double>(total));
  return out.Take();
}

void PrintGroupsJson(const std::vector<Group>& groups,
                     const CountQueryResult& counts,
                     const CountQueryOptions& options, Context& context) {
  JsonWriter out;
  out.BeginObject().Name("schema").String("authseal/query@1").Name("rows");
  out.BeginArray();
  for (const auto& [key, group] : groups) {
    out.BeginObject();
    for (std::size_t i = 0; i < key->size(); ++i) {
      out.Name(options.by[i]->name);
      if ((*key)[i].empty()) {
        out.Null();
      } else {
        out.String((*key)[i]);
      }
    }
    out.Name("count").Number(group->count).Name("share");
    out.Raw(ShareNumber(group->count, counts.total));
    out.Name("first_time").String(FormatRfc3339(group->first_time));
    out.Name("last_time").String(FormatRfc3339(group->last_time)).End();
  }
  out.End().End();
  context.out << out.text() << '\n';
}

void PrintGroupsCsv(const std::vector<Group>& groups,
                    const CountQueryResult& counts,
                    const CountQueryOptions& options, Context& context) {
  std::string out;
  for (const RowField* field : options.by) {
    out += std::string(field->name) + ",";
  }
  out += "count,share,first_time,last_time\r\n";
  for (const auto& [key, group] : groups) {
    for (const std::string& value : *key) {
      AppendCsvValue(value, out);
      out += ',';
    }
    out += std::to_string(group->count) + "," +
           ShareNumber(group->count, counts.total) + "," +
           FormatRfc3339(group->first_time) + "," +
           FormatRfc3339(group->last_time) + "\r\n";
  }
  context.out << out;
}

// As wide as the values need, and no wider than `left` together: the widest
// gives first.
std::vector<std::size_t> ValueWidths(const std::vector<Group>& groups,
                                     const CountQueryOptions& options,
                                     std::size_t left) {
  std::vector<std::size_t> widths;
  for (const RowField* field : options.by) {
    widths.push_back(std::max(field->name.size(), kValueWidthMin));
  }
  for (const auto& [key, group] : groups) {
    for (std::size_t i = 0; i < widths.size(); ++i) {
      const std::size_t width = DisplayWidth(EscapeForTerminal((*key)[i]));
      widths[i] = std::max(widths[i], std::min(width, left));
    }
  }
  std::size_t sum =
      std::accumulate(widths.begin(), widths.end(), std::size_t{0});
  for (; sum > left; --sum) {
    const auto widest = std::max_element(widths.begin(), widths.end());
    if (*widest <= kValueWidthMin) {
      break;
    }
    --*widest;
  }
  return widths;
}

void PrintGroupsTable(const std::vector<Group>& groups,
                      const CountQueryResult& counts,
                      const CountQueryOptions& options, Context& context) {
  const std::size_t used = kFixedWidth + 2 * options.by.size();
  const std::size_t left = context.columns > used ? context.columns - used : 0;
  const std::vector<std::size_t> widths = ValueWidths(groups, options, left);
  std::string line;
  for (std::size_t i = 0; i < widths.size(); ++i) {
    line += FitToWidth(options.by[i]->name, widths[i]) + "  ";
  }
  context.out << line << PadLeft("count", kCountWidth) << "  "
              << PadLeft("share", kShareWidth) << "  "
              << FitToWidth("first", kMinutesWidth) << "  last\n";
  for (const auto& [key, group] : groups) {
    line.clear();
    for (std::size_t i = 0; i < widths.size(); ++i) {
      const std::string& value = (*key)[i];
      line += FitToWidth(value.empty() ? "-" : value, widths[i]) + "  ";
    }
    context.out << line << PadLeft(std::to_string(group->count), kCountWidth)
                << "  "
                << PadLeft(Share(group->count, counts.total), kShareWidth)
                << "  "
                << FormatRfc3339(group->first_time).substr(0, kMinutesWidth)
                << "  "
                << FormatRfc3339(group->last_time).substr(0, kMinutesWidth)
                << '\n';
  }
}

}  // namespace

void PrintGroups(const CountQueryResult& counts,
                 const CountQueryOptions& options, RowFormat format,
                 std::optional<std::uint64_t> top, Context& context) {
  const std::vector<Group> groups = Largest(counts, top);
  if (format == RowFormat::kCsv) {
    PrintGroupsCsv(groups, counts, options, context);
  } else if (format == RowFormat::kTable) {
    PrintGroupsTable(groups, counts, options, context);
  } else {
    PrintGroupsJson(groups, counts, options, context);
  }
}

void PrintHistogram(const CountQueryResult& counts, std::int64_t bucket_nanos,
                    RowFormat format, Context& context) {
  std::map<std::int64_t, std::uint64_t> buckets = counts.buckets;
  if (!buckets.empty()) {
    const std::int64_t first = buckets.begin()->first;
    const std::int64_t last = buckets.rbegin()->first;
    const auto spanned =
        static_cast<std::uint64_t>(last / bucket_nanos - first / bucket_nanos);
    for (std::int64_t begin = first; spanned < kBucketsMax && begin < last;
         begin += bucket_nanos) {
      buckets.try_emplace(begin, 0);  // a gap is an answer too
    }
  }
  if (format == RowFormat::kCsv) {
    context.out << "time,count\r\n";
    for (const auto& [begin, count] : buckets) {
      context.out << FormatRfc3339(UnixNanos{begin}) << ',' << count << "\r\n";
    }
    return;
  }
  if (format != RowFormat::kTable) {
    JsonWriter out;
    out.BeginObject().Name("schema").String("authseal/query@1").Name("rows");
    out.BeginArray();
    for (const auto& [begin, count] : buckets) {
      out.BeginObject().Name("time").String(FormatRfc3339(UnixNanos{begin}));
      out.Name("count").Number(count).End();
    }
    out.End().End();
    context.out << out.text() << '\n';
    return;
  }
  std::uint64_t highest = 1;
  for (const auto& [begin, count] : buckets) {
    highest = std::max(highest, count);
  }
  constexpr std::size_t kBarMargin = kTimeWidth + kCountWidth + 4;
  const std::size_t room = context.columns > kBarMargin + 10
                               ? context.columns - kBarMargin
                               : std::size_t{10};
  for (auto step = buckets.begin(); step != buckets.end(); ++step) {
    const auto& [begin, count] = *step;
    const auto next = std::find_if(step, buckets.end(), [](const auto& bucket) {
      return bucket.second > 0;
    });
    const auto empty = static_cast<std::size_t>(std::distance(step, next));
    if (empty > kEmptyStepsMax) {
      context.out << FitToWidth("…", kTimeWidth) << PadLeft("0", kCountWidth)
                  << "  in " << empty << " steps\n";
      step = std::prev(next);
      continue;
    }
    const std::size_t bar =
        (static_cast<std::size_t>(count) * room + highest - 1) / highest;
    context.out << FormatRfc3339(UnixNanos{begin}).substr(0, kTimeWidth)
                << PadLeft(std::to_string(count), kCountWidth)
                << (bar == 0 ? "" : "  ") << std::string(bar, '#') << '\n';
  }
}

void PrintTotal(std::uint64_t total, bool json, Context& context) {
  if (json) {
    JsonWriter out;
    out.BeginObject().Name("schema").String("authseal/query@1");
    out.Name("count").Number(total).End();
    context.out << out.text() << '\n';
  } else {
    context.out << total << '\n';
  }
}

}  // namespace authseal
