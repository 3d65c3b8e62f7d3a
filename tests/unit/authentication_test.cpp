// Why: the service rejects requests without authentication data, and tests of clients rely on it.
// Without configured access keys Pageturner checks its presence only. Source: recorded responses of
// the service.
#include "protocol/authentication.h"

#include <gtest/gtest.h>

#include <string>

namespace pageturner {
namespace {

constexpr std::string_view scope = "AKID/20260101/eu-west-1/dynamodb/aws4_request";
const std::string header = "AWS4-HMAC-SHA256 Credential=" + std::string(scope) +
                           ", SignedHeaders=host;x-amz-date, Signature=abc";
constexpr std::string_view query =
    "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKID%2F20260101%2Feu-west-3%2Fdynamodb%"
    "2Faws4_request&X-Amz-Date=20260101T000000Z&X-Amz-SignedHeaders=host&X-Amz-Signature=abc";

TEST(Authentication, AcceptsAnyKeyAndSignature) {
  const std::string no_blanks =
      "AWS4-HMAC-SHA256 Credential=a/b,SignedHeaders=host,Signature=whatever";
  EXPECT_TRUE(check_credentials({header, "", true}));
  EXPECT_TRUE(check_credentials({no_blanks, "", true}));
  EXPECT_TRUE(check_credentials({"", query, false}));
}

TEST(Authentication, ReportsMissingParts) {
  const std::string needs = "Authorization header requires ";
  const std::string date = needs + "existence of either a 'X-Amz-Date' or a 'Date' header. ";
  const struct {
    Credentials credentials;
    ErrorType type;
    std::string message;
  } rows[] = {
      {{"", "", true},
       ErrorType::missing_authentication_token,
       "Request is missing Authentication Token"},
      {{"Basic abc", "", true},
       ErrorType::missing_authentication_token,
       "Request is missing Authentication Token"},
      {{"AWS4-", "", false},
       ErrorType::incomplete_signature,
       needs + "'Credential' parameter. " + needs + "'Signature' parameter. " + needs +
           "'SignedHeaders' parameter. " + date + "Authorization=AWS4-"},
      {{header, "", false}, ErrorType::incomplete_signature, date + "Authorization=" + header},
      {{"AWS4-HMAC-SHA256 Signature=b", "", true},
       ErrorType::incomplete_signature,
       needs + "'Credential' parameter. " + needs +
           "'SignedHeaders' parameter. Authorization=AWS4-HMAC-SHA256 Signature=b"},
      {{"", "X-Amz-Algorithm", true},
       ErrorType::incomplete_signature,
       "AWS query-string parameters must include 'X-Amz-Algorithm'. AWS query-string parameters "
       "must include 'X-Amz-Credential'. AWS query-string parameters must include "
       "'X-Amz-Signature'. AWS query-string parameters must include 'X-Amz-SignedHeaders'. AWS "
       "query-string parameters must include 'X-Amz-Date'. Re-examine the query-string "
       "parameters."},
      {{header, query, true},
       ErrorType::invalid_signature,
       "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header."},
  };
  for (const auto& row : rows) {
    const auto checked = check_credentials(row.credentials);
    ASSERT_FALSE(checked) << row.message;
    EXPECT_EQ(checked.error().type, row.type);
    EXPECT_EQ(checked.error().message, row.message);
  }
}

TEST(Authentication, FindsTheRegionInTheCredentialScope) {
  const struct {
    std::string authorization;
    std::string_view query;
    std::string_view region;
  } rows[] = {
      {header, "", "eu-west-1"},
      {"", query, "eu-west-3"},
      {"", "X-Amz-Credential=AKID/20260101/ap-south-1/dynamodb/aws4_request", "ap-south-1"},
      {"", "", "us-east-1"},
      {"AWS4-HMAC-SHA256 Credential=AKID", "", "us-east-1"},
      {"AWS4-HMAC-SHA256 Credential=AKID/20260101", "", "us-east-1"},
      {"AWS4-HMAC-SHA256 Credential=AKID/20260101//dynamodb", "", "us-east-1"},
      {"AWS4-HMAC-SHA256 Credential=AKID/20260101/local", "", "local"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(region_of({row.authorization, row.query, true}), row.region) << row.authorization;
  }
}

}  // namespace
}  // namespace pageturner
