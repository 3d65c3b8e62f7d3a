"""The grammar of search_costs: random requests within DynamoDB's limits, and their mutations.

A candidate is a dictionary that stays small while its body may have 16 MB. Where a body repeats
itself, its JSON tree has a node of one of these kinds:
  ("repeat", count, part)   an array of `count` copies of `part`
  ("members", count, part)  an object of `count` members of the value `part`
  ("text", count, unit)     a string of `count` copies of `unit`
In a repeated part, the text %d is another number in each copy.
"""

import copy
import json
import re

from costly_bodies import BODY_BYTES_MAX, ONE, TABLES, names
from mutations import mutated_tree

EXPRESSION_BYTES_MAX = 4096
STATEMENT_BYTES_MAX = 8192
CLAUSES_MAX = 300
OPERATORS_MAX = 300
OPERATORS = re.compile(r"\b(?:AND|OR|NOT|IN|BETWEEN)\b|<=|>=|<>|[=<>]|\w\(")
# Between the numbers in the paths of an expression: 190,000 members for 400 paths.
INDEX_STEP = 450
# Attributes of the items in each table, and a key of one.
PATHS = {
    "sets": ["a", "b"],
    "maps": ["a", "b", "k", "l", "a.z", "a.m10999", "k[45000]", "l[45000]"],
    "deep": ["a"] + ["a" + ".m[0]" * depth for depth in (1, 7, 15)] + ["a" + ".m[0]" * 15 + "[9]"],
    "members": names("m", 3) + ["m49999"],
    "texts": ["a"],
    "lists": ["l", "l[0]", "l[194999]", "l[97000]"],
    "small": ["id", "n"],
    "large": ["id", "a"],
    "medium": ["id", "a"],
    "hundred": ["id", "l", "l[0]", "l[18999]"],
}
HUNDRED_KEYS = ("large", "medium", "hundred")
SEARCHED_TABLES = {
    **TABLES,
    "hundred": lambda: [
        {"id": {"S": name}, "l": {"L": [{"NULL": True}] * 19_000}} for name in names("k", 100)
    ],
}
COMPARISONS = ("=", "<>", "<", "<=", ">", ">=")
VALUES = names(":v", 6)
LIST_VALUE, SET_VALUE, STRING_VALUE, NUMBER_VALUE = VALUES[-4:]  # the others have any type
KINDS = ("filter", "condition", "update", "projection", "legacy", "statement", "body")
LEGACY_OPERATORS = {
    "NULL": 0, "NOT_NULL": 0, "EQ": 1, "NE": 1, "LT": 1, "CONTAINS": 1, "NOT_CONTAINS": 1,
    "BEGINS_WITH": 1, "BETWEEN": 2, "IN": 20,
}  # fmt: skip


# ---- Rendering.


def render(node, known=None):
    """Returns the JSON text of a tree. Raises OverflowError beyond the limit of a body. `known` has
    the texts of nodes by their identity, because a candidate uses one value many times."""
    known = {} if known is None else known
    if not isinstance(node, (tuple, dict, list)):
        return json.dumps(node)
    if id(node) not in known:
        known[id(node)] = (
            render_repeated(node, known)
            if isinstance(node, tuple)
            else (render_container(node, known))
        )
    return known[id(node)]


def render_repeated(node, known):
    kind, count, part = node
    text = json.dumps(part)[1:-1] if kind == "text" else render(part, known)
    if kind == "members":
        text = '"a%d":' + text
    if (len(text) + 1) * count > BODY_BYTES_MAX:
        raise OverflowError
    if kind == "text":
        return f'"{text * count}"'
    if "%d" in text:
        parts = text.split("%d")
        joined = ",".join([str(number).join(parts) for number in range(count)])
    else:
        joined = ",".join([text] * count)
    return "[" + joined + "]" if kind == "repeat" else "{" + joined + "}"


def render_container(node, known):
    size, found = 0, []
    is_object = isinstance(node, dict)
    for inner in node.items() if is_object else node:
        text = (
            f"{json.dumps(inner[0])}:{render(inner[1], known)}"
            if is_object
            else (render(inner, known))
        )
        size += len(text) + 1
        if size > BODY_BYTES_MAX:
            raise OverflowError
        found.append(text)
    joined = ",".join(found)
    return "{" + joined + "}" if is_object else "[" + joined + "]"


def fitting(clauses, joiner, size):
    """Joins as many of the clauses as fit into `size` bytes and the limit of operators."""
    found = []
    length = operators = 0
    operators_of_joiner = len(OPERATORS.findall(joiner))
    for clause in clauses[:CLAUSES_MAX]:
        length += len(joiner) + len(clause)
        operators += operators_of_joiner + len(OPERATORS.findall(clause))
        if length > size or operators > OPERATORS_MAX:
            break
        found.append(clause)
    return joiner.join(found)


def is_within(path, other):
    return path == other or (path.startswith(other) and path[len(other)] in ".[")


def numbered(clauses):
    """Returns pairs of an action and a text, in which each # is a number of its own, without paths
    that overlap with one before. The path is the begin of the text."""
    found, paths = [], []
    for number, (action_name, text) in enumerate(clauses):
        text = text.replace("#", str(number * INDEX_STEP))
        path = text.split(" ")[0]
        if not any(is_within(path, other) or is_within(other, path) for other in paths):
            paths.append(path)
            found.append((action_name, text))
    return found


def update_text(clauses):
    """Clauses of an update are pairs of an action and its operands."""
    text, size = "", EXPRESSION_BYTES_MAX
    clauses = numbered(clauses)
    for action_name in ("SET", "REMOVE", "ADD", "DELETE"):
        operands = [operand for name, operand in clauses if name == action_name]
        if operands and size > len(action_name) + 60:
            part = f"{action_name} " + fitting(operands, ",", size - len(action_name) - 2)
            text, size = f"{text} {part}".strip(), size - len(part) - 1
    return text


def keys_of(table, count):
    if table in HUNDRED_KEYS:
        return [{"id": {"S": name}} for name in names("k", min(count, 100))]
    return [{"id": {"S": "i"}, "n": {"N": "7"}}] if table == "small" else [ONE]


def with_values(parameters, candidate):
    """Adds the values that the expressions of `parameters` use."""
    text = " ".join(v for k, v in parameters.items() if k.endswith("Expression"))
    used = sorted(set(re.findall(r":v\d", text)))
    if used:
        parameters["ExpressionAttributeValues"] = {n: candidate["values"][n] for n in used}
    return parameters


def expressions(candidate):
    """Returns the members of a request that are expressions."""
    found = {}
    for member, clauses in candidate["expressions"].items():
        if member == "UpdateExpression":
            text = update_text(clauses)
        elif member == "ProjectionExpression":
            paths = [path for _, path in numbered([("", path) for path in clauses])]
            text = fitting(paths, ",", EXPRESSION_BYTES_MAX)
        else:
            text = fitting(clauses, candidate["joiner"], EXPRESSION_BYTES_MAX)
        if text:
            found[member] = text
    return found


def parameters_of_expressions(candidate):
    operation, table = candidate["operation"], candidate["table"]
    found = expressions(candidate)
    keys = keys_of(table, candidate["count"])
    if operation in ("Scan", "Query"):
        if operation == "Query":
            found["KeyConditionExpression"] = "id = :v0"
        return with_values({"TableName": table, **found, **candidate["more"]}, candidate)
    if operation == "BatchGetItem":
        return {"RequestItems": {table: {"Keys": keys, **found}}}
    if operation.startswith("Transact"):
        action = candidate["action"]
        one = {"TableName": table, **found}
        actions = []
        for key in keys:
            part = {"Item": {**key, **candidate["item"]}} if action == "Put" else {"Key": key}
            actions.append({action: with_values({**one, **part}, candidate)})
        return {"TransactItems": actions}
    part = {"Key": keys[0]}
    if operation == "PutItem":
        part = {"Item": {**keys[0], **candidate["item"]}}
    return with_values({"TableName": table, **part, **found, **candidate["more"]}, candidate)


def parameters_of_statement(candidate):
    table, clauses = candidate["table"], candidate["expressions"]["where"]
    where = fitting(clauses, candidate["joiner"], STATEMENT_BYTES_MAX - 900)
    key = "id='k%d'" if table in HUNDRED_KEYS else "id='one'"
    sets = " ".join(f"SET {clause}" for clause in candidate["expressions"]["set"])
    statement = {
        "SELECT": f'SELECT * FROM "{table}" WHERE {where}',
        "SELECT ONE": f'SELECT * FROM "{table}" WHERE {key} AND ({where})',
        "UPDATE": f'UPDATE "{table}" {sets} WHERE {key} AND ({where})',
        "DELETE": f'DELETE FROM "{table}" WHERE {key} AND ({where})',
        "INSERT": f"INSERT INTO \"{table}\" VALUE {{'id':'n%d','a':?,'b':?}}",
    }[candidate["action"]][:STATEMENT_BYTES_MAX]
    count = statement.count("?")
    values = [candidate["values"][VALUES[n % len(VALUES)]] for n in range(count)]
    one = {"Statement": statement, **({"Parameters": values} if values else {})}
    if candidate["operation"] == "ExecuteStatement":
        return json_with_numbers(one, 0)
    limit = 25 if candidate["operation"] == "BatchExecuteStatement" else 100
    member = "Statements" if limit == 25 else "TransactStatements"
    number = min(candidate["count"], limit)
    return {member: [json_with_numbers(one, n) for n in range(number)]}


def json_with_numbers(statement, number):
    return {**statement, "Statement": statement["Statement"].replace("%d", str(number))}


def body_of(candidate):
    """Returns the body of a candidate. Raises OverflowError if it is too large."""
    if "parameters" in candidate:
        parameters = candidate["parameters"]
    elif candidate["kind"] == "statement":
        parameters = parameters_of_statement(candidate)
    else:
        parameters = parameters_of_expressions(candidate)
    text = render(parameters)
    if len(text) > BODY_BYTES_MAX:
        raise OverflowError
    return text.replace("%d", "7").encode()


# ---- Random parts.


def size_of(chance, most):
    """Returns a number up to `most`, whose magnitude is random."""
    return max(1, int(most ** chance.random()))


def value(chance, depth=0):
    """Returns a random value of an attribute as a tree."""
    kind = chance.choice(["S", "N", "B", "NULL", "text", "NS", "SS", "L", "M", "nested"])
    if depth > 1 and kind in ("L", "M", "nested", "NS", "SS", "text"):
        kind = chance.choice(["S", "N", "NULL", "tiny"])
    most = chance.choice([100, 10_000, 60_000, 500_000]) if depth == 0 else 100
    many = size_of(chance, most)
    if kind == "S":
        return {"S": chance.choice(["", "one", "i", "aaaa", "%d"])}
    if kind == "N":
        return {"N": chance.choice(["0", "1", "-1", "%d", "1234567890.1234567890", "1e-120"])}
    if kind == "B":
        return {"B": chance.choice(["", "AAAA"])}
    if kind == "text":
        return {"S": ("text", many, chance.choice(["a", "ab", "\u00e9", '"', "\n"]))}
    if kind in ("NS", "SS"):
        part = {"NS": ["%d", "%d.5", "1%d00000000000000000000"], "SS": ["%d", "x" * 50 + "%d"]}[kind]  # fmt: skip
        return {kind: ("repeat", many, chance.choice(part))}
    if kind in ("L", "tiny"):
        return {"L": ("repeat", many, value(chance, depth + 1))} if kind == "L" else {"L": []}
    if kind == "M":
        return {"M": ("members", many, value(chance, depth + 1))}
    if kind == "nested":
        node = {"L": ("repeat", many, value(chance, depth + 1))}
        for _ in range(chance.randrange(1, 30)):
            node = {"L": [node]} if chance.random() < 0.5 else {"M": {"m": node}}
        return node
    return {"NULL": True}


def value_of_name(chance, name):
    """Returns a random value of the type that belongs to a name."""
    most = chance.choice([100, 10_000, 60_000, 500_000])
    if name == LIST_VALUE:
        return {"L": ("repeat", size_of(chance, most), value(chance, 1))}
    if name == SET_VALUE:
        return {"NS": ("repeat", size_of(chance, most), "%d")}
    if name == STRING_VALUE:
        return {"S": ("text", size_of(chance, most), chance.choice(["a", "x", "ab"]))}
    return {"N": "1"} if name == NUMBER_VALUE else value(chance)


def operand(chance, table, is_scalar=False):
    """Returns a random operand."""
    kind = chance.randrange(8)
    if kind < 4:
        return chance.choice(PATHS[table])
    if kind < 7:
        return chance.choice(VALUES[-2:] if is_scalar else VALUES)
    return f"size({chance.choice(PATHS[table])})"


def two_operands(chance, table, is_scalar=False):
    """Returns two operands that are different, as DynamoDB requires."""
    left = operand(chance, table, is_scalar)
    while (right := operand(chance, table, is_scalar)) == left:
        pass
    return left, right


def clause(chance, table, depth=0):
    """Returns a random condition."""
    kind = chance.randrange(9 if depth < 3 else 6)
    path = chance.choice(PATHS[table])
    if kind == 0:
        comparison = chance.choice(COMPARISONS)
        left, right = two_operands(chance, table, comparison not in ("=", "<>"))
        return f"{left} {comparison} {right}"
    if kind == 1:
        return f"{path} BETWEEN {NUMBER_VALUE} AND {NUMBER_VALUE}"
    if kind == 2:
        left, right = two_operands(chance, table)
        return f"{left} IN ({','.join([right] * size_of(chance, 99))})"
    if kind == 3:
        return f"contains({path},{chance.choice(VALUES)})"
    if kind == 4:
        return f"begins_with({path},{STRING_VALUE})"
    if kind == 5:
        one = chance.choice(["attribute_exists({})", "attribute_not_exists({})", "size({})>:v5"])
        return one.format(path)
    if kind == 6:
        return f"NOT {clause(chance, table, depth + 1)}"
    joiner = chance.choice([" AND ", " OR "])
    return f"({clause(chance, table, depth + 1)}{joiner}{clause(chance, table, depth + 1)})"


def action(chance, table):
    """Returns a random action of an update."""
    path, other = chance.choice(PATHS[table]), chance.choice(PATHS[table])
    target = chance.choice(["t#", "t#", f"{path}[#]", f"{path}.m#", path])
    kind = chance.choice(["SET", "SET", "SET", "SET", "REMOVE", "ADD", "DELETE"])
    if kind == "REMOVE":
        return kind, target
    if kind in ("ADD", "DELETE"):
        return kind, f"{chance.choice(['t#', path])} {SET_VALUE}"
    sources = [chance.choice([other, chance.choice(VALUES)]) for _ in range(2)]
    source = chance.choice([sources[0], f"if_not_exists({other},{sources[0]})",
                            f"list_append({chance.choice([other, LIST_VALUE])},{LIST_VALUE})",
                            f"{sources[0]} + {NUMBER_VALUE}"])  # fmt: skip
    return kind, f"{target} = {source}"


def projected_path(chance, table):
    path = chance.choice(PATHS[table])
    return chance.choice([path, f"{path}[#]", f"{path}.m#", "m#", f"{path}[#].m"])


def several(chance, make):
    """Returns random clauses, many of which may be equal."""
    found = [make() for _ in range(size_of(chance, 10))]
    if chance.random() < 0.5:
        found = found * size_of(chance, CLAUSES_MAX)
    return found[:CLAUSES_MAX]


# ---- Candidates.


def seed_of_expressions(kind, chance):
    table = chance.choice([*PATHS, "small", "sets", "maps"])
    candidate = {
        "kind": kind,
        "table": table,
        "joiner": chance.choice([" AND ", " OR "]),
        "values": {name: value_of_name(chance, name) for name in VALUES},
        "more": {},
        "item": {"z": value(chance)},
        "count": size_of(chance, 100),
        "action": "",
    }
    conditions = several(chance, lambda: clause(chance, table))
    if kind == "filter":
        operation = "Scan"
        if table != "small" and chance.random() < 0.3:  # that one has only attributes of its key
            operation = "Query"
            candidate["values"][":v0"] = {"S": "i" if table == "small" else "one"}
        found = {"FilterExpression": conditions}
    elif kind == "condition":
        operation = chance.choice(["PutItem", "DeleteItem", "UpdateItem", "TransactWriteItems"])
        candidate["action"] = chance.choice(["Put", "Delete", "ConditionCheck"])
        found = {"ConditionExpression": conditions}
    elif kind == "update":
        operation = chance.choice(["UpdateItem", "TransactWriteItems"])
        candidate["action"] = "Update"
        found = {"UpdateExpression": several(chance, lambda: action(chance, table))}
        if operation == "UpdateItem" and chance.random() < 0.5:
            returned = ["ALL_OLD", "ALL_NEW", "UPDATED_OLD", "UPDATED_NEW"]
            candidate["more"]["ReturnValues"] = chance.choice(returned)
    elif kind == "projection":
        operation = chance.choice(["GetItem", "Scan", "BatchGetItem", "TransactGetItems"])
        candidate["action"] = "Get"
        found = {"ProjectionExpression": several(chance, lambda: projected_path(chance, table))}
    else:
        operations = ["ExecuteStatement", "BatchExecuteStatement", "ExecuteTransaction"]
        operation = chance.choice(operations)
        actions = ["SELECT", "SELECT ONE", "UPDATE", "DELETE", "INSERT"]
        candidate["action"] = chance.choice(actions)
        found = {
            "where": several(chance, lambda: partiql_clause(chance, table)),
            "set": several(chance, lambda: partiql_set(chance, table))[:100],
        }
    return {**candidate, "operation": operation, "expressions": found}


def partiql_clause(chance, table):
    """A condition as one of PartiQL."""
    found = re.sub(r":v\d", "?", clause(chance, table))
    found = re.sub(r"IN \(([^)]*)\)", r"IN [\1]", found)
    found = re.sub(r"attribute_exists\(([^)]*)\)", r"\1 IS NOT MISSING", found)
    found = re.sub(r"attribute_not_exists\(([^)]*)\)", r"\1 IS MISSING", found)
    return chance.choice([found, found, "(id=? OR id=?)", "id IN [?,?,?]", "[1,{'a':<<1,2>>}]=?"])


def partiql_set(chance, table):
    path = chance.choice(PATHS[table])
    target = f"t{chance.randrange(1000)}"
    return f"{target}=" + chance.choice(
        ["?", path, f"list_append({path},?)", f"set_add({path},?)", f"set_delete({path},?)"]
    )


def legacy_condition(chance):
    operator = chance.choice(list(LEGACY_OPERATORS))
    operands = LEGACY_OPERATORS[operator]
    condition = {"ComparisonOperator": operator}
    if operands:
        count = size_of(chance, 100_000) if operator == "IN" else operands
        condition["AttributeValueList"] = ("repeat", count, value(chance, chance.randrange(3)))
    return condition


def seed_of_legacy(chance):
    table = chance.choice(list(PATHS))
    conditions = {name: legacy_condition(chance) for name in PATHS[table][:2]}
    if chance.random() < 0.5:
        conditions = ("members", size_of(chance, 400_000), legacy_condition(chance))
    table_and = {"TableName": table}
    one = {**table_and, "Key": keys_of(table, 1)[0]}
    both = chance.choice([{}, {}, {"ConditionalOperator": "OR"}])
    update = {"Action": chance.choice(["PUT", "ADD", "DELETE"]), "Value": value(chance, 1)}
    equal = {"ComparisonOperator": "EQ", "AttributeValueList": [keys_of(table, 1)[0]["id"]]}
    operation, parameters = chance.choice(
        [
            ("Scan", {**table_and, "ScanFilter": conditions, **both}),
            (
                "Query",
                {**table_and, "KeyConditions": {"id": equal}, "QueryFilter": conditions, **both},
            ),
            ("Query", {**table_and, "KeyConditions": conditions}),
            ("DeleteItem", {**one, "Expected": conditions, **both}),
            (
                "UpdateItem",
                {**one, "AttributeUpdates": ("members", size_of(chance, 300_000), update)},
            ),
            ("GetItem", {**one, "AttributesToGet": ("repeat", size_of(chance, 10**6), "a%d")}),
        ]
    )
    return {"kind": "legacy", "operation": operation, "table": table, "parameters": parameters}


def seed(kind, chance, valid):
    """Returns a random candidate. `valid` are the operations of valid_requests.py."""
    if kind == "legacy":
        return seed_of_legacy(chance)
    if kind == "body":
        operation, parameters = chance.choice(valid)
        found = {"kind": kind, "operation": operation, "table": "", "parameters": parameters}
        return mutated_body(found, chance)
    return seed_of_expressions(kind, chance)


# ---- Mutations.


def places(node, found):
    """Appends a pair of container and key for each node of a tree below `node`."""
    if isinstance(node, dict):
        keys = list(node)
    elif isinstance(node, list):
        keys = range(len(node))
    else:
        return found
    for key in keys:
        found.append((node, key))
        inner = node[key]
        places(inner[2] if isinstance(inner, tuple) else inner, found)
    return found


def scaled(node, chance):
    """Returns a repeating node with another count or another part."""
    kind, count, part = node
    if kind != "text" and chance.random() < 0.3:
        return kind, count, chance.choice([value(chance, 1), {}, [], "", 0, "%d", part])
    factor = chance.choice([0.1, 0.5, 0.9, 1.2, 2, 10])
    return kind, max(1, min(6_000_000, int(count * factor))), part


def mutated_body(candidate, chance):
    parameters = copy.deepcopy(candidate["parameters"])
    found = places(parameters, [])
    if not found:
        parameters["x"] = ("repeat", size_of(chance, 5_000_000), chance.choice([{}, [], 0, ""]))
        return {**candidate, "parameters": parameters}
    repeated = [place for place in found if isinstance(place[0][place[1]], tuple)]
    node, key = chance.choice(repeated if repeated and chance.random() < 0.7 else found)
    inner = node[key]
    kind = chance.randrange(6)
    if isinstance(inner, tuple):
        node[key] = scaled(inner, chance)
    elif isinstance(inner, list) and kind < 4:
        part = (
            chance.choice(inner) if inner and chance.random() < 0.7 else chance.choice([{}, "%d"])
        )
        node[key] = ("repeat", size_of(chance, 5_000_000), part)
    elif isinstance(inner, dict) and kind < 4:
        part = chance.choice(list(inner.values())) if inner else {}
        node[key] = ("members", size_of(chance, 1_000_000), part)
    elif isinstance(inner, str) and kind < 3:
        unit = chance.choice([inner or "a", "a", '"', "\n", "(", "NOT ", "\u20ac"])
        node[key] = ("text", size_of(chance, BODY_BYTES_MAX // len(unit)), unit)
    elif kind == 5 and not repeated:
        parameters = mutated_tree(parameters, chance)
    else:
        node[key] = value(chance)
    return {**candidate, "parameters": parameters}


def mutated_clauses(clauses, make, chance):
    clauses = list(clauses)
    kind = chance.randrange(6)
    if kind == 0 or not clauses:
        clauses.insert(0, make())
    elif kind == 1:
        clauses[chance.randrange(len(clauses))] = make()
    elif kind == 2:
        clauses = clauses * size_of(chance, CLAUSES_MAX)
    elif kind == 3:
        clauses = [chance.choice(clauses)] * size_of(chance, CLAUSES_MAX)
    elif kind == 4 and len(clauses) > 1:
        del clauses[chance.randrange(len(clauses))]
    else:
        clauses.append(make())
    return clauses[:CLAUSES_MAX]


def mutated(candidate, chance):
    """Returns a copy of a candidate with one change."""
    if "parameters" in candidate:
        return mutated_body(candidate, chance)
    candidate = {**candidate, "values": dict(candidate["values"])}
    table, kind = candidate["table"], chance.randrange(8)
    makers = {
        "UpdateExpression": lambda: action(chance, table),
        "ProjectionExpression": lambda: projected_path(chance, table),
        "where": lambda: partiql_clause(chance, table),
        "set": lambda: partiql_set(chance, table),
    }
    if kind < 4:
        member = chance.choice(list(candidate["expressions"]))
        make = makers.get(member, lambda: clause(chance, table))
        clauses = mutated_clauses(candidate["expressions"][member], make, chance)
        candidate["expressions"] = {**candidate["expressions"], member: clauses}
    elif kind == 4:
        candidate["joiner"] = chance.choice([" AND ", " OR ", " AND NOT "])
    elif kind == 5:
        candidate["count"] = chance.choice([1, 25, 100, size_of(chance, 100)])
        candidate["item"] = {"z": value(chance)}
    else:
        name = chance.choice(VALUES)
        if name == ":v0" and candidate["operation"] == "Query":
            return candidate
        ((type_name, inner),) = candidate["values"][name].items()
        if isinstance(inner, tuple) and chance.random() < 0.6:
            candidate["values"][name] = {type_name: scaled(inner, chance)}
        elif name in VALUES[:2] and chance.random() < 0.3:  # two equal values
            candidate["values"][name] = candidate["values"][chance.choice(VALUES)]
        else:
            candidate["values"][name] = value_of_name(chance, name)
    return candidate
