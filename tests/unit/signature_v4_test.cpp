// Why: whoever turns the check on trusts it: no request may pass that its key's owner has not
// signed, and every request that a client signs by the rules has to. Source: AWS's published test
// suite for Signature Version 4 (names of its cases below); recorded answers of the service for the
// errors, their order and their texts.
#include "protocol/signature_v4.h"

#include <gtest/gtest.h>

#include <string>

#include "protocol/authentication.h"

namespace pageturner {
namespace {

constexpr std::string_view secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
constexpr std::chrono::sys_seconds signing_time =
    std::chrono::sys_days(std::chrono::year(2015) / 8 / 30) + std::chrono::hours(12) +
    std::chrono::minutes(36);
const std::string host_and_date = "Host: example.amazonaws.com\r\nX-Amz-Date: 20150830T123600Z\r\n";

struct Vector {
  const char* name;  // in the suite
  std::string_view method;
  std::string path;
  std::string more_headers;  // beside Host and X-Amz-Date, with their line ends
  std::set<std::string> more_names;
  std::string_view body;
  std::string signature;
};

// Requests as they are on the wire. The suite's folded value is left out: the HTTP side refuses
// such lines.
const Vector vectors[] = {
    {"get-vanilla",
     "GET",
     "/",
     "",
     {},
     "",
     "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
    {"get-header-key-duplicate",
     "GET",
     "/",
     "My-Header1: value2\r\nMy-Header1: value2\r\nMy-Header1: value1\r\n",
     {"my-header1"},
     "",
     "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea"},
    {"get-header-value-order",
     "GET",
     "/",
     "My-Header1:value4\r\nMy-Header1:value1\r\nMy-Header1:value3\r\nMy-Header1:value2\r\n",
     {"my-header1"},
     "",
     "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01"},
    {"get-header-value-trim",
     "GET",
     "/",
     "My-Header1:  value1 \r\nMy-Header2: \"a   b   c\"\t\r\n",
     {"my-header1", "my-header2"},
     "",
     "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"},
    {"get-unreserved",
     "GET",
     "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
     "",
     {},
     "",
     "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"},
    {"get-utf8",
     "GET",
     "/\u1234",
     "",
     {},
     "",
     "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"},
    {"get-vanilla-empty-query-key",
     "GET",
     "/?Param1=value1",
     "",
     {},
     "",
     "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb"},
    {"get-vanilla-query",
     "GET",
     "/?",
     "",
     {},
     "",
     "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
    {"get-vanilla-query-order-key-case",
     "GET",
     "/?Param2=value2&Param1=value1",
     "",
     {},
     "",
     "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"},
    {"get-vanilla-query-order-encoded",
     "GET",
     "/?Param-3=Value3&Param=Value2&%E1%88%B4=Value1",
     "",
     {},
     "",
     "371d3713e185cc334048618a97f809c9ffe339c62934c032af5a0e595648fcac"},
    {"get-vanilla-query-unreserved",
     "GET",
     "/?-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
     "=-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
     "",
     {},
     "",
     "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197"},
    {"get-vanilla-utf8-query",
     "GET",
     "/?%e1%88%b4=bar",
     "",
     {},
     "",
     "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04"},
    {"get-relative",
     "GET",
     "/example/..",
     "",
     {},
     "",
     "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
    {"get-relative-relative",
     "GET",
     "/example1/example2/../..",
     "",
     {},
     "",
     "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
    {"get-slash",
     "GET",
     "//",
     "",
     {},
     "",
     "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
    {"get-slash-dot-slash",
     "GET",
     "/./",
     "",
     {},
     "",
     "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
    {"get-vanilla-with-session-token",
     "GET",
     "/",
     "X-Amz-Security-Token:6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267\r\n",
     {"x-amz-security-token"},
     "",
     "07ec1639c89043aa0e3e2de82b96708f198cceab042d4a97044c66dd9f74e7f8"},
    {"post-vanilla",
     "POST",
     "/",
     "",
     {},
     "",
     "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
    {"post-header-key-sort",
     "POST",
     "/",
     "MY-HEADER1: value1\r\n",
     {"my-header1"},
     "",
     "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c"},
    {"post-header-value-case",
     "POST",
     "/",
     "My-Header1: VALUE1\r\n",
     {"my-header1"},
     "",
     "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d"},
    {"post-vanilla-query",
     "POST",
     "/?Param1=value1",
     "",
     {},
     "",
     "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11"},
    {"post-x-www-form-urlencoded",
     "POST",
     "/",
     "Content-Type: application/x-www-form-urlencoded\r\n",
     {"content-type"},
     "Param1=value1",
     "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"},
};

TEST(SignatureV4, SignsAsTheTestSuiteDoes) {
  for (const Vector& row : vectors) {
    Signature signature{.time = "20150830T123600Z",
                        .scope = "20150830/us-east-1/service/aws4_request"};
    signature.signed_headers = row.more_names;
    signature.signed_headers.insert({"host", "x-amz-date"});
    const std::string lines = host_and_date + row.more_headers;
    EXPECT_EQ(sign(signature, {row.method, row.path, lines, row.body}, secret), row.signature)
        << row.name;
  }
}

// The suite's post-vanilla as a presigned URL.
TEST(SignatureV4, SignsPresignedUrlsAsTheTestSuiteDoes) {
  const std::string path =
      "/?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20150830%2Fus-east-1%2F"
      "service%2Faws4_request&X-Amz-Date=20150830T123600Z&X-Amz-SignedHeaders=host&X-Amz-Expires="
      "3600&X-Amz-Signature=whatever";
  const Signature signature{.time = "20150830T123600Z",
                            .scope = "20150830/us-east-1/service/aws4_request",
                            .signed_headers = {"host"},
                            .is_presigned = true};
  EXPECT_EQ(sign(signature, {"POST", path, host_and_date, ""}, secret),
            "2ce6e6d2e0cf2f9d1b55fafec88cd20574c31dc2e7631979f71ba2310083e95b");
}

// A request of DynamoDB, whole and right until a test bends it.
struct Request {
  std::string algorithm = "AWS4-HMAC-SHA256";
  std::string credential = "AKIDEXAMPLE/20150830/eu-west-1/dynamodb/aws4_request";
  std::string signed_headers = "host;x-amz-date";
  std::string path = "/";
  std::string header_lines = host_and_date;
  std::string body = "{}";
  std::string value = "00";

  std::string authorization() const {
    return algorithm + " Credential=" + credential + ", SignedHeaders=" + signed_headers +
           ", Signature=" + value;
  }
  SignableRequest signable() const { return {"POST", path, header_lines, body}; }
  Result<Signature> read(std::chrono::seconds since_signing = {}) const {
    return read_signature(authorization(), signable(), signing_time + since_signing);
  }
  // Reads it and puts in the right signature.
  Signature read_signed() const {
    Signature signature = read().value();
    signature.value = sign(signature, signable(), secret);
    return signature;
  }
};

std::string message_of(const Result<Signature>& result) {
  return result ? ""
                : std::string(error_type_info(result.error().type).name) + ": " +
                      result.error().message;
}

TEST(SignatureV4, ReadsWhatTheRequestSays) {
  Request request;
  request.signed_headers = "Host;X-Amz-Date;X-Amz-Security-Token";
  request.header_lines += "x-amz-security-token: token\r\n";
  const Signature signature = request.read().value();
  EXPECT_EQ(signature.key_id, "AKIDEXAMPLE");
  EXPECT_EQ(signature.time, "20150830T123600Z");
  EXPECT_EQ(signature.scope, "20150830/eu-west-1/dynamodb/aws4_request");
  EXPECT_EQ(signature.signed_headers,
            (std::set<std::string>{"host", "x-amz-date", "x-amz-security-token"}));
  EXPECT_EQ(signature.value, "00");
  EXPECT_EQ(signature.session_token, "token");
  EXPECT_FALSE(signature.is_presigned);
}

TEST(SignatureV4, TakesTheTimeOfADateHeader) {
  for (const char* date :
       {"Sun, 30 Aug 2015 12:36:00 GMT", "Sun, 30 Aug 2015 12:36:00 -0000", "20150830T123600Z"}) {
    Request request;
    request.header_lines = "Host: a\r\nDate: " + std::string(date) + "\r\n";
    EXPECT_EQ(request.read().value().time, "20150830T123600Z") << date;
  }
}

TEST(SignatureV4, RefusesDatesThatAreNone) {
  for (const std::string date :
       {"201", "20150230T123600Z", "20150830T240000Z", "20150830T126000Z", "20150830T123660Z",
        "20150830 123600Z", "2015-08-30T12:36:00Z", "-0150830T123600Z", "yesterday"}) {
    Request request;
    request.header_lines = "Host: a\r\nX-Amz-Date: " + date + "\r\n";
    EXPECT_EQ(message_of(request.read()),
              "IncompleteSignatureException: Date must be in ISO-8601 'basic format'. Got '" +
                  date + "'. See http://en.wikipedia.org/wiki/ISO_8601");
  }
}

TEST(SignatureV4, HoldsTheClocksTogether) {
  using std::chrono::seconds;
  const struct {
    seconds since_signing;
    std::string message;
  } rows[] = {
      {seconds(0), ""},
      {seconds(900), ""},
      {seconds(-900), ""},
      {seconds(901),
       "InvalidSignatureException: Signature expired: 20150830T123600Z is now earlier than "
       "20150830T123601Z (20150830T125101Z - 15 min.)"},
      {seconds(-901),
       "InvalidSignatureException: Signature not yet current: 20150830T123600Z is still later "
       "than 20150830T123559Z (20150830T122059Z + 15 min.)"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(message_of(Request().read(row.since_signing)), row.message);
  }
}

// A header that the signature does not cover may have been added by somebody else. An X-Amz-*
// header selects what the request does, so it must be covered. Source: "Create a signed AWS API
// request" in the IAM User Guide: "any x-amz-* headers in the request".
TEST(SignatureV4, RefusesUnsignedAmzHeaders) {
  const struct {
    const char* signed_headers;
    const char* header;
    const char* refused_name;  // empty: accepted
  } rows[] = {
      {"host;x-amz-date", "X-Amz-Target: DynamoDB_20120810.ListTables", "X-Amz-Target"},
      {"host;x-amz-date", "x-amz-security-token: token", "x-amz-security-token"},
      {"host;x-amz-date", "X-AMZ-Anything: 1", "X-AMZ-Anything"},
      {"host", "Accept: */*", "X-Amz-Date"},
      {"host;x-amz-date;x-amz-target", "X-Amz-Target: DynamoDB_20120810.ListTables", ""},
      {"host;x-amz-date", "X-Amzn-Trace-Id: Root=1", ""},
      {"host;x-amz-date", "X-Amz-Content-Sha256: UNSIGNED-PAYLOAD", ""},
      {"host;x-amz-date", "amz-sdk-request: attempt=1", ""},
  };
  for (const auto& row : rows) {
    Request request;
    request.signed_headers = row.signed_headers;
    request.header_lines += std::string(row.header) + "\r\n";
    const std::string refused_name = row.refused_name;
    const std::string message = "InvalidSignatureException: '" + refused_name +
                                "' must be a 'SignedHeader' in the AWS Authorization.";
    EXPECT_EQ(message_of(request.read()), refused_name.empty() ? "" : message) << row.header;
  }
}

// The service tells the first of several faults, in this order.
TEST(SignatureV4, RefusesWhatIsNotForThisService) {
  const std::string scope = "InvalidSignatureException: Credential should be scoped ";
  const auto with = [](auto change) {
    Request request;
    change(request);
    return message_of(request.read());
  };
  const auto with_credential = [&](const std::string& credential) {
    return with([&](Request& request) { request.credential = credential; });
  };
  EXPECT_EQ(with([](Request& request) { request.signed_headers = "x-amz-date;x-host"; }),
            "InvalidSignatureException: 'Host' or ':authority' must be a 'SignedHeader' in the AWS "
            "Authorization.");
  EXPECT_EQ(with([](Request& request) { request.algorithm = "AWS4-HMAC-SHA25"; }),
            "IncompleteSignatureException: Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA25' (only "
            "AWS4-HMAC-SHA256 for now). ");
  for (const std::string credential : {"a/b/c/d", "a/b/c/d/e/f", "a", "a/b/c/d/"}) {
    EXPECT_EQ(with_credential(credential),
              "IncompleteSignatureException: Credential must have exactly 5 slash-delimited "
              "elements, e.g. keyid/date/region/service/term, got '" +
                  credential + "'");
  }
  EXPECT_EQ(with_credential("a/20150830/eu-west-1/dynamodb/aws4_request//"), "");
  EXPECT_EQ(with_credential("a/20150830//dynamodb/aws4_request"),
            scope + "to a valid region, not ''. ");
  EXPECT_EQ(with_credential("a/20150830/eu_west/dynamodb/aws4_request"),
            scope + "to a valid region, not 'eu_west'. ");
  EXPECT_EQ(with_credential("a/20150830/eu-west-1/s3/aws4_request"),
            scope + "to correct service: 'dynamodb'. ");
  EXPECT_EQ(with_credential("a/20150830/eu-west-1/dynamodb/AWS4_REQUEST"),
            scope + "with a valid terminator: 'aws4_request', not 'AWS4_REQUEST'. ");
  const std::string date =
      "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
      "'20150829' != '20150830', from '20150830T123600Z'.";
  EXPECT_EQ(with_credential("a/20150829/eu-west-1/dynamodb/aws4_request"),
            "InvalidSignatureException: " + date);
  EXPECT_EQ(with_credential("a/20150829/%/d/e"),
            scope +
                "to a valid region, not '%'. Credential should be scoped to correct service: "
                "'dynamodb'. Credential should be scoped with a valid terminator: "
                "'aws4_request', not 'e'. " +
                date);
}

TEST(SignatureV4, LetsPresignedUrlsLiveAsLongAsTheySay) {
  const auto read = [](const std::string& expires, std::chrono::seconds since_signing) {
    const std::string path =
        "/?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2f20150830%2Feu-west-1%2F"
        "dynamodb%2Faws4_request&X-Amz-Date=20150830T123600Z&X-Amz-SignedHeaders=host%3Bx-amz-"
        "target&X-Amz-Security-Token=a%2Bb&X-Amz-Signature=00" +
        expires;
    return read_signature("", {"POST", path, "Host: a\r\n", ""}, signing_time + since_signing);
  };
  using std::chrono::seconds;
  const std::string expired =
      "InvalidSignatureException: Signature expired: 20150830T123600Z is now earlier than ";
  const std::string week =
      "IncompleteSignatureException: X-Amz-Expires must be less than a week (in seconds); that is, "
      "the given X-Amz-Expires must be less than 604800 seconds";
  EXPECT_EQ(message_of(read("&X-Amz-Expires=3600", seconds(3600))), "");
  EXPECT_EQ(message_of(read("&X-Amz-Expires=3600", seconds(3601))),
            expired + "20150830T123601Z (20150830T133601Z - 60 min.)");
  EXPECT_EQ(message_of(read("&X-Amz-Expires=30", seconds(31))),
            expired + "20150830T123601Z (20150830T123631Z - 30 sec.)");
  EXPECT_EQ(message_of(read("", seconds(901))),
            expired + "20150830T123601Z (20150830T125101Z - 15 min.)");
  EXPECT_EQ(message_of(read("&X-Amz-Expires=604801", seconds(0))), week);
  EXPECT_EQ(message_of(read("&X-Amz-Expires=99999999999999999999", seconds(0))), week);
  EXPECT_EQ(message_of(read("&X-Amz-Expires=1h", seconds(0))),
            "IncompleteSignatureException: X-Amz-Expires should be a number");
  const Signature signature = read("", seconds(0)).value();
  EXPECT_TRUE(signature.is_presigned);
  EXPECT_EQ(signature.key_id, "AKIDEXAMPLE");
  EXPECT_EQ(signature.scope, "20150830/eu-west-1/dynamodb/aws4_request");
  EXPECT_EQ(signature.signed_headers, (std::set<std::string>{"host", "x-amz-target"}));
  EXPECT_EQ(signature.session_token, "a+b");
}

TEST(SignatureV4, TakesTheOwnersSignatureAlone) {
  const Request request;
  const Signature right = request.read_signed();
  EXPECT_TRUE(check_signature(right, request.signable(), secret, ""));
  EXPECT_FALSE(check_signature(right, request.signable(), "another secret", ""));
  for (std::size_t i = 0; i < right.value.size(); ++i) {
    Signature wrong = right;
    wrong.value[i] = wrong.value[i] == '0' ? '1' : '0';
    EXPECT_FALSE(check_signature(wrong, request.signable(), secret, "")) << i;
  }
  for (const std::string& value : {std::string(), right.value.substr(1), right.value + "0"}) {
    Signature wrong = right;
    wrong.value = value;
    EXPECT_FALSE(check_signature(wrong, request.signable(), secret, "")) << value;
  }
}

TEST(SignatureV4, NoticesEveryChangeOfWhatIsSigned) {
  Request request;
  request.path = "/?a=1";
  request.signed_headers = "host;x-amz-date;x-amz-target";
  request.header_lines += "X-Amz-Target: DynamoDB_20120810.ListTables\r\nUser-Agent: me\r\n";
  const Signature signature = request.read_signed();
  const auto still_right = [&](const SignableRequest& changed) {
    return check_signature(signature, changed, secret, "").has_value();
  };
  const auto replaced = [&](std::string_view from, std::string_view to) {
    std::string lines = request.header_lines;
    return lines.replace(lines.find(from), from.size(), to);
  };
  const SignableRequest whole = request.signable();
  EXPECT_TRUE(still_right(whole));
  EXPECT_FALSE(still_right({"PUT", whole.path, whole.header_lines, whole.body}));
  EXPECT_FALSE(still_right({"POST", "/b?a=1", whole.header_lines, whole.body}));
  EXPECT_FALSE(still_right({"POST", "/?a=2", whole.header_lines, whole.body}));
  EXPECT_FALSE(still_right({"POST", whole.path, whole.header_lines, "{} "}));
  EXPECT_FALSE(
      still_right({"POST", whole.path, replaced("ListTables", "DeleteTable"), whole.body}));
  EXPECT_FALSE(still_right({"POST", whole.path, replaced("Host: example", "Host: b"), whole.body}));
  const std::string one_more = request.header_lines + "x-amz-target: b\r\n";
  EXPECT_FALSE(still_right({"POST", whole.path, one_more, whole.body}));
  // Not signed, or the same once canonical.
  EXPECT_TRUE(still_right({"POST", whole.path, replaced("me", "you"), whole.body}));
  EXPECT_TRUE(
      still_right({"POST", whole.path, replaced("X-Amz-Target:", "x-amz-target:   "), whole.body}));
}

// UNSIGNED-PAYLOAD is signed itself, so nobody can add it to a request that was signed whole.
TEST(SignatureV4, LeavesAnUnsignedPayloadOut) {
  Request request;
  const Signature with_body = request.read_signed();
  const std::string header = "X-Amz-Content-Sha256: UNSIGNED-PAYLOAD\r\n";
  request.header_lines += header;
  EXPECT_FALSE(check_signature(with_body, request.signable(), secret, ""));
  const Signature without_body = request.read_signed();
  request.body = R"({"Limit":1})";
  EXPECT_TRUE(check_signature(without_body, request.signable(), secret, ""));
  // A hash there is no promise: the body is hashed all the same.
  Request lying;
  lying.header_lines +=
      "X-Amz-Content-Sha256: 44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a\r\n";
  const Signature signature = lying.read_signed();
  EXPECT_TRUE(check_signature(signature, lying.signable(), secret, ""));
  lying.body = "{ }";
  EXPECT_FALSE(check_signature(signature, lying.signable(), secret, ""));
}

// As for a connection header that a proxy has taken out. Source: recorded answer.
TEST(SignatureV4, SaysWhatShouldHaveBeenSigned) {
  Request request;
  request.signed_headers = "connection;host;x-amz-date";
  request.path = "/?b=%2f&a=";
  const auto checked = check_signature(request.read().value(), request.signable(), secret, "");
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().type, ErrorType::invalid_signature);
  EXPECT_EQ(checked.error().message,
            "The request signature we calculated does not match the signature you provided. Check "
            "your AWS Secret Access Key and signing method. Consult the service documentation for "
            "details.\n\nThe Canonical String for this request should have been\n'POST\n/\n"
            "a=&b=%2F\nconnection:\nhost:example.amazonaws.com\nx-amz-date:20150830T123600Z\n\n"
            "connection;host;x-amz-date\n"
            "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a'\n\n"
            "The String-to-Sign should have been\n'AWS4-HMAC-SHA256\n20150830T123600Z\n"
            "20150830/eu-west-1/dynamodb/aws4_request\n"
            "1b0f6028eff126be2f6b4e765fdfb2d38a05e1c1b35acea25f36f4944af1452e'\n");
}

TEST(SignatureV4, WantsTheTokenOfTheKey) {
  const auto check = [](const std::string& sent, std::string_view wanted) {
    Request request;
    request.signed_headers += ";x-amz-security-token";
    request.header_lines += "X-Amz-Security-Token: " + sent + "\r\n";
    return check_signature(request.read_signed(), request.signable(), secret, wanted);
  };
  EXPECT_TRUE(check("", ""));
  EXPECT_TRUE(check("token", "token"));
  for (const auto& [sent, wanted] : {std::pair("bogus", ""), {"bogus", "token"}, {"", "token"}}) {
    const auto checked = check(sent, wanted);
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error().type, ErrorType::unrecognized_client);
    EXPECT_EQ(checked.error().message, "The security token included in the request is invalid");
  }
}

}  // namespace
}  // namespace pageturner
