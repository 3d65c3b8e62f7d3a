// ListImports: newest first, in pages. Imports are kept after their tables are deleted. api:
// ListImports.
#include "protocol/arn.h"
#include "server/operations/operation.h"
#include "server/operations/parameters.h"
#include "server/operations/transfers/transfer.h"
#include "server/operations/transfers/transfer_registry.h"

namespace pageturner {

Result<void> list_imports(Database& database, const Request& request, std::string& out) {
  PAGETURNER_ASSIGN_OR_RETURN(const TransferPage page,
                              parse_transfer_page(request.body, "PageSize"));
  const auto arn = request.body.find("TableArn");
  const auto matches = [&](const Import& record) {
    return !arn || table_name_of(arn->as_string()) == record.table_name;
  };
  ObjectWriter object(out);
  append_transfer_page(object, "ImportSummaryList", request.transfers.imports().all(), page,
                       matches, [&](std::string& list, const Import& record) {
                         const std::string_view status = transfer_status(database, record);
                         ObjectWriter summary(list);
                         summary.text("CloudWatchLogGroupArn",
                                      import_log_group_arn(request.region));
                         if (status != "IN_PROGRESS")
                           summary.time("EndTime", record.ended_milliseconds);
                         summary.text("ImportArn", transfer_arn(record, request.region));
                         summary.text("ImportStatus", status);
                         summary.text("InputFormat", record.format);
                         write_bucket_source(summary, record.location);
                         summary.time("StartTime", record.started_milliseconds);
                         summary.text("TableArn", table_arn(record.table_name, request.region));
                       });
  return {};
}

}  // namespace pageturner
