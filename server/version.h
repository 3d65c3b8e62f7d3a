// Which version of Pageturner this is.
#pragma once

#include <string_view>

namespace pageturner {

// "0.2.0": what project() in CMakeLists.txt says.
std::string_view pageturner_version();

}  // namespace pageturner
