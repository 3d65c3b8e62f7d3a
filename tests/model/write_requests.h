// Converts writes to requests.
#pragma once

#include <boost/json.hpp>
#include <random>

#include "tests/model/update_model.h"

namespace pageturner::model {

// Return PutItem, UpdateItem, DeleteItem; in a transaction Put, Update, Delete, ConditionCheck.
const char* operation_name(WritingKind kind);
const char* action_name(WritingKind kind);

// Returns `write` as the body of an operation or as an action of a transaction. Draws one of the
// equivalent spellings of its expressions.
boost::json::object request_of(const Write& write, std::mt19937_64& random);

}  // namespace pageturner::model
