// What an UpdateItem counts against the limit of 400 KB before it reads the item.
#pragma once

#include <cstddef>

#include "protocol/expression/update.h"

namespace pageturner {

// Returns the charge of `update`, an UpdateExpression with its names and values in place, in bytes.
// UpdateItem refuses a charge above limits::item_size_bytes_max before it evaluates its condition,
// whatever the size of the item before and after. The key, attributes that the update does not
// name, and what an operand finds in the item are not counted. The charge is 3 and, for each
// clause:
//
//   SET target = operand   19 + target + operand
//   ADD target value       19 + target + value
//   REMOVE target           1 + target
//   DELETE target value     1 + target
//
//   target                     its first name; for each further element 4 + element
//   value                      its documented size (see size_bytes), at every use
//   path                       1; for each element 14 + element
//   x + y                      34 + both operands
//   x - y                      37 + both operands
//   if_not_exists(path, x)     39 + both operands
//   list_append(x, y)          37 + both operands
//   element                    the bytes of the name, or the digits of the index
//
// Source: measured clause by clause in eu-west-2 in August and October 2026; us-east-1 has the same
// charge. Functions inside others and inside sums are not measured; here they add up.
// Stops counting above limits::item_size_bytes_max.
std::size_t update_charge_bytes(const Update& update);

}  // namespace pageturner
