// ListExports: newest first, in pages. With TableArn: the exports of that table since its creation.
// api: ListExports.
#include "protocol/arn.h"
#include "server/operations/operation.h"
#include "server/operations/parameters.h"
#include "server/operations/transfers/transfer.h"
#include "server/operations/transfers/transfer_registry.h"

namespace pageturner {

Result<void> list_exports(Database& database, const Request& request, std::string& out) {
  PAGETURNER_ASSIGN_OR_RETURN(const TransferPage page,
                              parse_transfer_page(request.body, "MaxResults"));
  const auto arn = request.body.find("TableArn");
  const TablePointer table =
      arn ? database.catalog().find(table_name_of(arn->as_string())) : nullptr;
  const auto matches = [&](const Export& record) {
    return !arn || (table != nullptr && table->description.id == record.table_id);
  };
  ObjectWriter object(out);
  append_transfer_page(object, "ExportSummaries", request.transfers.exports().all(), page, matches,
                       [&](std::string& list, const Export& record) {
                         ObjectWriter summary(list);
                         summary.text("ExportArn", transfer_arn(record, request.region));
                         summary.text("ExportStatus", transfer_status(database, record));
                         summary.text("ExportType", "FULL_EXPORT");
                       });
  return {};
}

}  // namespace pageturner
