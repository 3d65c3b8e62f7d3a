// The version of Pageturner.
#pragma once

#include <string_view>

namespace pageturner {

// "0.2.0", the version of project() in CMakeLists.txt.
std::string_view pageturner_version();

}  // namespace pageturner
