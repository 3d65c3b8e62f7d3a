// Why: exact pages are the main goal of this project. A page that ends one item early or late, or
// lacks its LastEvaluatedKey, breaks every client that reads pages. Source: guide, "Paginating
// table query results" (a page has at most 1 MB; Limit counts evaluated items; a filter is applied
// afterwards); recorded responses for LastEvaluatedKey at the end of the data.
#include "storage/page_reader.h"

#include <gtest/gtest.h>

#include "protocol/limits.h"
#include "storage/item_writer.h"
#include "storage/key_range.h"
#include "tests/unit/wire.h"

namespace pageturner {
namespace {

constexpr std::size_t megabyte = 1'048'576;

TableDescription described() {
  TableDescription table;
  table.name = "Table";
  table.key_schema = {{{"p", ScalarType::s}}, {{"n", ScalarType::n}}};
  IndexDescription local;
  local.name = "local";
  local.key_schema = {{{"p", ScalarType::s}}, {{"l", ScalarType::n}}};
  local.projection = {ProjectionType::keys_only, {}};
  table.indexes.push_back(local);
  return table;
}

class PageReader : public testing::Test {
 protected:
  void put(const Item& item) {
    write_item(database_,
               {table_, *encode_key(table_->layout, ItemSource(item)),
                [stored = encode_stored_item(item)](const StoredItemSource*) -> Result<ItemChange> {
                  return ItemChange{ItemChange::Kind::put, stored};
                }})
        .value();
  }
  // Puts item `n` (1 to 9) with exactly `size_bytes`.
  void put_sized(int n, std::size_t size_bytes) {
    Item item = item_of(R"({"p":{"S":"a"},"n":{"N":")" + std::to_string(n) +
                        R"("},"l":{"N":"1"},"x":{"S":""}})");
    item.at("x").data = std::string(size_bytes - item_size_bytes(item), 'x');
    ASSERT_EQ(item_size_bytes(item), size_bytes);
    put(item);
  }
  // Puts items 1 to `count` of partition "a"; the even ones have color "red".
  void put_colored(int count) {
    for (int n = 1; n <= count; ++n) {
      put(item_of(R"({"p":{"S":"a"},"n":{"N":")" + std::to_string(n) + R"("},"l":{"N":")" +
                  std::to_string(n / 2) + R"("},"color":{"S":")" + (n % 2 == 0 ? "red" : "blue") +
                  R"("}})"));
    }
  }

  PageRequest request(const Index* index = nullptr) {
    PageRequest made;
    made.table = table_.get();
    made.index = index;
    made.range =
        range_of(index != nullptr ? index->layout : table_->layout, {{{std::string("a")}}, {}, {}});
    return made;
  }
  PageResult read(const PageRequest& request) {
    out_ = "[";
    PageResult page = read_page(*database_.engine().read_view(), request, out_);
    out_.erase(0, 1);
    return page;
  }
  // Returns the numbers of the items in the last page.
  std::string numbers() const {
    std::string text;
    const std::string items = "[" + out_ + "]";
    const auto document = JsonDocument::parse(items).value();
    for (const JsonValue item : document.root().elements()) {
      const auto n = item.find("n");
      text += n ? std::string(n->find("N")->as_string()) + " " : "? ";
    }
    return text;
  }
  static std::string number_in(const KeyLayout& layout, const PageResult& page) {
    if (!page.last_evaluated_key) return "none";
    for (const auto& [name, value] : decode_key(layout, *page.last_evaluated_key)) {
      if (name == "n") return value.as<Number>().to_string();
    }
    return "?";
  }
  std::string last_number(const PageResult& page) { return number_in(table_->layout, page); }

  Database database_;
  TablePointer table_ = database_.catalog().add(described()).value();
  const Index* local_ = table_->find_index("local");
  std::string out_;
};

TEST_F(PageReader, ReadsARangeToItsEnd) {
  put_colored(3);
  put(item_of(R"({"p":{"S":"b"},"n":{"N":"7"}})"));
  const PageResult page = read(request());
  EXPECT_EQ(numbers(), "1 2 3 ");
  EXPECT_EQ(page.count, 3u);
  EXPECT_EQ(page.scanned_count, 3u);
  EXPECT_EQ(last_number(page), "none");
}

TEST_F(PageReader, ReadsAnEmptyRange) {
  const PageResult page = read(request());
  EXPECT_EQ(out_, "");
  EXPECT_EQ(page.count + page.scanned_count + page.evaluated_bytes, 0u);
  EXPECT_EQ(last_number(page), "none");
}

// Limit and 1 MB apply to all ranges of a page together; read units are rounded up per range.
TEST_F(PageReader, ReadsSeveralRangesAsOnePage) {
  put_colored(4);
  put(item_of(R"({"p":{"S":"b"},"n":{"N":"7"}})"));
  PageRequest several = request();
  several.range = range_of(table_->layout, {{{std::string("b")}}, {}, {}});
  several.further_ranges = {
      range_of(table_->layout, {{{std::string("none")}}, {}, {}}),
      range_of(table_->layout, {{{std::string("a")}}, {value_of(R"({"N":"3"})")}, {}}),
      range_of(table_->layout, {{{std::string("a")}}, {value_of(R"({"N":"1"})")}, {}})};
  PageResult page = read(several);
  EXPECT_EQ(numbers(), "7 3 1 ");
  EXPECT_EQ(page.scanned_count, 3u);
  EXPECT_EQ(page.evaluated_units, 4);
  EXPECT_EQ(last_number(page), "none");

  several.limit = 2;
  page = read(several);
  EXPECT_EQ(numbers(), "7 3 ");
  EXPECT_EQ(page.evaluated_units, 3);
  EXPECT_EQ(last_number(page), "3");
}

TEST_F(PageReader, CountsOneMegabyteOverAllRanges) {
  for (int n = 1; n <= 5; ++n) put_sized(n, megabyte / 4);
  PageRequest several = request();
  several.range.end = several.range.begin;  // an empty range
  for (const int n : {5, 3, 1, 2, 4}) {
    several.further_ranges.push_back(range_of(
        table_->layout,
        {{{std::string("a")}}, {value_of(R"({"N":")" + std::to_string(n) + R"("})")}, {}}));
  }
  const PageResult page = read(several);
  EXPECT_EQ(numbers(), "5 3 1 2 ");
  EXPECT_EQ(last_number(page), "2");
}

TEST_F(PageReader, EndsExactlyAtTheLimit) {
  put_colored(3);
  const struct {
    std::uint64_t limit;
    const char* numbers;
    const char* last;
  } rows[] = {
      {1, "1 ", "1"},        {2, "1 2 ", "2"},
      {3, "1 2 3 ", "3"},  // set although no item follows: the read does not look ahead
      {4, "1 2 3 ", "none"}, {1'000'000'000'000, "1 2 3 ", "none"},
  };
  for (const auto& row : rows) {
    PageRequest limited = request();
    limited.limit = row.limit;
    const PageResult page = read(limited);
    EXPECT_EQ(numbers(), row.numbers) << row.limit;
    EXPECT_EQ(last_number(page), row.last) << row.limit;
  }
}

TEST_F(PageReader, IncludesExactlyOneMegabyte) {
  for (int n = 1; n <= 4; ++n) put_sized(n, megabyte / 4);
  PageResult page = read(request());
  EXPECT_EQ(page.evaluated_bytes, megabyte);
  EXPECT_EQ(page.scanned_count, 4u);
  EXPECT_EQ(last_number(page), "none");

  put_sized(5, 100);
  page = read(request());
  EXPECT_EQ(page.evaluated_bytes, megabyte);
  EXPECT_EQ(last_number(page), "4");
}

TEST_F(PageReader, EndsBeforeTheItemThatCrossesOneMegabyte) {
  for (int n = 1; n <= 3; ++n) put_sized(n, megabyte / 4);
  put_sized(4, megabyte / 4 + 1);
  put_sized(5, 100);  // would fit, but is after the item that ends the page
  const PageResult page = read(request());
  EXPECT_EQ(page.scanned_count, 3u);
  EXPECT_EQ(page.evaluated_bytes, megabyte / 4 * 3);
  EXPECT_EQ(last_number(page), "3");
}

TEST_F(PageReader, EndsAtTheLimitThatIsReachedFirst) {
  for (int n = 1; n <= 6; ++n) put_sized(n, megabyte / 4);
  PageRequest limited = request();
  limited.limit = 3;
  EXPECT_EQ(read(limited).scanned_count, 3u);
  limited.limit = 5;
  EXPECT_EQ(read(limited).scanned_count, 4u);
}

TEST_F(PageReader, FiltersAfterCounting) {
  put_colored(5);
  PageRequest filtered = request();
  filtered.filter = condition_of("color = :c", R"({":c":{"S":"red"}})");
  PageResult page = read(filtered);
  EXPECT_EQ(numbers(), "2 4 ");
  EXPECT_EQ(page.count, 2u);
  EXPECT_EQ(page.scanned_count, 5u);
  filtered.limit = 1;  // an empty page with a LastEvaluatedKey
  page = read(filtered);
  EXPECT_EQ(out_, "");
  EXPECT_EQ(page.count, 0u);
  EXPECT_EQ(page.scanned_count, 1u);
  EXPECT_EQ(last_number(page), "1");
}

TEST_F(PageReader, HasTheSamePagesForAnyOutput) {
  for (int n = 1; n <= 6; ++n) put_sized(n, megabyte / 4);
  PageRequest none = request();
  none.filter = condition_of("attribute_not_exists(p)");
  PageRequest projected = request();
  projected.projection.emplace(paths_of("n"));
  PageRequest counted = request();
  counted.count_only = true;
  for (const PageRequest* each : {&none, &projected, &counted}) {
    const PageResult page = read(*each);
    EXPECT_EQ(page.scanned_count, 4u);
    EXPECT_EQ(page.evaluated_bytes, megabyte);
    EXPECT_EQ(last_number(page), "4");
  }
  EXPECT_EQ(out_, "");  // the last page is count-only
}

TEST_F(PageReader, ReadsBackward) {
  put_colored(4);
  PageRequest backward = request();
  backward.direction = Direction::backward;
  EXPECT_EQ(last_number(read(backward)), "none");
  EXPECT_EQ(numbers(), "4 3 2 1 ");
  backward.limit = 2;
  const PageResult page = read(backward);
  EXPECT_EQ(numbers(), "4 3 ");
  EXPECT_EQ(last_number(page), "3");
  backward.range =
      resume_after(std::move(backward.range), *page.last_evaluated_key, Direction::backward);
  read(backward);
  EXPECT_EQ(numbers(), "2 1 ");
}

TEST_F(PageReader, AppliesTheProjection) {
  put(item_of(
      R"({"p":{"S":"a"},"n":{"N":"1"},"m":{"M":{"x":{"S":"1"},"y":{"S":"2"}}},"z\"":{"S":""}})"));
  put(item_of(R"({"p":{"S":"a"},"n":{"N":"2"}})"));
  const struct {
    const char* paths;
    const char* names;
    const char* out;
  } rows[] = {
      {"n, m", "", R"({"m":{"M":{"x":{"S":"1"},"y":{"S":"2"}}},"n":{"N":"1"}},{"n":{"N":"2"}})"},
      {"m.y", "", R"({"m":{"M":{"y":{"S":"2"}}}},{})"},
      {"#z, gone", R"({"#z":"z\""})", R"({"z\"":{"S":""}},{})"},
      {"gone", "", "{},{}"},
  };
  for (const auto& row : rows) {
    PageRequest projected = request();
    projected.projection.emplace(paths_of(row.paths, row.names));
    EXPECT_EQ(read(projected).count, 2u);
    EXPECT_EQ(out_, row.out);
  }
}

TEST_F(PageReader, ReadsAnIndexInItsOwnOrderAndSizes) {
  put_colored(5);  // l is 0 1 1 2 2
  PageRequest indexed = request(local_);
  indexed.limit = 2;
  std::string followed;
  for (int pages = 0; pages < 9; ++pages) {
    const PageResult page = read(indexed);
    followed += numbers() + "| ";
    EXPECT_EQ(page.evaluated_bytes, page.scanned_count * (1 + 1 + 1 + 2 + 1 + 2) -
                                        (pages == 0 ? 1 : 0));  // l = 0 is one byte shorter
    if (!page.last_evaluated_key) break;
    indexed.range =
        resume_after(std::move(indexed.range), *page.last_evaluated_key, Direction::forward);
  }
  EXPECT_EQ(followed, "1 2 | 3 4 | 5 | ");
}

TEST_F(PageReader, FetchesItemsFromTheTable) {
  put_colored(2);
  put_sized(3, 9'000);
  PageRequest fetching = request(local_);
  fetching.filter = condition_of("attribute_exists(x) OR color = :c", R"({":c":{"S":"red"}})");
  PageResult page = read(fetching);
  EXPECT_EQ(page.count, 0u);  // the index entries contain neither attribute
  EXPECT_EQ(page.fetched_units, 0);
  const std::size_t entries_bytes = page.evaluated_bytes;

  fetching.fetch_items = true;
  page = read(fetching);
  EXPECT_EQ(numbers(), "2 3 ");
  EXPECT_EQ(page.scanned_count, 3u);
  EXPECT_EQ(page.evaluated_bytes, entries_bytes);
  EXPECT_EQ(page.fetched_units, 1 + 1 + 3);  // 4 KB units
}

}  // namespace
}  // namespace pageturner
