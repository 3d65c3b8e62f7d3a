// Why: a program that tests its handling of wrong keys needs an emulator that rejects them, and
// that reports the first of several errors in the service's order. Source: the contract in
// include/pageturner/emulator.h; recorded responses of the service for the order.
#include <gtest/gtest.h>

#include <chrono>
#include <ctime>
#include <string>

#include "pageturner/emulator.h"
#include "protocol/signature_v4.h"
#include "tests/support/http_client.h"

namespace pageturner {
namespace {

const AccessKey key = {"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"};
const AccessKey temporary_key = {"ASIDEXAMPLE", "another secret", "its token"};

std::string time_now() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  char text[32];
  return {text, std::strftime(text, sizeof text, "%Y%m%dT%H%M%SZ", &parts)};
}

class AccessControlTest : public ::testing::Test {
 protected:
  AccessControlTest() : emulator_(options()), client_(emulator_.port()) {}

  static EmulatorOptions options() {
    EmulatorOptions options;
    options.access_keys = {key, temporary_key};
    return options;
  }

  // Returns a ListTables request signed with `access_key`.
  HttpRequest list_tables(const AccessKey& access_key) const {
    HttpRequest request = signed_request("ListTables", "{}");
    Signature signature{.time = time_now(), .signed_headers = {"host", "x-amz-date"}};
    signature.scope = signature.time.substr(0, 8) + "/eu-west-1/dynamodb/aws4_request";
    const std::string lines = "Host: localhost:" + std::to_string(emulator_.port()) +
                              "\r\nX-Amz-Date: " + signature.time + "\r\n";
    const std::string value =
        sign(signature, {request.method, request.path, lines, request.body}, access_key.secret);
    for (auto& [name, text] : request.headers) {
      if (name == "X-Amz-Date") text = signature.time;
      if (name == "Authorization") {
        text = "AWS4-HMAC-SHA256 Credential=" + access_key.id + "/" + signature.scope +
               ", SignedHeaders=host;x-amz-date, Signature=" + value;
      }
    }
    if (!access_key.session_token.empty()) {
      request.headers.emplace_back("X-Amz-Security-Token", access_key.session_token);
    }
    return request;
  }

  // Returns the error type of the response without its prefix, or the body of any other response.
  std::string error_of(const HttpRequest& request) {
    const HttpResponse response = client_.send(request);
    const std::string begin = R"({"__type":"com.amazon.coral.service#)";
    if (!response.body.starts_with(begin)) return response.body;
    return response.body.substr(begin.size(), response.body.find('"', begin.size()) - begin.size());
  }

  Emulator emulator_;
  HttpClient client_;
};

TEST_F(AccessControlTest, AcceptsRequestsSignedWithAKey) {
  EXPECT_EQ(error_of(list_tables(key)), R"({"TableNames":[]})");
  EXPECT_EQ(error_of(list_tables(temporary_key)), R"({"TableNames":[]})");
}

TEST_F(AccessControlTest, RejectsOtherRequests) {
  EXPECT_EQ(error_of(list_tables({"AKIDOTHER", key.secret})), "UnrecognizedClientException");
  EXPECT_EQ(error_of(list_tables({key.id, "guessed"})), "InvalidSignatureException");
  EXPECT_EQ(error_of(list_tables({key.id, key.secret, "token"})), "UnrecognizedClientException");
  EXPECT_EQ(error_of(list_tables({temporary_key.id, temporary_key.secret})),
            "UnrecognizedClientException");
  EXPECT_EQ(error_of(signed_request("ListTables", "{}")), "InvalidSignatureException");
}

// The first error is reported in the order: operation, JSON, signature, types.
TEST_F(AccessControlTest, ChecksInTheServicesOrder) {
  const AccessKey wrong = {key.id, "guessed"};
  HttpRequest request = list_tables(wrong);
  request.body = "{";
  EXPECT_EQ(error_of(request), "SerializationException");
  request.body = R"({"Limit":"no number"})";
  EXPECT_EQ(error_of(request), "InvalidSignatureException");
  request = list_tables(wrong);
  for (auto& [name, text] : request.headers) {
    if (name == "X-Amz-Target") text = "DynamoDB_20120810.NoSuchOperation";
  }
  EXPECT_EQ(error_of(request), "UnknownOperationException");
}

TEST_F(AccessControlTest, DoesNotApplyToInProcessCalls) {
  EXPECT_EQ(emulator_.call("ListTables", "{}").body, R"({"TableNames":[]})");
}

}  // namespace
}  // namespace pageturner
