// TransactGetItems: returns several items as of one point in time. api: TransactGetItems.
#include "server/operations/items/item_key.h"
#include "server/operations/operation.h"
#include "server/operations/parameters.h"
#include "server/operations/transactions/transaction.h"
#include "server/operations/transactions/transaction_read.h"

namespace pageturner {
namespace {

// A read before its table is known. `table_name` is a view into the document of the request.
struct GetRequest {
  std::string_view table_name;
  Item key_attributes;
  std::optional<ProjectedPaths> paths;
};

Result<GetRequest> parse_get(JsonValue json) {
  PAGETURNER_RETURN_IF_ERROR(
      check_placeholders_have_expressions(json, {"ProjectionExpression"}, {}));
  GetRequest get{.table_name = text_parameter(json, "TableName")};
  PAGETURNER_ASSIGN_OR_RETURN(get.key_attributes, parse_key_parameter(json));
  PAGETURNER_ASSIGN_OR_RETURN(Placeholders placeholders, parse_names(json));
  PAGETURNER_ASSIGN_OR_RETURN(
      get.paths, parse_projection_parameter(json, placeholders, LegacyParameters::ignored));
  PAGETURNER_RETURN_IF_ERROR(placeholders.check_all_used());
  return get;
}

Result<std::vector<GetRequest>> parse_gets(JsonValue elements) {
  std::vector<GetRequest> requests;
  for (const JsonValue element : elements.elements()) {
    PAGETURNER_ASSIGN_OR_RETURN(GetRequest request, parse_get(element.find("Get").value()));
    requests.push_back(std::move(request));
  }
  return requests;
}

// Finds the table and the key of each read. The order of the checks is that of TransactWriteItems.
Result<std::vector<TransactionGet>> find_items(const Database& database,
                                               const std::vector<GetRequest>& requests) {
  std::vector<TransactionGet> gets(requests.size());
  for (std::size_t i = 0; i < requests.size(); ++i) {
    PAGETURNER_ASSIGN_OR_RETURN(gets[i].table, database.find_table(requests[i].table_name));
  }
  std::vector<Result<void>> reasons(gets.size());
  bool canceled = false;
  for (std::size_t i = 0; i < gets.size(); ++i) {
    TransactionGet& get = gets[i];
    const auto& paths = requests[i].paths;
    if (paths) PAGETURNER_RETURN_IF_ERROR(check_paths_into_keys(*get.table, paths->paths));
    if (paths) get.projection.emplace(*paths);
    Result<std::string> key = key_of_request(*get.table, requests[i].key_attributes);
    if (key) {
      get.key = *std::move(key);
    } else if (!cancels_transaction(key.error())) {
      return std::move(key).error();
    } else if (!canceled) {
      canceled = true;
      reasons[i] = std::move(key).error();
    }
  }
  if (canceled) return transaction_canceled(reasons);
  PAGETURNER_RETURN_IF_ERROR(check_distinct_gets(gets));
  return gets;
}

}  // namespace

Result<void> transact_get_items(Database& database, const Request& request, std::string& out) {
  PAGETURNER_ASSIGN_OR_RETURN(const std::vector<GetRequest> requests,
                              parse_gets(request.body.find("TransactItems").value()));
  PAGETURNER_ASSIGN_OR_RETURN(const std::vector<TransactionGet> gets,
                              find_items(database, requests));
  return get_and_respond(database, request.body, gets, out);
}

}  // namespace pageturner
