// Why: clients write conditions and filters by hand, and an accepted one selects items. The input
// is the text of a condition.
#include "protocol/expression/condition.h"

#include "protocol/limits.h"
#include "storage/stored_item.h"
#include "tests/fuzz/fuzz.h"

namespace pageturner {
namespace {

// NOT around a valid condition is valid too, unless it exceeds a limit or the condition already has
// parentheses around it.
void check_negation(std::string_view text, bool truth) {
  Placeholders placeholders = fixed_placeholders();
  const auto negated = compile_condition(ExpressionParameter::filter,
                                         "NOT (" + std::string(text) + ")", placeholders);
  if (negated) {
    require(evaluate_condition(*negated, ItemSource(fixed_item())) != truth,
            "NOT inverts the result");
    return;
  }
  const std::string& message = negated.error().message;
  require(message.find("redundant parentheses") != std::string::npos ||
              message.find("too many operators") != std::string::npos ||
              message.find("size has exceeded") != std::string::npos,
          "NOT around a valid condition is valid");
}

}  // namespace

void fuzz_one(std::string_view input) {
  static const std::string stored = encode_stored_item(fixed_item());
  Placeholders placeholders = fixed_placeholders();
  const auto condition = compile_condition(ExpressionParameter::condition, input, placeholders);
  if (!condition) return require_message(condition.error());
  const bool truth = evaluate_condition(*condition, ItemSource(fixed_item()));
  require(evaluate_condition(*condition, StoredItemSource(ItemView(stored))) == truth,
          "a condition has the same result for a stored item");
  evaluate_condition(*condition, EmptySource());
  check_negation(input, truth);
}

}  // namespace pageturner
