#include "bench/service_load.h"

#include <cstdio>
#include <stdexcept>

namespace pageturner {
namespace {

constexpr std::string_view authorization =
    "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/us-east-1/dynamodb/aws4_request, "
    "SignedHeaders=content-type;host;x-amz-date;x-amz-target, "
    "Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7";

constexpr unsigned page_items = 1'150;

std::string digits(unsigned number) {
  char text[16];
  std::snprintf(text, sizeof text, "%08u", number);
  return text;
}

std::string table_of(std::string_view name) {
  return R"({"TableName":")" + std::string(name) +
         R"(","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[{"AttributeName":"customer",)"
         R"("AttributeType":"S"},{"AttributeName":"order","AttributeType":"S"}],"KeySchema":[)"
         R"({"AttributeName":"customer","KeyType":"HASH"},{"AttributeName":"order","KeyType":)"
         R"("RANGE"}]})";
}

}  // namespace

RequestHead signed_head(std::string_view target) {
  return {.method = "POST",
          .path = "/",
          .host = "localhost:8010",
          .target = target,
          .content_type = "application/x-amz-json-1.0",
          .authorization = authorization,
          .amz_date = "20260101T000000Z"};
}

std::string key_members(unsigned customer, unsigned order) {
  return R"("customer":{"S":"customer-)" + digits(customer) + R"("},"order":{"S":"order-)" +
         digits(order) + R"("})";
}

std::string item_members(unsigned customer, unsigned order) {
  return key_members(customer, order) + R"(,"kind":{"N":")" +
         std::to_string(order % items_a_partition) +
         R"("},"total":{"N":"1249.5"},"paid":{"BOOL":true},"note":{"S":"Leave it with the )"
         R"(neighbours if nobody is in"},"tags":{"SS":["gift","express"]},"address":{"M":{"city":)"
         R"({"S":"Utrecht"},"zip":{"S":"3511"}}},"version":{"N":"1"})";
}

ServiceLoad::ServiceLoad(unsigned partitions) {
  const RequestHead create = signed_head("DynamoDB_20120810.CreateTable");
  const RequestHead put = signed_head("DynamoDB_20120810.PutItem");
  std::string out;
  run(create, table_of("orders"), out);
  run(create, table_of("pages"), out);
  for (unsigned customer = 0; customer < partitions; ++customer) {
    for (unsigned order = 0; order < items_a_partition; ++order) {
      run(put, R"({"TableName":"orders","Item":{)" + item_members(customer, order) + "}}", out);
    }
  }
  const std::string padding(720, 'x');
  for (unsigned order = 0; order < page_items; ++order) {
    run(put,
        R"({"TableName":"pages","Item":{)" + item_members(0, order) + R"(,"text":{"S":")" +
            padding + R"("}}})",
        out);
  }
}

void ServiceLoad::run(const RequestHead& head, std::string_view body, std::string& out) {
  out.clear();
  const ResponseHead response_head = service_.handle(head, body, out);
  if (response_head.status != 200) throw std::runtime_error(std::string(head.target) + ": " + out);
}

}  // namespace pageturner
