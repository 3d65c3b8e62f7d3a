// CreateTable: creates a table. It can be used when the response is sent; its status is ACTIVE
// unless transitions take time (DatabaseOptions). api: CreateTable.
#include "server/operations/named_table.h"
#include "server/operations/operation.h"
#include "server/operations/resource_policy.h"
#include "server/operations/tables/table_input.h"
#include "server/operations/tables/table_output.h"

namespace pageturner {

Result<void> create_table(Database& database, const Request& request, std::string& out) {
  PAGETURNER_RETURN_IF_ERROR(check_table_name_given(request.body));
  PAGETURNER_ASSIGN_OR_RETURN(TableDescription description, parse_table(request.body));
  begin_table(description, database.options().transition_milliseconds);
  if (const auto policy = request.body.find("ResourcePolicy")) {
    PAGETURNER_ASSIGN_OR_RETURN(std::string text, parse_policy(policy->as_string()));
    description.settings.policy = ResourcePolicy{std::move(text), next_revision({})};
  }
  PAGETURNER_ASSIGN_OR_RETURN(const TablePointer table, database.add_table(std::move(description)));
  append_table_description(ObjectWriter(out).member("TableDescription"), *table, request.region,
                           DescriptionUse::create_table);
  return {};
}

}  // namespace pageturner
