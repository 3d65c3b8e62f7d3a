// DynamoDB inside your own program: start an Emulator, point a client at its endpoint or call its
// operations without HTTP, stop it. Any number of them can live in one process; they share nothing.
//
//   pageturner::Emulator emulator;                            // listens on a free port of
//   127.0.0.1 run_my_tests_against(emulator.endpoint());         // "http://127.0.0.1:40123"
//   pageturner::Answer answer = emulator.call("ListTables", "{}");
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "pageturner/access_key.h"

namespace pageturner {

struct EmulatorOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;  // 0 picks a free one
  unsigned threads = 1;    // 0: one for each core
  bool http = true;        // false: no socket and no threads; only call() answers
  // How long tables and indexes are shown as CREATING, UPDATING and DELETING. 0: every change is
  // done when the call that makes it returns.
  std::int64_t transition_milliseconds = 0;
  // How often expired items are looked for; 0: never. Without threads call() does it, when it is
  // due.
  unsigned time_to_live_sweep_milliseconds = 500;
  unsigned stream_shards = 1;  // shards of each stream, 1 to 1,000
  // The folder that stands for S3 in exports and imports: a bucket is a folder in it. Empty: there
  // are no buckets.
  std::string s3_root = {};
  // The keys that HTTP requests have to be signed with. Empty: any key and any signature will do.
  std::vector<AccessKey> access_keys = {};
  // The memory that the data may take, in bytes: writes that would take more fail with
  // ItemCollectionSizeLimitExceededException or, of whole tables, LimitExceededException. 0: as
  // much as there is.
  std::size_t max_memory_bytes = 0;
};

// What an operation answered.
struct Response {
  unsigned http_status = 0;  // 200, or that of an error
  std::string body;          // JSON; empty where the service sends no body (TagResource)
};

class Emulator {
 public:
  // Starts with no tables. Throws std::runtime_error, with one line that says why, where it cannot
  // listen; nothing else of the emulator throws.
  explicit Emulator(const EmulatorOptions& options = {});
  // Stops.
  ~Emulator();
  Emulator(const Emulator&) = delete;
  Emulator& operator=(const Emulator&) = delete;

  // The port listened on; 0 without HTTP or after stop().
  std::uint16_t port() const;
  // "http://127.0.0.1:40123"; empty without HTTP or after stop().
  std::string endpoint() const;

  // Runs one operation, "PutItem", "DynamoDB_20120810.PutItem" or
  // "DynamoDBStreams_20120810.ListStreams", on the JSON `body`, as HTTP would but without
  // authentication. From any thread, also after stop().
  Response call(std::string_view operation, std::string_view body);

  // Answers what has arrived, closes all connections and gives the port back. The data stays. A
  // second call does nothing.
  void stop();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace pageturner
