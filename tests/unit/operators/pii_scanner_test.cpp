#include "operators/redact/pii_scanner.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "fakes/shard_in_memory.h"
#include "operators/decode/decode_operator.h"
#include "operators/redact/redact_operator.h"

namespace eddy {
namespace {

std::string clean(std::string text) {
  PiiScanner scanner;
  scanner.redact(text);
  return text;
}

TEST(PiiScanner, replaces_email_addresses) {
  EXPECT_EQ(clean("mail bob.smith+x@mail.example.com."), "mail <email>.");
  EXPECT_EQ(clean("(a@b.dk)"), "(<email>)");
  EXPECT_EQ(clean("søren@øl.dk, a@b.dk"), "<email>, <email>");
  EXPECT_EQ(clean("@home or a@b or a@b.1"), "@home or a@b or a@b.1");
}

TEST(PiiScanner, replaces_phone_numbers) {
  EXPECT_EQ(clean("call +45 12 34 56 78 now"), "call <phone> now");
  EXPECT_EQ(clean("call 12345678"), "call <phone>");
  EXPECT_EQ(clean("(555) 123-4567!"), "<phone>!");
  EXPECT_EQ(clean("1-800-555-1234, 0045 12345678"), "<phone>, <phone>");
  EXPECT_EQ(clean("it is 1 2 3 4 5 6 7 8 okay"), "it is <phone> okay");
}

TEST(PiiScanner, replaces_cards_with_a_valid_check_digit) {
  EXPECT_EQ(clean("4111 1111 1111 1111"), "<card>");
  EXPECT_EQ(clean("no 4111-1111-1111-1111."), "no <card>.");
  EXPECT_EQ(clean("4111111111111111 12/25"), "<card> 12/25");
  EXPECT_EQ(clean("4111111111111112"), "4111111111111112");
  EXPECT_EQ(clean("4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1"), "<card>");
}

TEST(PiiScanner, replaces_ibans_with_valid_check_digits) {
  EXPECT_EQ(clean("GB29 NWBK 6016 1331 9268 19 and more"), "<iban> and more");
  EXPECT_EQ(clean("dk5000400440116243"), "<iban>");
  EXPECT_EQ(clean("DE89370400440532013000"), "<iban>");
  EXPECT_EQ(clean("DE88370400440532013000"), "DE88370400440532013000");
}

TEST(PiiScanner, replaces_national_ids) {
  EXPECT_EQ(clean("cpr 010190-1234"), "cpr <national_id>");
  EXPECT_EQ(clean("cpr 0101901234"), "cpr <national_id>");
  EXPECT_EQ(clean("ssn 123-45-6789"), "ssn <national_id>");
}

TEST(PiiScanner, replaces_credentials_in_urls) {
  EXPECT_EQ(clean("see https://bob:secret@host.example/x"), "see https://<credentials>@host.example/x");
  EXPECT_EQ(clean("see https://host.example/x?a=@b"), "see https://host.example/x?a=@b");
}

TEST(PiiScanner, leaves_dates_amounts_and_ids_alone) {
  for (const std::string text : {"on 2026-03-01 at 10:30", "01.03.2026 10:30", "it costs 1.234.567,50",
                                 "order t407 of 3 items", "a-0123456789abcdef", "pi is 3.14159265", "",
                                 "no digits here", "1234567890123456789012345678901234567890"}) {
    EXPECT_EQ(clean(text), text);
  }
}

TEST(PiiScanner, kinds_that_are_not_wanted_stay) {
  PiiScanner scanner(1U << static_cast<unsigned>(PiiKind::kEmail));
  std::string text = "a@b.dk 12345678";
  EXPECT_TRUE(scanner.redact(text));
  EXPECT_EQ(text, "<email> 12345678");
  EXPECT_EQ(scanner.found()[0], 1U);
}

// A quadratic scanner would take minutes.
TEST(PiiScanner, takes_linear_time_on_hostile_texts) {
  const auto start = std::chrono::steady_clock::now();
  for (const std::string piece :
       {"a@", "@", "((((", "+", "1 ", "1-", "://", "://a@", "a.", "GB29 ", "1(", "aA1"}) {
    std::string text = "1234567 @ ";
    while (text.size() < 4'000'000) text += piece;
    clean(text);
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(60));
}

TEST(RedactOperator, cleans_texts_keywords_and_tags) {
  ShardInMemory shard;
  auto decode = make_decode_factory();
  auto redact = make_redact_factory();
  ASSERT_TRUE(shard.append(make_operator(*decode, {})));
  ASSERT_TRUE(shard.append(make_operator(*redact, {})));
  Batch batch =
      shard.batch({R"({"type":"utterance","user":"u","time":1,"call":"c","seq":1,"speaker":"customer",)"
                   R"("text":"I am a@b.dk","keywords":["a@b.dk","car"]})",
                   R"({"type":"action","user":"u","time":1,"tags":["form:a@b.dk","t1"]})"});
  ASSERT_TRUE(shard.run(batch));
  ASSERT_EQ(batch.items.size(), 2U);
  const auto& said = std::get<Utterance>(batch.items[0].event.body);
  EXPECT_EQ(said.text, "I am <email>");
  EXPECT_EQ(said.keywords, (std::vector<std::string>{"<email>", "car"}));
  EXPECT_EQ(std::get<Action>(batch.items[1].event.body).tags,
            (std::vector<std::string>{"form:<email>", "t1"}));
}

}  // namespace
}  // namespace eddy
