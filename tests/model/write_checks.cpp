#include "tests/model/write_checks.h"

#include <gtest/gtest.h>

namespace pageturner::model {
namespace {

namespace json = boost::json;

// Returns `text` if it is one of `texts`, otherwise the first of `texts`.
std::string one_that_fits(const std::set<std::string>& texts, const json::value* text) {
  const std::string found(text != nullptr ? text->as_string() : json::string());
  return texts.contains(found) ? found : *texts.begin();
}

void check_reason(const json::object& reason, const Write& write, const Outcome& outcome) {
  json::object expected{{"Code", "None"}};
  if (outcome.condition_failed) {
    expected = {{"Code", "ConditionalCheckFailed"}, {"Message", "The conditional request failed"}};
    if (write.shows_old_on_failure && outcome.item) expected["Item"] = *outcome.item;
  } else if (outcome.fails()) {
    const auto message = one_that_fits(outcome.errors, reason.if_contains("Message"));
    expected = {{"Code", "ValidationError"}, {"Message", message}};
  }
  EXPECT_EQ(json::value(reason), json::value(expected));
}

}  // namespace

void check_error(const ResponseHead& response_head, const std::string& type,
                 const std::string& message) {
  EXPECT_EQ(response_head.status, 400U);
  const json::value* actual_type = response_head.body.if_contains("__type");
  ASSERT_TRUE(actual_type != nullptr) << json::serialize(response_head.body);
  EXPECT_TRUE(std::string(actual_type->as_string()).ends_with("#" + type)) << *actual_type;
  const char* field = response_head.body.contains("message") ? "message" : "Message";
  const json::value* actual_message = response_head.body.if_contains(field);
  ASSERT_TRUE(actual_message != nullptr) << json::serialize(response_head.body);
  EXPECT_EQ(*actual_message, json::value(message));
}

void check_failure(const ResponseHead& response_head, const Write& write, const Outcome& outcome) {
  if (!outcome.condition_failed) {
    const auto message = one_that_fits(outcome.errors, response_head.body.if_contains("message"));
    return check_error(response_head, "ValidationException", message);
  }
  check_error(response_head, "ConditionalCheckFailedException", "The conditional request failed");
  const json::value* item = response_head.body.if_contains("Item");
  const bool is_shown = write.shows_old_on_failure && outcome.item;
  EXPECT_EQ(item != nullptr ? *item : json::value(),
            is_shown ? json::value(*outcome.item) : json::value());
}

void check_canceled(const ResponseHead& response_head, const std::vector<Write>& writes,
                    const std::vector<Outcome>& outcomes) {
  std::string codes;
  for (const Outcome& outcome : outcomes) {
    codes += codes.empty() ? "" : ", ";
    codes += outcome.condition_failed ? "ConditionalCheckFailed"
             : outcome.fails()        ? "ValidationError"
                                      : "None";
  }
  check_error(response_head, "TransactionCanceledException",
              "Transaction cancelled, please refer cancellation reasons for specific reasons [" +
                  codes + "]");
  const json::value* reasons = response_head.body.if_contains("CancellationReasons");
  ASSERT_TRUE(reasons != nullptr && reasons->as_array().size() == writes.size())
      << json::serialize(response_head.body);
  for (std::size_t i = 0; i < writes.size(); ++i) {
    check_reason(reasons->as_array()[i].as_object(), writes[i], outcomes[i]);
  }
}

}  // namespace pageturner::model
