#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "fakes/temporary_directory.h"
#include "memory_writer.h"
#include "operators/decode/json_event_reader.h"
#include "simulate/simulation.h"

namespace eddy {
namespace {

constexpr const char* kUsersHeader = "user_id,purchase_event_id,event_number,conversation_id,session_id\n";
constexpr const char* kItemsHeader = "purchase_event_id,item_id\n";

class PublishedStructureTest : public testing::Test {
 protected:
  void write(const std::string& users, const std::string& items) const {
    std::ofstream(directory_.path() / "data_users.csv") << users;
    std::ofstream(directory_.path() / "data_purchase_events.csv") << items;
  }
  [[nodiscard]] Error failure() const {
    auto structure = read_structure(directory_.path(), std::nullopt);
    EXPECT_FALSE(structure.has_value());
    return structure ? Error{} : structure.error();
  }

  TemporaryDirectory directory_;
};

TEST_F(PublishedStructureTest, interactions_come_once_and_before_the_first_purchase_that_lists_them) {
  // User 2 bought twice; the later purchase lists the interactions of the earlier one again. Rows are out of
  // order.
  write(std::string(kUsersHeader) +
            "2,31,3,11.0,\n2,31,1,,66.0\n2,31,2,,60.0\n2,30,2,,60.0\n2,30,1,,66.0\n1,7,1,35.0,\n3,40,1,,"
            "70\n3,50,1,,71\n",
        std::string(kItemsHeader) + "30,4\n30,18\n31,7\n7,18\n40,1\n50,24\n");
  const auto structure = read_structure(directory_.path(), std::nullopt);
  ASSERT_TRUE(structure.has_value()) << to_string(structure.error());
  MemoryWriter writer;
  ASSERT_TRUE(simulate({}, **structure, writer).has_value());

  std::map<std::string, std::vector<std::string>> order;
  std::vector<std::string> purchases;
  for (const WrittenRecord& record : writer.records) {
    const auto event = read_event(record.record);
    ASSERT_TRUE(event.has_value()) << record.record;
    std::string name;
    if (const auto* action = std::get_if<Action>(&event->body)) name = action->session.value();
    if (const auto* call = std::get_if<CallStarted>(&event->body)) name = call->call.value();
    if (const auto* purchase = std::get_if<Purchase>(&event->body)) {
      name = event->id.value();
      purchases.push_back(name);
      for (const ItemId& item : purchase->items) name += " " + item.value();
    }
    auto& names = order[record.key];
    if (!name.empty() && (names.empty() || names.back() != name)) names.push_back(name);
  }
  using Names = std::vector<std::string>;
  EXPECT_EQ(order["1"], (Names{"c-35", "p-7 18"}));
  EXPECT_EQ(order["2"], (Names{"s-66", "s-60", "p-30 4 18", "c-11", "p-31 7"}));
  EXPECT_EQ(order["3"], (Names{"s-70", "p-40 1", "s-71", "p-50 24"}));
  EXPECT_EQ(order.size(), 3U);
  EXPECT_EQ(purchases, (Names{"p-7", "p-30", "p-31", "p-40", "p-50"}));
}

TEST_F(PublishedStructureTest, mistakes_are_named_with_their_place) {
  EXPECT_EQ(failure().fault, Fault::kUser) << "no files";
  write("user,purchase\n", kItemsHeader);
  EXPECT_NE(failure().message.find("column 'user_id' is missing"), std::string::npos);
  write(std::string(kUsersHeader) + "1,2,1,,66\n1,2,2,7\n", std::string(kItemsHeader) + "2,1\n");
  EXPECT_NE(failure().where.find("data_users.csv:3"), std::string::npos);
  write(std::string(kUsersHeader) + "1,2,1,5,66\n", std::string(kItemsHeader) + "2,1\n");
  EXPECT_NE(failure().message.find("either"), std::string::npos);
  write(std::string(kUsersHeader) + "1,2,1,,66\n", std::string(kItemsHeader) + "2,25\n");
  EXPECT_NE(failure().message.find("1 to 24"), std::string::npos);
  write(std::string(kUsersHeader) + "1,2,1,,66\n", std::string(kItemsHeader) + "3,4\n");
  EXPECT_NE(failure().where.find("data_purchase_events.csv:2"), std::string::npos);
  write(std::string(kUsersHeader) + "1,2,1,,66\n", kItemsHeader);
  EXPECT_NE(failure().message.find("no items"), std::string::npos);
  write(std::string(kUsersHeader) + "1,2,x,,66\n", kItemsHeader);
  EXPECT_NE(failure().message.find("not a whole number"), std::string::npos);
}

}  // namespace
}  // namespace eddy
