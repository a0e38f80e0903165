// What waits for its first use, and may have many first users at once.
#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "lib/event/mapper.h"
#include "lib/event/text_pattern.h"

namespace authseal {
namespace {

constexpr int kThreads = 8;
constexpr std::string_view kOktaLogin =
    R"({"uuid":"u","published":"2026-03-01T12:00:00.000Z",)"
    R"("eventType":"user.session.start","outcome":{"result":"SUCCESS"},)"
    R"("actor":{"type":"User","id":"00u1"}})";

template <typename Task>
void AtOnce(Task task) {
  std::atomic<int> waiting = kThreads;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      --waiting;
      while (waiting > 0) {
        std::this_thread::yield();
      }
      task();
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
}

TEST(DeferredPattern, IsTheSameAsOneMadeAtOnce) {
  constexpr std::string_view kExpression = "user=(?P<who>\\w+)";
  const TextPattern deferred = TextPattern::Deferred(kExpression);
  const auto made = TextPattern::Create(kExpression);
  ASSERT_TRUE(made.has_value());
  EXPECT_EQ(deferred.group_names(), made->group_names());
  std::vector<std::string_view> groups;
  ASSERT_TRUE(deferred.Capture("a user=bob b", groups));
  EXPECT_EQ(groups, std::vector<std::string_view>{"bob"});
  EXPECT_FALSE(deferred.Matches("a user= b"));
}

TEST(DeferredPattern, MayBeUsedFirstByManyThreads) {
  const TextPattern pattern = TextPattern::Deferred("^a(?P<b>b+)c$");
  std::atomic<int> matches = 0;
  AtOnce([&] { matches += pattern.Matches("abbc") ? 1 : 0; });
  EXPECT_EQ(matches, kThreads);
}

TEST(DeferredMappings, MayBeUsedFirstByManyThreads) {
  const auto mapper = EventMapper::Create({});
  ASSERT_TRUE(mapper.has_value());
  std::atomic<int> recognised = 0;
  AtOnce([&] {
    EventMapper::Scratch scratch;
    std::vector<Event> events;
    mapper->Map(kOktaLogin, {}, scratch, events);
    recognised += events.size() == 1 && events[0].provider == "okta" ? 1 : 0;
  });
  EXPECT_EQ(recognised, kThreads);
}

TEST(DeferredMappings, AreThereForWhoeverAsksForThemByName) {
  const auto mapper = EventMapper::Create({});
  ASSERT_TRUE(mapper.has_value());
  EXPECT_TRUE(mapper->only_built_in());
  EXPECT_TRUE(mapper->knows("okta"));
  const std::vector<MappingSource> extra = {
      {"m.yaml", "name: mine\nrecognise: [/mine]\nfields: {user: /mine}\n"}};
  const auto with_extra = EventMapper::Create(extra);
  ASSERT_TRUE(with_extra.has_value()) << with_extra.error().message;
  EXPECT_FALSE(with_extra->only_built_in());
  EXPECT_EQ(with_extra->provider_names().front(), "mine");
  EXPECT_EQ(with_extra->provider_names().size(),
            mapper->provider_names().size() + 1);
}

}  // namespace
}  // namespace authseal
