#include "protocol/expression/compile.h"

#include "protocol/expression/operand_checks.h"
#include "protocol/expression/parse_cache.h"
#include "protocol/expression/parser.h"
#include "protocol/expression/projection.h"
#include "protocol/limits.h"
#include "protocol/per_thread.h"
#include "protocol/text.h"

namespace pageturner {
namespace {

// Returns parse(text), from the cache of this thread if it is there.
template <class Parsed>
Result<Parsed> parse_cached(std::string_view text, Result<Parsed> (*parse)(std::string_view)) {
  static PerThread<ParseCache<Parsed>> caches;
  return caches.get().get(text, parse);
}

Error in_parameter(ExpressionParameter parameter, Error error) {
  error.message = concat("Invalid ", parameter_name(parameter), ": ", error.message);
  return error;
}

Result<void> check_size(ExpressionParameter parameter, std::string_view text) {
  if (text.size() <= limits::expression_size_bytes_max) return {};
  std::string message = "Expression size has exceeded the maximum allowed size;";
  // The service includes the size for conditions and filters only.
  if (parameter == ExpressionParameter::condition || parameter == ExpressionParameter::filter) {
    message += concat(" expression size: ", text.size());
  }
  return validation_error(std::move(message));
}

// Returns what `compile` returns for a text of valid size. Adds the prefix to errors.
template <class Compile>
auto compile_parameter(ExpressionParameter parameter, std::string_view text, Compile compile)
    -> decltype(compile()) {
  if (auto checked = check_size(parameter, text); !checked) {
    return in_parameter(parameter, std::move(checked).error());
  }
  auto compiled = compile();
  if (!compiled) return in_parameter(parameter, std::move(compiled).error());
  return compiled;
}

}  // namespace

std::string_view parameter_name(ExpressionParameter parameter) {
  switch (parameter) {
    case ExpressionParameter::condition:
      return "ConditionExpression";
    case ExpressionParameter::filter:
      return "FilterExpression";
    case ExpressionParameter::key_condition:
      return "KeyConditionExpression";
    case ExpressionParameter::projection:
      return "ProjectionExpression";
    case ExpressionParameter::update:
      break;
  }
  return "UpdateExpression";
}

Result<ExpressionNode> compile_condition(ExpressionParameter parameter, std::string_view text,
                                         Placeholders& placeholders) {
  return compile_parameter(parameter, text, [&]() -> Result<ExpressionNode> {
    PAGETURNER_ASSIGN_OR_RETURN(ExpressionNode node,
                                parse_cached<ExpressionNode>(text, parse_condition));
    PAGETURNER_RETURN_IF_ERROR(placeholders.resolve(node));
    return node;
  });
}

Result<Update> compile_update(std::string_view text, Placeholders& placeholders) {
  return compile_parameter(ExpressionParameter::update, text, [&]() -> Result<Update> {
    PAGETURNER_ASSIGN_OR_RETURN(Update update, parse_cached<Update>(text, parse_update));
    for (UpdateAction& action : update) {
      PAGETURNER_RETURN_IF_ERROR(placeholders.resolve(action.path));
      if (action.kind == UpdateKind::remove) continue;
      PAGETURNER_RETURN_IF_ERROR(placeholders.resolve_unchecked(action.value));
    }
    PAGETURNER_RETURN_IF_ERROR(check_paths_disjoint(touched_paths(update)));
    PAGETURNER_RETURN_IF_ERROR(check_update_operands(update));
    return update;
  });
}

Result<std::vector<DocumentPath>> compile_projection(std::string_view text,
                                                     Placeholders& placeholders) {
  using Paths = std::vector<DocumentPath>;
  return compile_parameter(ExpressionParameter::projection, text, [&]() -> Result<Paths> {
    PAGETURNER_ASSIGN_OR_RETURN(Paths paths, parse_cached<Paths>(text, parse_projection));
    for (DocumentPath& path : paths) PAGETURNER_RETURN_IF_ERROR(placeholders.resolve(path));
    PAGETURNER_RETURN_IF_ERROR(check_paths_disjoint(paths));
    return paths;
  });
}

}  // namespace pageturner
