#include "tests/api/target.h"

#include <gtest/gtest.h>

#include <boost/crc.hpp>
#include <optional>
#include <regex>
#include <string>

#include "tests/support/http_client.h"

namespace pageturner {
namespace {

class InProcess : public Target {
 public:
  void begin(const CaseTable&) override { emulator_.emplace(EmulatorOptions{.http = false}); }
  Response call(std::string_view operation, std::string_view body) override {
    return emulator_->call(operation, body);
  }
  void end() override { emulator_.reset(); }

 private:
  std::optional<Emulator> emulator_;
};

class OverHttp : public Target {
 public:
  void begin(const CaseTable&) override {
    emulator_.emplace();
    client_.emplace(emulator_->port());
  }
  Response call(std::string_view operation, std::string_view body) override {
    HttpResponse response = client_->send(signed_request(operation, body));
    static const std::regex request_id("[0-9A-Z]{52}");
    EXPECT_TRUE(std::regex_match(response.header("x-amzn-requestid"), request_id));
    EXPECT_EQ(response.header("content-type"), "application/x-amz-json-1.0");
    boost::crc_32_type checksum;
    checksum.process_bytes(response.body.data(), response.body.size());
    EXPECT_EQ(response.header("x-amz-crc32"), std::to_string(checksum.checksum()));
    return {response.status, std::move(response.body)};
  }
  void end() override {
    client_.reset();
    emulator_.reset();
  }

 private:
  std::optional<Emulator> emulator_;
  std::optional<HttpClient> client_;
};

}  // namespace

std::unique_ptr<Target> make_in_process_target() { return std::make_unique<InProcess>(); }
std::unique_ptr<Target> make_http_target() { return std::make_unique<OverHttp>(); }

}  // namespace pageturner
