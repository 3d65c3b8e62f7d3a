// Why: conditions and filters are what clients write by hand, and one that is taken decides over
// items. The input is the text of one.
#include "protocol/expression/condition.h"

#include "protocol/limits.h"
#include "storage/stored_item.h"
#include "tests/fuzz/fuzz.h"

namespace pageturner {
namespace {

// NOT around a condition that compiles also compiles, unless that takes it over a limit or
// parentheses stand around it already.
void check_negation(std::string_view text, bool truth) {
  Placeholders placeholders = fixed_placeholders();
  const auto negated = compile_condition(ExpressionParameter::filter,
                                         "NOT (" + std::string(text) + ")", placeholders);
  if (negated) {
    require(evaluate_condition(*negated, ItemSource(fixed_item())) != truth,
            "NOT turns the truth around");
    return;
  }
  const std::string& message = negated.error().message;
  require(message.find("redundant parentheses") != std::string::npos ||
              message.find("too many operators") != std::string::npos ||
              message.find("size has exceeded") != std::string::npos,
          "NOT compiles around what compiles");
}

}  // namespace

void fuzz_one(std::string_view input) {
  static const std::string stored = encode_stored_item(fixed_item());
  Placeholders placeholders = fixed_placeholders();
  const auto condition = compile_condition(ExpressionParameter::condition, input, placeholders);
  if (!condition) return require_message(condition.error());
  const bool truth = evaluate_condition(*condition, ItemSource(fixed_item()));
  require(evaluate_condition(*condition, StoredItemSource(ItemView(stored))) == truth,
          "a condition holds for a stored item as for the item");
  evaluate_condition(*condition, EmptySource());
  check_negation(input, truth);
}

}  // namespace pageturner
