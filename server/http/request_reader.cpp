#include "server/http/request_reader.h"

#include <algorithm>
#include <atomic>
#include <boost/asio/buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <cstring>
#include <utility>

#include "server/http/http_limits.h"
#include "server/http/memory_reserve.h"

namespace pageturner {
namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::beast::error_code;
using boost::beast::string_view;

std::string_view to_std(string_view text) { return {text.data(), text.size()}; }

// A client of a proxy sends the whole URL. Its path becomes what follows the host; a URL without a
// path gets the slash of its "//" as its path.
void split_absolute_target(RequestHead& head) {
  const auto scheme = head.path.find("://");
  if (head.path.starts_with('/') || scheme == std::string_view::npos) return;
  const std::string_view url = head.path;
  const auto host = scheme + 3;
  const auto path = std::min(url.find_first_of("/?", host), url.size());
  head.host = url.substr(host, path - host);
  head.path = path < url.size() && url[path] == '/' ? url.substr(path) : url.substr(host - 1, 1);
}

// Whether `host` consists of visible ASCII, as every name and address does (RFC 9110, 7.2). It is
// part of responses (DescribeEndpoints), so it must be valid there.
bool is_printable_host(std::string_view host) {
  return std::all_of(host.begin(), host.end(), [](char c) { return c > ' ' && c <= '~'; });
}

// The bytes of all requests larger than read_buffer_bytes_kept_max that the process holds: see
// held_bytes_max.
std::atomic<std::size_t> held_bytes_of_all = 0;

}  // namespace

// Beast's parser; this extracts the parts of the head that are used. It is given a head as one
// piece and then, for chunked bodies only, the chunks.
class RequestReader::Parser final : public http::basic_parser<true> {
 public:
  explicit Parser(RequestHead& head) : head_(head) {
    header_limit(static_cast<std::uint32_t>(http_limits::head_bytes_max));
    body_limit(std::uint64_t{http_limits::body_bytes_max});
    eager(false);
  }

  // Where the next decoded byte of a chunked body is written: never after the byte that it is
  // decoded from.
  char* body_end = nullptr;
  bool expects_continue = false;
  bool has_unknown_coding = false;
  bool is_head_done = false;

 private:
  void on_request_impl(http::verb, string_view method, string_view target, int version,
                       error_code&) override {
    is_version_1_1_ = version == 11;
    head_.method = to_std(method);
    head_.path = to_std(target);
  }

  void on_field_impl(http::field field, string_view name, string_view value,
                     error_code& error) override {
    if (is_head_done) return;  // a trailer, which must not change the request
    switch (field) {
      case http::field::host:
        // RFC 9112, 3.2: a request with several is answered with 400.
        if (std::exchange(has_host_, true)) error = http::error::bad_value;
        return keep_first(head_.host, value);
      case http::field::content_type:
        return keep_first(head_.content_type, value);
      case http::field::content_encoding:
        return keep_first(head_.content_encoding, value);
      case http::field::authorization:
        return keep_first(head_.authorization, value);
      case http::field::date:
        return keep_first(head_.date, value);
      case http::field::origin:
        return keep_first(head_.origin, value);
      case http::field::access_control_request_headers:
        return keep_first(head_.access_control_request_headers, value);
      case http::field::access_control_request_method:
        return keep_first(head_.access_control_request_method, value);
      case http::field::expect:
        expects_continue = is_version_1_1_ && beast::iequals(value, "100-continue");
        return;
      case http::field::transfer_encoding:
        has_unknown_coding |= !beast::iequals(value, "chunked");
        return;
      case http::field::sec_fetch_dest:
      case http::field::sec_fetch_mode:
      case http::field::sec_fetch_site:
      case http::field::sec_fetch_user:
        head_.has_fetch_metadata = true;
        return;
      case http::field::unknown:
        if (beast::iequals(name, "X-Amz-Target")) return keep_first(head_.target, value);
        if (beast::iequals(name, "X-Amz-Date")) return keep_first(head_.amz_date, value);
        return;
      default:
        return;
    }
  }

  std::size_t on_chunk_body_impl(std::uint64_t, string_view data, error_code&) override {
    std::memmove(body_end, data.data(), data.size());
    body_end += data.size();
    return data.size();
  }

  void on_header_impl(error_code&) override { is_head_done = true; }
  void on_response_impl(int, string_view, int, error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(string_view data, error_code&) override { return data.size(); }
  void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
  void on_finish_impl(error_code&) override {}

  static void keep_first(std::string_view& field, string_view value) {
    if (field.empty()) field = to_std(value);
  }

  RequestHead& head_;
  bool is_version_1_1_ = false;
  bool has_host_ = false;
};

RequestReader::RequestReader() { trim(); }

RequestReader::~RequestReader() { hold(0); }

// Sets the part of this connection in held_bytes_of_all.
void RequestReader::hold(std::size_t bytes) {
  const std::size_t held = bytes > http_limits::read_buffer_bytes_kept_max ? bytes : 0;
  is_over_limit_ = false;
  if (held == held_bytes_) return;
  const std::size_t added = held - held_bytes_;  // wraps around if it is less
  const std::size_t sum = held_bytes_of_all.fetch_add(added, std::memory_order_relaxed) + added;
  // The one that passes the limit is refused, and no other.
  is_over_limit_ = held > held_bytes_ && sum > http_limits::held_bytes_max;
  held_bytes_ = held;
}

void RequestReader::trim() {
  PAGETURNER_ASSERT(is_empty());
  hold(0);
  begin_ = end_ = 0;
  was_filled_ = false;
  if (capacity_ == http_limits::read_buffer_bytes_min) return;
  buffer_ = std::make_unique_for_overwrite<char[]>(http_limits::read_buffer_bytes_min);
  capacity_ = http_limits::read_buffer_bytes_min;
}

std::span<char> RequestReader::prepare() {
  if (is_complete_) drop_request();
  std::size_t wanted = capacity_;
  if (part_ == Part::sized_body) {
    wanted = request_bytes_;
  } else if (end_ == capacity_ && begin_ == 0) {
    wanted = 2 * capacity_;
  }
  if (was_filled_ && wanted < http_limits::read_buffer_bytes_busy) {
    wanted = http_limits::read_buffer_bytes_busy;
  }
  was_filled_ = false;
  if (wanted > capacity_) {
    move_message(wanted);
  } else if (begin_ + wanted > capacity_) {
    move_message(capacity_);
  }
  return {buffer_.get() + end_, capacity_ - end_};
}

void RequestReader::commit(std::size_t count) {
  end_ += count;
  was_filled_ = end_ == capacity_ && part_ != Part::sized_body;
  hold(message_bytes());
}

// Moves the current request to the start of a buffer of `capacity` bytes, and adjusts the views of
// its head.
void RequestReader::move_message(std::size_t capacity) {
  const std::size_t bytes = message_bytes();
  const char* const from = message();
  std::unique_ptr<char[]> larger;
  if (capacity != capacity_) {
    const ReserveUse no_use(false);  // its blocks are too small, and would all be freed in vain
    larger = std::make_unique_for_overwrite<char[]>(capacity);
  }
  char* const to = larger ? larger.get() : buffer_.get();
  if (bytes > 0) std::memmove(to, from, bytes);
  RequestHead& head = request_.head;
  for (std::string_view* view :
       {&head.method, &head.path, &head.host, &head.target, &head.content_type,
        &head.content_encoding, &head.authorization, &head.amz_date, &head.date, &head.origin,
        &head.access_control_request_headers, &head.access_control_request_method,
        &head.header_lines}) {
    if (!view->empty()) *view = {to + (view->data() - from), view->size()};
  }
  if (larger) {
    buffer_ = std::move(larger);
    capacity_ = capacity;
  }
  begin_ = 0;
  end_ = bytes;
}

void RequestReader::drop_request() {
  begin_ += request_bytes_;
  if (begin_ == end_) begin_ = end_ = 0;
  part_ = Part::head;
  scanned_ = line_begin_ = head_bytes_ = request_bytes_ = 0;
  is_complete_ = owes_continue_ = false;
  request_ = {};
  parser_.reset();
  // A chunked body may leave a large buffer behind, of which only the bytes are counted.
  const bool is_large = capacity_ > http_limits::read_buffer_bytes_busy;
  if (is_large && !is_empty() && message_bytes() <= http_limits::read_buffer_bytes_busy) {
    move_message(http_limits::read_buffer_bytes_busy);
  }
  hold(message_bytes());
}

RequestReader::State RequestReader::refuse(unsigned status) {
  refusal_ = status;
  return State::refused;
}

bool RequestReader::may_begin_probe() const {
  const std::size_t begin = begin_ + (is_complete_ ? request_bytes_ : 0);
  return begin == end_ || buffer_[begin] == 'G' || buffer_[begin] == 'H';
}

// Frees the request, so that those of other connections can be received.
RequestReader::State RequestReader::refuse_to_hold() {
  hold(0);  // before the buffer is freed, which takes long
  buffer_.reset();
  capacity_ = begin_ = end_ = 0;
  request_ = {};
  return refuse(503);
}

bool RequestReader::take_continue() {
  if (!owes_continue_ || message_bytes() > head_bytes_) return false;
  owes_continue_ = false;
  return true;
}

RequestReader::State RequestReader::next() {
  if (is_complete_) drop_request();
  if (refusal_ != 0) return State::refused;
  if (is_over_limit_) return refuse_to_hold();
  if (part_ == Part::head) {
    if (find_head_end()) parse_head();
    if (refusal_ != 0) return State::refused;
    if (part_ == Part::head) return State::incomplete;
  }
  if (part_ == Part::chunked_body) {
    is_complete_ = decode_chunks();
    if (refusal_ != 0) return State::refused;
  } else {
    is_complete_ = message_bytes() >= request_bytes_;
    body_end_ = request_bytes_;
  }
  if (!is_complete_) return State::incomplete;
  request_.body = {message() + head_bytes_, body_end_ - head_bytes_};
  return State::complete;
}

// Searches the empty line that ends the head. Checks line by line, to reject at once what cannot
// become a request: a client that speaks TLS or ends its lines with bare line feeds would wait
// forever otherwise.
bool RequestReader::find_head_end() {
  if (scanned_ == 0) {
    // RFC 9112, 2.2: empty lines before a request are ignored.
    while (begin_ < end_ && (buffer_[begin_] == '\r' || buffer_[begin_] == '\n')) ++begin_;
    if (begin_ == end_) {
      begin_ = end_ = 0;
      return false;
    }
    if (*message() <= ' ' || *message() == '\x7f') return refuse(400), false;
  }
  const std::string_view text(message(), message_bytes());
  for (;;) {
    const auto line_feed = text.find('\n', scanned_);
    if (line_feed == std::string_view::npos) break;
    if (text[line_feed - 1] != '\r') return refuse(400), false;
    scanned_ = line_feed + 1;
    const std::string_view line = text.substr(line_begin_, line_feed - 1 - line_begin_);
    if (line.empty()) {
      head_bytes_ = scanned_;
      if (head_bytes_ > http_limits::head_bytes_max) refuse(431);
      return refusal_ == 0;
    }
    if (line_begin_ == 0 && (line.size() < 8 || line.substr(line.size() - 8, 7) != "HTTP/1.")) {
      return refuse(400), false;
    }
    // A value folded over lines. RFC 9112, 5.2 allows to reject it.
    if (line_begin_ > 0 && (line.front() == ' ' || line.front() == '\t')) return refuse(400), false;
    line_begin_ = scanned_;
  }
  scanned_ = text.size();
  if (scanned_ > http_limits::head_bytes_max) refuse(431);
  return false;
}

// Parses the complete head and determines how the body is framed.
void RequestReader::parse_head() {
  Parser parser(request_.head);
  const std::string_view text(message(), head_bytes_);
  error_code error;
  parser.put(boost::asio::buffer(text), error);
  if (error == http::error::body_limit) return void(refuse(413));
  if (error == http::error::header_limit) return void(refuse(431));
  if (error || !parser.is_head_done) return void(refuse(400));
  // The end of the body cannot be found without knowing the coding.
  if (parser.has_unknown_coding) return void(refuse(501));

  request_.head.header_lines = text.substr(text.find('\n') + 1);
  request_.keep_alive = parser.keep_alive();
  owes_continue_ = parser.expects_continue;
  if (parser.chunked()) {
    // Parsed a second time, so that the usual request needs no parser on the heap.
    part_ = Part::chunked_body;
    body_end_ = raw_begin_ = head_bytes_;
    parser_ = std::make_unique<Parser>(request_.head);
    parser_->put(boost::asio::buffer(text), error);
  } else {
    part_ = Part::sized_body;
    request_bytes_ = head_bytes_ + static_cast<std::size_t>(parser.content_length().value_or(0));
  }
  split_absolute_target(request_.head);
  if (!is_printable_host(request_.head.host)) refuse(400);
}

// Decodes in place: decoded bytes are appended to the head, bytes that cannot be decoded yet are
// moved up behind them. So the body is contiguous, and the buffer is hardly larger than the body.
// Returns true once the last chunk and the trailers were received.
bool RequestReader::decode_chunks() {
  // The last chunk at its shortest. Beast fails an assertion if it is given less of it after the
  // chunk's line; and no body ends with less after the decoded part. Beast consumes a chunk's line
  // or its data at a time, so this is checked before each.
  constexpr std::size_t last_chunk_bytes_min = std::string_view("0\r\n\r\n").size();
  parser_->body_end = message() + body_end_;
  error_code error;
  while (message_bytes() - raw_begin_ >= last_chunk_bytes_min && !parser_->is_done() && !error) {
    raw_begin_ += parser_->put(
        boost::asio::buffer(message() + raw_begin_, message_bytes() - raw_begin_), error);
  }
  body_end_ = static_cast<std::size_t>(parser_->body_end - message());
  if (error == http::error::body_limit) return refuse(413), false;
  if (error && error != http::error::need_more) return refuse(400), false;
  if (parser_->is_done()) {
    request_bytes_ = raw_begin_;
    return true;
  }
  // The rest is less than a chunk's line or the trailers, which are limited like a head.
  const std::size_t raw_bytes = message_bytes() - raw_begin_;
  if (raw_bytes > http_limits::head_bytes_max) return refuse(400), false;
  std::memmove(message() + body_end_, message() + raw_begin_, raw_bytes);
  raw_begin_ = body_end_;
  end_ = begin_ + body_end_ + raw_bytes;
  return false;
}

}  // namespace pageturner
