// DynamoDB inside your own program: create an Emulator, connect a client to its endpoint or call
// its operations without HTTP, stop it. A process may have several; they share no data (only caches
// of each thread). EmulatorOptions sets everything; no environment variables are read.
//
//   pageturner::Emulator emulator;               // listens on a free port of localhost
//   run_my_tests_against(emulator.endpoint());   // "http://127.0.0.1:40123"
//   pageturner::Response response = emulator.call("ListTables", "{}");
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
  // The addresses to listen on: IP addresses and "localhost", separated by commas. "localhost" is
  // 127.0.0.1 and, if the machine has it, ::1, so that clients reach it over either family.
  std::string host = "localhost";
  std::uint16_t port = 0;  // 0 selects a port that is free on all addresses
  unsigned threads = 1;    // 0: one for each core
  bool http = true;        // false: no socket and no threads; only call() is available
  // How long tables and indexes are shown as CREATING, UPDATING and DELETING. 0: every change is
  // complete when its call returns.
  std::int64_t transition_milliseconds = 0;
  // The interval in which expired items are deleted; 0 disables the sweep. Without threads call()
  // runs it when it is due.
  unsigned time_to_live_sweep_milliseconds = 500;
  unsigned stream_shards = 1;  // shards of each stream, 1 to 1,000
  // The folder that replaces S3 for exports and imports: each bucket is a folder in it. Empty:
  // there are no buckets.
  std::string s3_root = {};
  // The keys that HTTP requests must be signed with. Empty: any key and any signature is accepted.
  std::vector<AccessKey> access_keys = {};
  // The memory ceiling for all that is kept, in bytes: writes that would exceed it fail with
  // ItemCollectionSizeLimitExceededException; changes of tables, backups, exports and imports fail
  // with LimitExceededException. 0: no ceiling.
  std::size_t max_memory_bytes = 0;
};

// The response of an operation.
struct Response {
  unsigned http_status = 0;  // 200, or the status of an error
  std::string body;          // JSON; empty if the service sends no body (TagResource)
};

// call() may be called by any thread at any time. All other members, the destructor among them,
// must be called by one thread at a time.
class Emulator {
 public:
  // Starts an emulator without tables. Throws std::runtime_error, with a message of one line, if it
  // cannot listen. No other member throws, except std::bad_alloc.
  explicit Emulator(const EmulatorOptions& options = {});
  // Calls stop(). Requires: all calls of call() have returned.
  ~Emulator();
  Emulator(const Emulator&) = delete;
  Emulator& operator=(const Emulator&) = delete;

  // Returns the port that it listens on; 0 without HTTP or after stop().
  std::uint16_t port() const;
  // Returns the URL of the first address, which needs no name resolution:
  // "http://127.0.0.1:40123". Empty without HTTP or after stop().
  std::string endpoint() const;

  // Runs one operation, "PutItem", "DynamoDB_20120810.PutItem" or
  // "DynamoDBStreams_20120810.ListStreams", with the JSON `body`, as HTTP would but without
  // authentication. May be called by any thread at any time, also during and after stop(), until
  // the destructor begins.
  Response call(std::string_view operation, std::string_view body);

  // Answers the requests that have arrived, closes all connections and releases the port. Waits for
  // operations of HTTP clients, without a time limit; call() stays available, and the data is kept.
  // A second call does nothing.
  void stop();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace pageturner
