// Why: an SDK meets the protocol before it meets any operation: targets, content types, signatures,
// preflights of browsers. What only HTTP has is tested here, the rest in the tables. Source:
// answers recorded on the live service.
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/crc.hpp>
#include <string>

#include "pageturner/emulator.h"
#include "tests/support/http_client.h"

namespace pageturner {
namespace {

constexpr const char* not_found_body = "<UnknownOperationException/>\n";
constexpr const char* no_tables = R"({"TableNames":[]})";

std::string error_body(const std::string& name, const std::string& message = "") {
  std::string body = R"({"__type":"com.amazon.coral.service#)" + name + '"';
  if (!message.empty()) body += R"(,"message":")" + message + '"';
  return body + "}";
}

std::string checksum(const std::string& body) {
  boost::crc_32_type crc;
  crc.process_bytes(body.data(), body.size());
  return std::to_string(crc.checksum());
}

class ProtocolTest : public ::testing::Test {
 protected:
  HttpResponse send(const HttpRequest& request) {
    HttpResponse response = client_.send(request);
    EXPECT_EQ(response.header("x-amzn-requestid").size(), 52U);
    return response;
  }

  // ListTables as a client sends it, to be spoilt.
  static HttpRequest list_tables() { return signed_request("ListTables", "{}"); }

  static void set_header(HttpRequest& request, const std::string& name, const std::string& value) {
    remove_header(request, name);
    request.headers.emplace_back(name, value);
  }
  static void remove_header(HttpRequest& request, const std::string& name) {
    std::erase_if(request.headers, [&](const auto& header) { return header.first == name; });
  }

  void expect_error(const HttpRequest& request, const std::string& body) {
    const HttpResponse response = send(request);
    EXPECT_EQ(response.status, 400U);
    EXPECT_EQ(response.body, body);
    EXPECT_EQ(response.header("x-amz-crc32"), checksum(body));
  }
  void expect_not_found(const HttpRequest& request) {
    const HttpResponse response = send(request);
    EXPECT_EQ(response.status, 404U);
    EXPECT_EQ(response.body, not_found_body);
    EXPECT_EQ(response.header("x-amz-crc32"), "3552371480");
  }
  void expect_tables(const HttpRequest& request) {
    const HttpResponse response = send(request);
    EXPECT_EQ(response.status, 200U);
    EXPECT_EQ(response.body, no_tables);
  }

  Emulator emulator_;
  HttpClient client_{emulator_.port()};
};

TEST_F(ProtocolTest, AnswersHaveTheHeadersOfTheService) {
  const HttpResponse response = send(list_tables());
  EXPECT_EQ(response.status, 200U);
  EXPECT_EQ(response.body, no_tables);
  EXPECT_EQ(response.header("content-type"), "application/x-amz-json-1.0");
  EXPECT_EQ(response.header("content-length"), std::to_string(response.body.size()));
  EXPECT_EQ(response.header("x-amz-crc32"), checksum(response.body));
  EXPECT_EQ(response.header("server"), "Server");
  EXPECT_TRUE(response.header("date").ends_with(" GMT")) << response.header("date");
}

TEST_F(ProtocolTest, RequestIdsDiffer) {
  const std::string first = send(list_tables()).header("x-amzn-requestid");
  const std::string second = send(list_tables()).header("x-amzn-requestid");
  EXPECT_NE(first, second);
  const auto is_id_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); };
  EXPECT_TRUE(std::all_of(first.begin(), first.end(), is_id_digit)) << first;
}

TEST_F(ProtocolTest, GetIsAHealthCheckThatTellsTheRegion) {
  HttpRequest request{.method = "GET"};
  HttpResponse response = send(request);
  EXPECT_EQ(response.status, 200U);
  EXPECT_EQ(response.body, "healthy: dynamodb.us-east-1.amazonaws.com ");
  EXPECT_EQ(response.header("x-amz-crc32"), checksum(response.body));

  set_header(request, "Authorization",
             "AWS4-HMAC-SHA256 Credential=a/20260102/eu-west-3/dynamodb/aws4_request, "
             "SignedHeaders=host, Signature=0");
  EXPECT_EQ(send(request).body, "healthy: dynamodb.eu-west-3.amazonaws.com ");
}

// Only `/` is a health check: on the service all other paths are unknown.
TEST_F(ProtocolTest, OtherPathsAreNotFound) {
  for (const char* method : {"GET", "HEAD"}) {
    for (const char* path : {"/health", "/index.html", "/shell/", "//", "/metrics/x"}) {
      SCOPED_TRACE(std::string(method) + " " + path);
      const HttpResponse response = send({.method = method, .path = path});
      EXPECT_EQ(response.status, 404U);
      EXPECT_EQ(response.body, std::string(method) == "GET" ? not_found_body : "");
    }
  }
  EXPECT_EQ(send({.method = "GET", .path = "/?x=1"}).status, 200U);
}

TEST_F(ProtocolTest, OtherMethodsAreNotFound) {
  for (const char* method : {"PUT", "DELETE", "OPTIONS"}) {
    SCOPED_TRACE(method);
    HttpRequest request = list_tables();
    request.method = method;
    expect_not_found(request);
  }
}

TEST_F(ProtocolTest, ContentTypesOfJsonAreTaken) {
  const struct {
    const char* sent;
    const char* answered;
  } rows[] = {
      {"application/x-amz-json-1.0", "application/x-amz-json-1.0"},
      {"application/json", "application/json"},
      {"application/x-amz-json-1.0; charset=utf-8", "application/x-amz-json-1.0"},
      {"  application/json  ;asfsdfsdf", "application/json"},
      {"application/json;", "application/json"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.sent);
    HttpRequest request = list_tables();
    set_header(request, "Content-Type", row.sent);
    const HttpResponse response = send(request);
    EXPECT_EQ(response.status, 200U);
    EXPECT_EQ(response.header("content-type"), row.answered);
  }
}

TEST_F(ProtocolTest, OtherContentTypesAreNotFound) {
  for (const char* type : {"whatever", "application/x-amz-json-1.1", "application/jsonasdf"}) {
    SCOPED_TRACE(type);
    HttpRequest request = list_tables();
    set_header(request, "Content-Type", type);
    expect_not_found(request);
  }
  HttpRequest request = list_tables();
  remove_header(request, "Content-Type");
  expect_not_found(request);
}

TEST_F(ProtocolTest, UnknownTargetsAreUnknownOperations) {
  const std::string unknown = error_body("UnknownOperationException");
  for (const char* target : {"whatever", "DynamoDB_20120810.ListTable", "DynamoDB_20120810.",
                             "ListTables", "DynamoDB_20111205.ListTables"}) {
    SCOPED_TRACE(target);
    HttpRequest request = list_tables();
    set_header(request, "X-Amz-Target", target);
    expect_error(request, unknown);
  }
  HttpRequest request = list_tables();
  remove_header(request, "X-Amz-Target");
  expect_error(request, unknown);
}

TEST_F(ProtocolTest, AnUnknownOperationIsToldBeforeMissingAuthentication) {
  HttpRequest request = list_tables();
  remove_header(request, "X-Amz-Target");
  remove_header(request, "Authorization");
  expect_error(request, error_body("UnknownOperationException"));
  request.body.clear();
  expect_error(request, error_body("UnknownOperationException"));
}

// Without a target, with an unknown one and without authentication.
TEST_F(ProtocolTest, ABodyThatIsNoJsonIsToldFirst) {
  const std::string serialization = error_body("SerializationException");
  HttpRequest request = list_tables();
  request.body = "hi";
  set_header(request, "X-Amz-Target", "whatever");
  expect_error(request, serialization);
  remove_header(request, "X-Amz-Target");
  expect_error(request, serialization);
  request = list_tables();
  request.body = "hi";
  remove_header(request, "Authorization");
  expect_error(request, serialization);
}

TEST_F(ProtocolTest, AnEmptyBodyIsNoJsonButIsToldAfterAuthentication) {
  HttpRequest request = list_tables();
  request.body.clear();
  expect_error(request, error_body("SerializationException"));
  remove_header(request, "Authorization");
  expect_error(request, error_body("MissingAuthenticationTokenException",
                                   "Request is missing Authentication Token"));
}

TEST_F(ProtocolTest, RequestsHaveToBeSigned) {
  const std::string missing =
      error_body("MissingAuthenticationTokenException", "Request is missing Authentication Token");
  HttpRequest request = list_tables();
  remove_header(request, "Authorization");
  expect_error(request, missing);
  for (const char* value : {"AWS4", "X", "Bearer abc"}) {
    SCOPED_TRACE(value);
    set_header(request, "Authorization", value);
    expect_error(request, missing);
  }
  remove_header(request, "Authorization");
  request.path = "/?X-Amz-Credential=a&X-Amz-Signature=b&X-Amz-SignedHeaders=c&X-Amz-Date=d";
  expect_error(request, missing);
}

TEST_F(ProtocolTest, AnySignatureWillDo) {
  HttpRequest request = list_tables();
  for (const char* value : {"AWS4-HMAC-SHA256 Credential=a, SignedHeaders=b, Signature=c",
                            "AWS4-HMAC-SHA256 Credential=a,SignedHeaders=b,Signature=c",
                            "AWS4-HMAC-SHA256 Signature=c SignedHeaders=b Credential=a"}) {
    SCOPED_TRACE(value);
    set_header(request, "Authorization", value);
    expect_tables(request);
  }
}

TEST_F(ProtocolTest, ASignatureInTheQueryStringWillDo) {
  HttpRequest request = list_tables();
  remove_header(request, "Authorization");
  remove_header(request, "X-Amz-Date");
  request.path =
      "/?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=a&X-Amz-Signature=b"
      "&X-Amz-SignedHeaders=c&X-Amz-Date=d";
  expect_tables(request);
}

TEST_F(ProtocolTest, WhatASignatureLacksIsTold) {
  const std::string credential = "Authorization header requires 'Credential' parameter. ";
  const std::string signature = "Authorization header requires 'Signature' parameter. ";
  const std::string headers = "Authorization header requires 'SignedHeaders' parameter. ";
  const std::string date =
      "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ";
  HttpRequest request = list_tables();
  const auto expect_lack = [&](const std::string& value, const std::string& message) {
    SCOPED_TRACE(value);
    set_header(request, "Authorization", value);
    expect_error(request,
                 error_body("IncompleteSignatureException", message + "Authorization=" + value));
  };
  expect_lack("AWS4-HMAC-SHA256 Signature=b, SignedHeaders=c", credential);
  expect_lack("AWS4-HMAC-SHA256 Credential=a, SignedHeaders=c", signature);
  expect_lack("AWS4-HMAC-SHA256 Credential=a, Signature=b", headers);
  expect_lack("AWS4-HMAC-SHA256 Credential=, Signature=b", credential + headers);
  remove_header(request, "X-Amz-Date");
  expect_lack("AWS4-", credential + signature + headers + date);
  expect_lack("AWS4-HMAC-SHA256 Credential=a, Signature=b, SignedHeaders=c", date);

  set_header(request, "Date", "Fri, 02 Jan 2026 03:04:05 GMT");
  expect_tables(request);
}

TEST_F(ProtocolTest, WhatAQueryStringLacksIsTold) {
  HttpRequest request = list_tables();
  remove_header(request, "Authorization");
  request.path = "/?X-Amz-Algorithm";
  std::string message;
  for (const char* name : {"Algorithm", "Credential", "Signature", "SignedHeaders", "Date"}) {
    message += "AWS query-string parameters must include 'X-Amz-" + std::string(name) + "'. ";
  }
  expect_error(request, error_body("IncompleteSignatureException",
                                   message + "Re-examine the query-string parameters."));
  request.path = "/?X-Amz-Algorithm=a&X-Amz-Credential=b&X-Amz-Signature=c&X-Amz-SignedHeaders=d";
  expect_error(request,
               error_body("IncompleteSignatureException",
                          "AWS query-string parameters must include 'X-Amz-Date'. Re-examine the "
                          "query-string parameters."));
}

TEST_F(ProtocolTest, TwoSignaturesAreOneTooMany) {
  HttpRequest request = list_tables();
  request.path = "/?X-Amz-Algorithm=a";
  expect_error(request, error_body("InvalidSignatureException",
                                   "Found both 'X-Amz-Algorithm' as a query-string param and "
                                   "'Authorization' as HTTP header."));
}

TEST_F(ProtocolTest, APreflightIsAnswered) {
  const HttpRequest request{.method = "OPTIONS",
                            .headers = {{"Origin", "http://localhost:3000"},
                                        {"Access-Control-Request-Headers", "x-amz-target, foo"},
                                        {"Access-Control-Request-Method", "POST"}}};
  const HttpResponse response = send(request);
  EXPECT_EQ(response.status, 200U);
  EXPECT_EQ(response.body, "");
  EXPECT_EQ(response.header("access-control-allow-origin"), "http://localhost:3000");
  EXPECT_EQ(response.header("vary"), "Origin");
  EXPECT_EQ(response.header("access-control-max-age"), "172800");
  EXPECT_EQ(response.header("access-control-allow-headers"), "x-amz-target, foo");
  EXPECT_EQ(response.header("access-control-allow-methods"), "POST");
}

TEST_F(ProtocolTest, PagesOfThisMachineMayReadAnswersAndErrors) {
  HttpRequest request = list_tables();
  set_header(request, "Origin", "http://localhost:3000");
  EXPECT_EQ(send(request).header("access-control-allow-origin"), "http://localhost:3000");
  set_header(request, "X-Amz-Target", "whatever");
  EXPECT_EQ(send(request).header("access-control-allow-origin"), "http://localhost:3000");
  remove_header(request, "Origin");
  EXPECT_EQ(send(request).header("access-control-allow-origin"), "");
}

// A web page could read and write the tables of its visitor otherwise.
TEST_F(ProtocolTest, OtherPagesAreRefused) {
  HttpRequest request = list_tables();
  set_header(request, "Origin", "https://evil.example");
  for (const char* method : {"POST", "OPTIONS", "GET"}) {
    request.method = method;
    const HttpResponse response = send(request);
    EXPECT_EQ(response.status, 403U) << method;
    EXPECT_EQ(response.header("access-control-allow-origin"), "");
    EXPECT_EQ(
        response.body,
        R"({"__type":"com.amazon.coral.service#AccessDeniedException","Message":"Requests of )"
        R"(browsers with Origin 'https://evil.example' are refused. The flag --cors allows )"
        R"(more: --cors https://evil.example"})");
  }
}

TEST_F(ProtocolTest, ArnsHaveTheRegionOfTheCredential) {
  HttpRequest request = signed_request(
      "CreateTable", R"({"TableName":"Tab","BillingMode":"PAY_PER_REQUEST",)"
                     R"("AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"}],)"
                     R"("KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}]})");
  set_header(request, "Authorization",
             "AWS4-HMAC-SHA256 Credential=a/20260102/eu-west-3/dynamodb/aws4_request, "
             "SignedHeaders=host, Signature=0");
  const std::string arn = "arn:aws:dynamodb:eu-west-3:000000000000:table/Tab";
  EXPECT_NE(send(request).body.find(arn), std::string::npos);

  // Another region, another key: the same table.
  const HttpRequest describe = signed_request("DescribeTable", R"({"TableName":"Tab"})");
  const HttpResponse response = send(describe);
  EXPECT_EQ(response.status, 200U);
  EXPECT_NE(response.body.find("arn:aws:dynamodb:us-east-1:"), std::string::npos) << response.body;
}

TEST_F(ProtocolTest, EndpointDiscoveryLeadsBackHere) {
  const HttpResponse response = send(signed_request("DescribeEndpoints", "{}"));
  EXPECT_EQ(response.body, R"({"Endpoints":[{"Address":")" + client_.host_header() +
                               R"(","CachePeriodInMinutes":1440}]})");
}

TEST_F(ProtocolTest, ABodyOfMoreThan16MegabytesIsRefused) {
  constexpr std::size_t body_bytes_max = 16 * 1024 * 1024;
  HttpRequest request = list_tables();
  request.body = "{}" + std::string(body_bytes_max - 2, ' ');
  expect_tables(request);
  request.body += ' ';
  EXPECT_EQ(send(request).status, 413U);
}

}  // namespace
}  // namespace pageturner
