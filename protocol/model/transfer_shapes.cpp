// The inputs of exports and imports.
#include <algorithm>

#include "protocol/limits.h"
#include "protocol/model/shape_parts.h"
#include "protocol/model/shapes.h"
#include "protocol/text.h"

namespace pageturner::shapes {
namespace {

bool is_word(char c) { return is_letter(c) || is_digit(c) || c == '_'; }
const TextPattern bucket_pattern{
    "^[a-z0-9A-Z]+[\\.\\-\\w]*[a-z0-9A-Z]+$", [](std::string_view value) {
      const auto is_inside = [](char c) { return is_word(c) || c == '.' || c == '-'; };
      return value.size() > 1 && std::all_of(value.begin(), value.end(), is_inside) &&
             is_word(value.front()) && value.front() != '_' && is_word(value.back()) &&
             value.back() != '_';
    }};
const TextPattern account_pattern{"[0-9]{12}", [](std::string_view value) {
                                    constexpr std::size_t length = 12;
                                    return value.size() == length &&
                                           std::all_of(value.begin(), value.end(), is_digit);
                                  }};
const TextPattern token_pattern{"^[^\\$]+$", [](std::string_view value) {
                                  return !value.empty() && value.find('$') == value.npos;
                                }};
const TextPattern delimiter_pattern{"[,;:|\\t ]", [](std::string_view value) {
                                      return value.size() == 1 &&
                                             std::string_view(",;:|\t ").find(value) != value.npos;
                                    }};
const TextPattern header_pattern{
    "[\\x20-\\x21\\x23-\\x2B\\x2D-\\x7E]*", [](std::string_view value) {
      return std::all_of(value.begin(), value.end(),
                         [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != ','; });
    }};
const Shape bucket{.kind = Kind::string, .max = 255, .pattern = &bucket_pattern};
const Shape bucket_owner{.kind = Kind::string, .pattern = &account_pattern};
const Shape bucket_prefix{.kind = Kind::string, .max = 1024};
const Shape transfer_token{.kind = Kind::string, .pattern = &token_pattern};
const Shape transfer_page{.kind = Kind::integer, .min = 1, .max = limits::transfers_page_max};
const Shape kms_key_id = text_of_length(1, 2048);
const Shape export_format = enumeration({"DYNAMODB_JSON", "ION"});
const Shape export_type = enumeration({"FULL_EXPORT", "INCREMENTAL_EXPORT"});
const Shape export_view_type = enumeration({"NEW_IMAGE", "NEW_AND_OLD_IMAGES"});
const Shape incremental_export =
    structure("IncrementalExportSpecification", {{"ExportFromTime", &seconds},
                                                 {"ExportToTime", &seconds},
                                                 {"ExportViewType", &export_view_type}});
const Shape bucket_source = structure("S3BucketSource", {{"S3BucketOwner", &bucket_owner},
                                                         {"S3Bucket", &bucket, required},
                                                         {"S3KeyPrefix", &bucket_prefix}});
const Shape import_format = enumeration({"DYNAMODB_JSON", "ION", "CSV"});
const Shape import_compression = enumeration({"ZSTD", "NONE", "GZIP"});
const Shape csv_delimiter{.kind = Kind::string, .min = 1, .max = 1, .pattern = &delimiter_pattern};
const Shape csv_header{.kind = Kind::string, .min = 1, .max = 65536, .pattern = &header_pattern};
const Shape csv_headers = list_of(csv_header, 1, 255);
const Shape csv_options =
    structure("CsvOptions", {{"Delimiter", &csv_delimiter}, {"HeaderList", &csv_headers}});
const Shape format_options = structure("InputFormatOptions", {{"Csv", &csv_options}});

}  // namespace

// The operations check the forms of ARNs and page tokens; their messages differ from those of
// constraints.
const Shape export_table_input = structure("ExportTableToPointInTimeInput",
                                           {{"TableArn", &text, required},
                                            {"ExportTime", &seconds},
                                            {"ClientToken", &transfer_token},
                                            {"S3Bucket", &bucket, required},
                                            {"S3BucketOwner", &bucket_owner},
                                            {"S3Prefix", &bucket_prefix},
                                            {"S3SseAlgorithm", &sse_type},
                                            {"S3SseKmsKeyId", &kms_key_id},
                                            {"ExportFormat", &export_format},
                                            {"ExportType", &export_type},
                                            {"IncrementalExportSpecification", &incremental_export},
                                            {"FilterSpecification", &unsupported}});

const Shape describe_export_input =
    structure("DescribeExportInput", {{"ExportArn", &text, required}});

const Shape list_exports_input =
    structure("ListExportsInput",
              {{"TableArn", &text}, {"MaxResults", &transfer_page}, {"NextToken", &text}});

const Shape import_table_input =
    structure("ImportTableInput", {{"ClientToken", &transfer_token},
                                   {"S3BucketSource", &bucket_source, required},
                                   {"InputFormat", &import_format, required},
                                   {"InputFormatOptions", &format_options},
                                   {"InputCompressionType", &import_compression},
                                   {"TableCreationParameters", &table_creation, required}});

const Shape describe_import_input =
    structure("DescribeImportInput", {{"ImportArn", &text, required}});

const Shape list_imports_input = structure(
    "ListImportsInput", {{"TableArn", &text}, {"PageSize", &transfer_page}, {"NextToken", &text}});

}  // namespace pageturner::shapes
