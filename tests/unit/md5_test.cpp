// Why: the order of a Scan and the checksums of exports are MD5 digests, and padding has edges at
// the size of a block. Sources: RFC 1321, A.5; the other digests are those of another program.
#include "protocol/md5.h"

#include <gtest/gtest.h>

#include "tests/format/bytes.h"

namespace pageturner {
namespace {

TEST(Md5, IsThatOfTheRfc) {
  const struct {
    std::string text;
    const char* digest;
  } rows[] = {
      {"", "D41D8CD98F00B204E9800998ECF8427E"},
      {"a", "0CC175B9C0F1B6A831C399E269772661"},
      {"abc", "900150983CD24FB0D6963F7D28E17F72"},
      {"message digest", "F96B697D7CB7938D525A2F31AAF161D0"},
      {"abcdefghijklmnopqrstuvwxyz", "C3FCD3D76192E4007DFB496CCA67E13B"},
      {"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
       "D174AB98D277D9F5A5611C2C9F419D9F"},
      {"12345678901234567890123456789012345678901234567890123456789012345678901234567890",
       "57EDF4A22BE3C955AC49DA2E2107B67A"},
      {std::string(55, 'k'), "F79F83E3ACED4F982E07A1506063B383"},
      {std::string(56, 'k'), "591A02036EC465BA18D49FCF542393C4"},
      {std::string(57, 'k'), "2DF4393AEDBFDADBCF707D9C5715E557"},
      {std::string(63, 'k'), "C50D8E66810E6C9B4BEE06AF0D93A639"},
      {std::string(64, 'k'), "A18CC771B8188FF945D0DD7757C50FD1"},
      {std::string(65, 'k'), "AEDBC330EC135BF79F8A1988A8CF9531"},
      {std::string(119, 'k'), "E98DFF4FA8DE0399E290A5A387AA4CA1"},
      {std::string(120, 'k'), "79856B3763FE0EB68F4F8A05651AC41A"},
      {std::string(128, 'k'), "F482D48B15F0276FC01DB6D687A1BE3E"},
      {std::string(200, 'k'), "2101C6946454FAA28922F1997BA3D50F"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(hex(md5(row.text).view()), row.digest) << row.text;
    for (std::size_t cut = 0; cut <= row.text.size(); ++cut) {
      Md5 sum;
      sum.add(std::string_view(row.text).substr(0, cut));
      sum.add(std::string_view(row.text).substr(cut));
      ASSERT_EQ(hex(sum.digest().view()), row.digest) << row.text << " cut at " << cut;
    }
  }
}

}  // namespace
}  // namespace pageturner
