// Why: an engine with persistent storage must read keys that older programs wrote. These bytes are
// derived from docs/format.md by hand, not copied from program output. Source: docs/format.md.
#include <gtest/gtest.h>

#include "storage/key_codec.h"
#include "tests/format/bytes.h"
#include "tests/unit/wire.h"

namespace pageturner {
namespace {

// A key value in its wire form, and its bytes in a key in hexadecimal.
struct EncodedValue {
  const char* value;
  const char* bytes;
};

void expect_bytes(const EncodedValue& row, ScalarType type) {
  const AttributeValue value = value_of(row.value);
  std::string encoded;
  append_key_value(encoded, value);
  EXPECT_EQ(hex(encoded), row.bytes) << row.value;
  std::string_view in = encoded;
  EXPECT_TRUE(take_key_value(in, type) == value) << row.value;
  EXPECT_TRUE(in.empty()) << row.value;
}

TEST(KeyBytes, OfStrings) {
  const EncodedValue rows[] = {
      {R"({"S":""})", "0001"},
      {R"({"S":"a"})", "610001"},
      {R"({"S":"abc"})", "6162630001"},
      {R"({"S":"é"})", "C3A90001"},
      {R"({"S":"\u0000"})", "00FF0001"},
      {R"({"S":"\u0001"})", "010001"},
      {R"({"S":"a\u0000"})", "6100FF0001"},
      {R"({"S":"a\u0000b"})", "6100FF620001"},
      {R"({"S":"a\u0001"})", "61010001"},
  };
  for (const EncodedValue& row : rows) expect_bytes(row, ScalarType::s);
}

TEST(KeyBytes, OfBinaryValues) {
  const EncodedValue rows[] = {
      {R"({"B":""})", "0001"},
      {R"({"B":"AA=="})", "00FF0001"},
      {R"({"B":"AAA="})", "00FF00FF0001"},
      {R"({"B":"AAE="})", "00FF010001"},
      {R"({"B":"AP8="})", "00FFFF0001"},
      {R"({"B":"AQ=="})", "010001"},
      {R"({"B":"/w=="})", "FF0001"},
  };
  for (const EncodedValue& row : rows) expect_bytes(row, ScalarType::b);
}

TEST(KeyBytes, OfNumbers) {
  const EncodedValue rows[] = {
      {R"({"N":"0"})", "8000"},
      {R"({"N":"1"})", "C10200"},
      {R"({"N":"1.0"})", "C10200"},
      {R"({"N":"-1"})", "3EFDFF"},
      {R"({"N":"10"})", "C10B00"},
      {R"({"N":"99"})", "C16400"},
      {R"({"N":"100"})", "C20200"},
      {R"({"N":"0.1"})", "C00B00"},
      {R"({"N":"0.01"})", "C00200"},
      {R"({"N":"0.05"})", "C00600"},
      {R"({"N":"12"})", "C10D00"},
      {R"({"N":"1.2"})", "C1021500"},
      {R"({"N":"-12"})", "3EF2FF"},
      {R"({"N":"123"})", "C2021800"},
      {R"({"N":"-123"})", "3DFDE7FF"},
      {R"({"N":"12345"})", "C302182E00"},
      {R"({"N":"1E-130"})", "800200"},
      {R"({"N":"-1E-130"})", "7FFDFF"},
      {R"({"N":"1.5E-129"})", "801000"},
      {R"({"N":"1E+125"})", "FF0B00"},
      {R"({"N":"12345678901234567890123456789012345678"})",
       "D30D23394F5B0D23394F5B0D23394F5B0D23394F00"},
      {R"({"N":"9.9999999999999999999999999999999999999E+125"})",
       "FF6464646464646464646464646464646464646400"},
      {R"({"N":"-9.9999999999999999999999999999999999999E+125"})",
       "009B9B9B9B9B9B9B9B9B9B9B9B9B9B9B9B9B9B9BFF"},
  };
  for (const EncodedValue& row : rows) expect_bytes(row, ScalarType::n);
}

TEST(KeyBytes, OfTablesAndIndexes) {
  const KeyAttribute pk = {"pk", ScalarType::s};
  const KeyAttribute sk = {"sk", ScalarType::n};
  const KeyAttribute g = {"g", ScalarType::s};
  const KeyAttribute l = {"l", ScalarType::n};
  const Item item =
      item_of(R"({"pk":{"S":"a"},"sk":{"N":"5"},"g":{"S":"x"},"l":{"N":"-1"},"rest":{"S":"r"}})");
  const struct {
    KeyLayout layout;
    const char* bytes;
  } rows[] = {
      {{1, {pk}, {}, {}}, "F6558E516275DEE2610001"},
      {{1, {pk}, {sk}, {}}, "F6558E516275DEE2610001C10600"},
      {{2, {g}, {l}, {pk, sk}, true}, "545E2681232D8E967800013EFDFFC63CABB84385B8F5610001C10600"},
      {{2, {g}, {}, {pk}, true}, "545E2681232D8E96780001F6558E516275DEE2610001"},
      {{2, {pk}, {l}, {pk, sk}}, "F6558E516275DEE26100013EFDFF610001C10600"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(hex(*encode_key(row.layout, ItemSource(item))), row.bytes);
  }
}

// The hash is the beginning of an MD5 digest, computed with another program from bytes that were
// derived by hand from docs/format.md.
TEST(KeyBytes, OfHashes) {
  const struct {
    const char* value;
    const char* bytes;
  } rows[] = {
      {R"({"S":"a"})", "F6558E516275DEE2"},
      {R"({"S":""})", "65A4C05294BE8932"},
      {R"({"S":"é"})", "1062807AC84FE65A"},
      {R"({"S":"a\u0000b"})", "5DD5D45AD773A3E0"},
      {R"({"B":"AP8="})", "7C24C3CC726244B2"},
      {R"({"B":"YQ=="})", "F6558E516275DEE2"},
      {R"({"N":"0"})", "CE212D751674AB5D"},
      {R"({"N":"-0"})", "CE212D751674AB5D"},
      {R"({"N":"1"})", "C3A0310AED78739B"},
      {R"({"N":"1.0"})", "C3A0310AED78739B"},
      {R"({"N":"10E-1"})", "C3A0310AED78739B"},
      {R"({"N":"-1"})", "0267DF4C95559D50"},
      {R"({"N":"123"})", "574207E7A3D7699A"},
      {R"({"N":"-123"})", "410AC7B95C506FE6"},
      {R"({"N":"0.05"})", "BC1D9445BC77EF2A"},
      {R"({"N":"1E-130"})", "727DE75FED0D7A87"},
      {R"({"N":"-1E-130"})", "3AD3E0D25A9E3913"},
      {R"({"N":"1E+125"})", "2F2857F5242DA8C0"},
      {R"({"N":"12345678901234567890123456789012345678"})", "B50A4CBD60115903"},
      {R"({"N":"-12345678901234567890123456789012345678"})", "089522115AD1AD19"},
      {R"({"N":"-1.2345678901234567890123456789012345678"})", "963FD1B1730C66A7"},
      {R"({"N":"-9.9999999999999999999999999999999999999E+125"})", "21889B5A660E5176"},
  };
  for (const auto& row : rows) {
    const AttributeValue value = value_of(row.value);
    const ScalarType type = has_type(value, ScalarType::s)   ? ScalarType::s
                            : has_type(value, ScalarType::n) ? ScalarType::n
                                                             : ScalarType::b;
    const KeyLayout layout = {1, {{"pk", type}}, {}, {}};
    const AttributeValue* values[] = {&value};
    EXPECT_EQ(hex(encode_partition(layout, values).substr(0, 8)), row.bytes) << row.value;
  }
  // More than a block of the digest.
  const AttributeValue longer = {std::string(200, 'k')};
  const AttributeValue* values[] = {&longer};
  EXPECT_EQ(hex(encode_partition({1, {{"pk", ScalarType::s}}, {}, {}}, values).substr(0, 8)),
            "A9479D48EC7BC25C");
}

TEST(KeyBytes, OfExpiryTimes) {
  const KeyLayout table = {1, {{"pk", ScalarType::s}}, {}, {}};
  const std::string table_key = *encode_key(table, ItemSource(item_of(R"({"pk":{"S":"a"}})")));
  const struct {
    const char* time;
    const char* bytes;
  } rows[] = {
      {"1700000000", "C51200F6558E516275DEE2610001"},
      {"1.7e9", "C51200F6558E516275DEE2610001"},
      {"1700000000.5", "C512010101013300F6558E516275DEE2610001"},
      {"0", "8000F6558E516275DEE2610001"},
      {"-1", "3EFDFFF6558E516275DEE2610001"},
  };
  for (const auto& row : rows) {
    const Number time = Number::parse(row.time).value();
    const std::string key = encode_expiry_key(time, table_key);
    EXPECT_EQ(hex(key), row.bytes) << row.time;
    EXPECT_TRUE(key.starts_with(encode_expiry_time(time))) << row.time;
    EXPECT_EQ(table_key_of_expiry(key), table_key) << row.time;
  }
}

TEST(KeyBytes, OfSegments) {
  const struct {
    std::uint32_t segment;
    std::uint32_t total;
    const char* begin;
    const char* end;  // nullptr: none
  } rows[] = {
      {0, 1, "", nullptr},
      {0, 2, "", "80000000"},
      {1, 2, "80000000", nullptr},
      {1, 3, "55555556", "AAAAAAAB"},
      {999'999, 1'000'000, "FFFFEF3A", nullptr},
  };
  for (const auto& row : rows) {
    const KeyRange range = segment_range(row.segment, row.total);
    EXPECT_EQ(hex(range.begin), row.begin);
    ASSERT_EQ(range.end.has_value(), row.end != nullptr);
    if (range.end) {
      EXPECT_EQ(hex(*range.end), row.end);
    }
  }
}

}  // namespace
}  // namespace pageturner
