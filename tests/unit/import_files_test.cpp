// Why: an import reads its files in pieces, which end anywhere: within a record, a quoted field, a
// CR LF, a character or a byte order mark. The items must not depend on where. Source: the contract
// in server/operations/transfers/import_files.h.
#include "server/operations/transfers/import_files.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "storage/stored_item.h"

namespace pageturner {
namespace {

const TableDescription& table() {
  static const TableDescription description = [] {
    TableDescription made;
    made.attribute_definitions = {{"pk", ScalarType::s}, {"n", ScalarType::n}};
    return made;
  }();
  return description;
}

// Returns the items of the file as JSON, and the texts of errors, one for each line.
std::string read_in_pieces(const std::string& text, const std::optional<CsvFormat>& csv,
                           std::size_t piece_bytes) {
  std::string lines;
  const auto visit = [&](Result<std::string> item) {
    lines += item ? std::string(ItemView(*item).json()) : "error: " + item.error().message;
    lines += '\n';
  };
  ImportedFile file(csv, table());
  for (std::size_t at = 0; at < text.size(); at += piece_bytes) {
    file.add(std::string_view(text).substr(at, piece_bytes), visit);
  }
  file.finish(visit);
  return lines;
}

constexpr const char* no_json = "error: The file holds something that is no JSON\n";

TEST(ImportedFile, DoesNotDependOnThePieces) {
  const std::optional<CsvFormat> json;
  const CsvFormat csv;
  const CsvFormat with_header{';', {"pk", "n"}};
  const std::string a = R"({"pk":{"S":"a"}})";
  const std::string b = R"({"pk":{"S":"b"}})";
  const std::string line_a = R"({"Item":)" + a + "}";
  const std::string line_b = R"({"Item":)" + b + "}";
  const std::string odd = R"({"Item":{"pk":{"S":"}]\"\\é{["},"l":{"L":[{"M":{}},{"S":"x\\"}]}}})";
  const std::string odd_item = R"({"l":{"L":[{"M":{}},{"S":"x\\"}]},"pk":{"S":"}]\"\\é{["}})";
  const std::string no_item = "error: Value at 'item'";
  const struct {
    const char* name;
    std::optional<CsvFormat> format;
    std::string text;
    std::string read;  // an error stands for one of any text if it ends with "…"
  } rows[] = {
      {"nothing", json, "", ""},
      {"white space", json, " \n\t\r\n", ""},
      {"lines", json, line_a + "\n" + line_b + "\r\n", a + "\n" + b + "\n"},
      {"no line breaks", json, line_a + line_b, a + "\n" + b + "\n"},
      {"strings with brackets, quotes and escapes", json, odd + odd,
       odd_item + "\n" + odd_item + "\n"},
      {"text", json, line_a + "\nnothing\n" + line_b, a + "\n" + no_json},
      {"text behind an item", json, line_a + "}" + line_b, a + "\n" + no_json},
      {"half an item", json, line_a + line_b.substr(0, line_b.size() - 1), a + "\n" + no_json},
      {"a wrong bracket", json, R"({"Item":{]})" + line_b, no_json},
      {"a byte order mark", json, "\xEF\xBB\xBF" + line_a, no_json},
      {"values that are no objects", json, "1 true\"]\"null-2.5[{}]" + line_a,
       "error…\nerror…\nerror…\nerror…\nerror…\nerror…\n" + a + "\n"},
      {"values and text", json, "1nullx" + line_a, "error…\nerror…\n" + std::string(no_json)},
      {"no text", csv, "", ""},
      {"a header", csv, "pk", ""},
      {"records", csv, "pk,n\na,1\r\n\r\n\nb,2",
       R"({"n":{"N":"1"},"pk":{"S":"a"}})"
       "\n"
       R"({"n":{"N":"2"},"pk":{"S":"b"}})"
       "\n"},
      {"quotes", csv, "\"pk\"\n\"a\r\n,\"\"b\"\n\"\"\"\"\r\n\"c\"d\"\n\"",
       R"({"pk":{"S":"a\r\n,\"b"}})"
       "\n"
       R"({"pk":{"S":"\""}})"
       "\n"
       R"({"pk":{"S":"cd\""}})"
       "\n"
       R"({"pk":{"S":""}})"
       "\n"},
      {"CR alone", csv, "pk,s\na\r,\r\"b\"\r",
       R"({"pk":{"S":"a\r"},"s":{"S":"\r\"b\"\r"}})"
       "\n"},
      {"a mark", csv, "\xEF\xBB\xBF\n\"pk\"\na\n", a + "\n"},
      {"half a mark", csv, "\xEF\xBB", ""},
      {"a character that begins as a mark", csv, "\xEF\xBB\x80\na\n",
       "{\"\xEF\xBB\x80\":{\"S\":\"a\"}}\n"},
      {"the header of the request", with_header,
       "\xEF\xBB\xBF"
       "a;1\n",
       R"({"n":{"N":"1"},"pk":{"S":"a"}})"
       "\n"},
      {"a wrong number of fields", csv, "pk\na,b\n\"\",\na\n",
       "error: The header has 1 columns, the line has 2\n"
       "error: The header has 1 columns, the line has 2\n" +
           a + "\n"},
      {"no UTF-8", csv, "pk\n\xFF\na\n", "error: The line is not UTF-8\n" + a + "\n"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const std::string whole = read_in_pieces(row.text, row.format, row.text.size() + 1);
    if (row.read.find("…") == std::string::npos) {
      EXPECT_EQ(whole, row.read);
    } else {
      const auto count = [](const std::string& text, const char* part) {
        std::size_t found = 0;
        for (auto at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++found;
        return found;
      };
      for (const char* part : {"error", "\n", "no JSON"}) {
        EXPECT_EQ(count(whole, part), count(row.read, part)) << whole;
      }
    }
    for (std::size_t bytes = 1; bytes < row.text.size(); ++bytes) {
      ASSERT_EQ(read_in_pieces(row.text, row.format, bytes), whole) << bytes;
    }
  }
}

// A record of more than 16 MB is one error, and a record of CSV that can be no item for its size
// is one too. The records after it are read.
TEST(ImportedFile, SkipsRecordsThatAreTooLong) {
  const std::string much(16 * 1024 * 1024, 'x');
  const std::string columns(500'000, ',');
  const std::string header_too_long =
      "error: The header has more than 409600 columns or 16777216 bytes\n";
  const std::string too_long = "error: The record has more than 16777216 bytes\n";
  const std::string item = R"({"pk":{"S":"a"}})"
                           "\n";
  const struct {
    const char* name;
    std::optional<CsvFormat> format;
    std::string text;
    std::string read;
  } rows[] = {
      {"JSON", std::nullopt,
       R"({"Item":{"pk":{"S":"}{)" + much + R"("}}}{"Item":{"pk":{"S":"a"}}})", too_long + item},
      {"JSON without an end", std::nullopt, R"([{"Item":{"pk":{"S":"a"}}})" + much, too_long},
      {"white space", std::nullopt,
       std::string(much.size() + 1, ' ') + R"({"Item":{"pk":{"S":"a"}}})", item},
      {"CSV", CsvFormat{}, "pk\n\"\n" + much + "\"\na\n", too_long + item},
      {"a header", CsvFormat{}, "pk," + much + "\na\nb\n", header_too_long + header_too_long},
      {"columns", CsvFormat{}, columns + "\na\n", header_too_long},
      {"fields", CsvFormat{}, "pk\n" + columns + "\na\n",
       "error: The header has 1 columns, the line has 500001\n" + item},
      {"a field", CsvFormat{}, "pk\n" + much.substr(0, 3'000'000) + "\na\n",
       "error: Item size has exceeded the maximum allowed size\n" + item},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(read_in_pieces(row.text, row.format, 256 * 1024), row.read) << row.name;
  }
}

}  // namespace
}  // namespace pageturner
