#include "state/profile/profile_codec.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "profile.pb.h"
#include "state/profile/fold.h"
#include "unit/state/fact_events.h"

namespace eddy {
namespace {

Facts some_facts() {
  Facts facts;
  Utterance spoken;
  spoken.call = CallId("c");
  spoken.seq = 7;
  spoken.text = "Good morning, my boat sank";
  spoken.speaker = Speaker::kAgent;
  spoken.keywords = {"boat"};
  spoken.embedding = {0.5F, -0.25F};
  spoken.encoder = "test";
  for (const Event& event :
       {action(0, "s", {"b", "a"}), action(2, "s", {}), action(1, "", {"x"}),
        event_at(3, CallStarted{CallId("c")}), event_at(4, spoken), said(5, "c", 8, "partial", false),
        bought(6, "p", {"car", "home"}), event_at(7, Portfolio{{ItemId("home")}}), event_at(-100, Forget{}),
        event_at(8, CallEnded{CallId("c")})}) {
    EXPECT_EQ(fold(event, {}, facts), FoldOutcome::kChanged);
  }
  facts.identified_as = IdentityFact{minute(9), UserId("bob")};
  return facts;
}

TEST(ProfileCodec, reads_what_it_writes) {
  const Facts facts = some_facts();
  std::string bytes;
  encode_facts(facts, bytes);
  const auto read = decode_facts(bytes);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(*read, facts);
  std::string again;
  encode_facts(*read, again);
  EXPECT_EQ(again, bytes);
}

TEST(ProfileCodec, writes_the_messages_of_profile_proto) {
  std::string bytes;
  encode_facts(some_facts(), bytes);
  StoredProfile stored;
  ASSERT_TRUE(stored.ParseFromString(bytes));
  EXPECT_EQ(stored.schema_version(), kProfileSchemaVersion);
  ASSERT_EQ(stored.sessions_size(), 2);
  EXPECT_EQ(stored.sessions(0).id(), "s");
  EXPECT_EQ(stored.sessions(0).actions(0).tags(1), "b");
  EXPECT_EQ(stored.sessions(0).actions(1).time_delta(), 120'000);
  ASSERT_EQ(stored.calls_size(), 1);
  EXPECT_EQ(stored.calls(0).utterances(0).words_size(), 5);
  EXPECT_EQ(stored.calls(0).embedding().sum(0), 1 << 23);
  EXPECT_EQ(stored.purchases(0).items(1), "home");
  EXPECT_EQ(stored.identified_as().user(), "bob");
  std::string again;
  ASSERT_TRUE(stored.SerializeToString(&again));
  const auto read = decode_facts(again);
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, some_facts());
}

TEST(ProfileCodec, refuses_a_newer_version_and_says_which) {
  StoredProfile stored;
  stored.set_schema_version(kProfileSchemaVersion + 1);
  const auto read = decode_facts(stored.SerializeAsString());
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().message.find(std::to_string(kProfileSchemaVersion + 1)), std::string::npos);
}

TEST(ProfileCodec, skips_fields_that_it_does_not_know) {
  StoredProfile stored;
  stored.set_schema_version(kProfileSchemaVersion);
  std::string bytes = stored.SerializeAsString();
  bytes += std::string("\xFA\x06\x03", 3) + "new";  // field 111
  EXPECT_TRUE(decode_facts(bytes));
}

RC_GTEST_PROP(ProfileCodec, any_bytes_are_read_or_refused, (const std::string& noise)) {
  std::string bytes;
  encode_facts(some_facts(), bytes);
  const auto at = *rc::gen::inRange<std::size_t>(0, bytes.size());
  for (const std::string& damaged :
       {noise, bytes.substr(0, at), bytes.substr(0, at) + noise + bytes.substr(at)}) {
    const auto read = decode_facts(damaged);
    if (!read) RC_ASSERT(read.error().remedy == Remedy::kStop);
  }
}

}  // namespace
}  // namespace eddy
