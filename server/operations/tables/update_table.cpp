// UpdateTable: changes a table. The change is complete when the response is sent, but is shown as
// in progress for the transition time. api: UpdateTable.
#include "server/operations/named_table.h"
#include "server/operations/operation.h"
#include "server/operations/tables/table_change.h"
#include "server/operations/tables/table_output.h"
#include "server/operations/tables/transition_conflicts.h"
#include "storage/clock.h"

namespace pageturner {

Result<void> update_table(Database& database, const Request& request, std::string& out) {
  PAGETURNER_RETURN_IF_ERROR(check_table_name_given(request.body));
  PAGETURNER_RETURN_IF_ERROR(check_table_change(request.body));
  PAGETURNER_ASSIGN_OR_RETURN(const TablePointer table, find_named_table(database, request.body));
  const ChangeTime time{now_milliseconds(), database.options().transition_milliseconds};
  PAGETURNER_RETURN_IF_ERROR(
      check_changeable(table->description, request.body, time.now_milliseconds));
  PAGETURNER_ASSIGN_OR_RETURN(
      TableDescription description,
      changed_table(table->description, request.body, time, request.region));
  PAGETURNER_ASSIGN_OR_RETURN(const TablePointer changed,
                              database.change_table(table, std::move(description)));
  append_table_description(ObjectWriter(out).member("TableDescription"), *changed, request.region,
                           DescriptionUse::update_table);
  return {};
}

}  // namespace pageturner
