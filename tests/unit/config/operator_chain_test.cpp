#include "config/operator_chain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/config/loading.h"

namespace eddy {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> mistakes_in_chain(const std::string& operators) {
  return mistakes_of(std::string(kLeast) + "operators: " + operators + "\n");
}

TEST(OperatorChain, each_operator_once) {
  EXPECT_THAT(mistakes_in_chain("[decode, fold, fold, publish]"),
              ElementsAre("eddy.yaml:3: operators: 'fold' is in the chain already"));
}

TEST(OperatorChain, begins_with_decode_or_an_operator_of_the_users) {
  EXPECT_THAT(mistakes_in_chain("[fold, publish]"),
              ElementsAre(HasSubstr("'fold' works on events, so the chain must begin with 'decode'")));
  EXPECT_THAT(mistakes_in_chain("[records, fold, publish]"), IsEmpty());
}

TEST(OperatorChain, builtins_stand_in_the_order_of_their_needs) {
  EXPECT_THAT(mistakes_in_chain("[decode, refresh, fold, publish]"),
              ElementsAre("eddy.yaml:3: operators: 'fold' must come before 'refresh'"));
}

TEST(OperatorChain, records_come_before_profiles_before_outputs) {
  EXPECT_THAT(mistakes_in_chain("[decode, fold, records, publish]"),
              ElementsAre(HasSubstr(
                  "'records' works on records, so it must come before 'fold', which works on profiles")));
  EXPECT_THAT(mistakes_in_chain("[decode, outputs, fold]"),
              ElementsAre(HasSubstr("'fold' works on profiles")));
  EXPECT_THAT(mistakes_in_chain("[decode, records, fold, publish, outputs]"), IsEmpty());
}

TEST(OperatorChain, asks_every_operator_for_its_mistakes) {
  EXPECT_THAT(mistakes_in_chain("[decode: {top_k: 13}, redact: {top_k: 14}, fold: {topk: 1}, publish: 5]"),
              ElementsAre("eddy.yaml:3: fake: 13 brings bad luck", "eddy.yaml:3: redact: cannot be made",
                          "eddy.yaml:3: fake: unknown setting 'topk'; did you mean 'top_k'?",
                          HasSubstr("wants settings as 'name: value', not '5'")));
}

TEST(OperatorChain, unknown_operators_get_a_hint) {
  EXPECT_THAT(mistakes_in_chain("[decode, flod]"),
              ElementsAre("eddy.yaml:3: operators: there is no operator 'flod'; did you mean 'fold'?"));
}

TEST(OperatorChain, is_a_list_of_something) {
  EXPECT_THAT(mistakes_in_chain("[]"), ElementsAre(HasSubstr("wants a list such as [decode, redact,")));
  EXPECT_THAT(mistakes_in_chain("decode"), ElementsAre(HasSubstr("wants a list")));
  EXPECT_THAT(mistakes_in_chain("[[decode]]"), ElementsAre(HasSubstr("an operator is written 'name'")));
}

}  // namespace
}  // namespace eddy
