// Why: a signature covers the encoded path and query, so one byte that is encoded another way than
// by the client makes every such request fail. Source: RFC 3986, 2.1 and 2.3; "Create a signed AWS
// API request" in the IAM User Guide.
#include "protocol/percent_coding.h"

#include <gtest/gtest.h>

namespace pageturner {
namespace {

TEST(PercentCoding, EncodesAllButUnreservedCharacters) {
  const struct {
    const char* text;
    const char* encoded;
  } rows[] = {{"", ""},
              {"azAZ09-._~", "azAZ09-._~"},
              {"/ +%", "%2F%20%2B%25"},
              {"\xC3\xA9\n", "%C3%A9%0A"}};
  for (const auto& row : rows) {
    EXPECT_EQ(percent_encode(row.text), row.encoded);
    EXPECT_EQ(percent_decode(row.encoded), row.text);
  }
}

TEST(PercentCoding, DecodesWhatClientsSend) {
  const struct {
    const char* text;
    const char* decoded;
  } rows[] = {{"a+b", "a b"}, {"%c3%A9", "\xC3\xA9"}, {"%", "%"},   {"%4", "%4"},
              {"%4G", "%4G"}, {"%%41", "%A"},         {"%41", "A"}, {"%-1", "%-1"}};
  for (const auto& row : rows) EXPECT_EQ(percent_decode(row.text), row.decoded) << row.text;
}

}  // namespace
}  // namespace pageturner
