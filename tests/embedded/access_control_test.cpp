// Why: a program that tests its handling of wrong keys needs an emulator that rejects them, and
// that reports the first of several errors in the service's order. Source: the contract in
// include/pageturner/emulator.h; recorded responses of the service for the order.
#include <gtest/gtest.h>

#include <string>

#include "pageturner/emulator.h"
#include "tests/support/http_client.h"

namespace pageturner {
namespace {

const AccessKey key = {"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"};
const AccessKey temporary_key = {"ASIDEXAMPLE", "another secret", "its token"};

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
    sign_request(request, client_.host_header(), access_key, "eu-west-1");
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

// The first error is reported in the order: signature, JSON, operation, types.
TEST_F(AccessControlTest, ChecksTheSignatureFirst) {
  const struct {
    const char* target;
    const char* body;
    const char* error;
  } rows[] = {
      {"ListTables", "", "SerializationException"},
      {"NoSuchOperation", "{", "SerializationException"},
      {"NoSuchOperation", R"({"Limit":"no number"})", "UnknownOperationException"},
      {"ListTables", R"({"Limit":"no number"})", "SerializationException"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(std::string(row.target) + " " + row.body);
    HttpRequest request = signed_request(row.target, row.body);
    sign_request(request, client_.host_header(), {key.id, "guessed"}, "eu-west-1");
    EXPECT_EQ(error_of(request), "InvalidSignatureException");
    request = signed_request(row.target, row.body);
    sign_request(request, client_.host_header(), key, "eu-west-1");
    EXPECT_EQ(error_of(request), row.error);
  }
}

TEST_F(AccessControlTest, DoesNotApplyToInProcessCalls) {
  EXPECT_EQ(emulator_.call("ListTables", "{}").body, R"({"TableNames":[]})");
}

}  // namespace
}  // namespace pageturner
