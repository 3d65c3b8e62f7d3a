#!/usr/bin/env bash
# Shows how the AWS CLI reads a query result of more than one page.
#
# The script stores six films of 1993 and queries the titles of that year, five per page. The CLI
# requests the second page by itself: it sends the LastEvaluatedKey of the first response as the
# ExclusiveStartKey of the second request. All six titles are printed to the standard output as one
# result. --debug prints both responses, among other messages, to the standard error.
#
# Run it with a server on http://localhost:8010, or set PAGETURNER_ENDPOINT:
#
#     examples/movies.sh
#     examples/movies.sh 2>&1 | grep --after-context=1 'Response body'
#
# The table Movies is created if it does not exist; each run writes the films again.
set -o errexit -o nounset -o pipefail

endpoint="${PAGETURNER_ENDPOINT:-http://localhost:8010}"
export AWS_ACCESS_KEY_ID=example AWS_SECRET_ACCESS_KEY=example AWS_PAGER=
export AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1  # the second for version 1 of the CLI

dynamodb() {
  aws --endpoint-url "$endpoint" dynamodb "$@"
}

if ! dynamodb describe-table --table-name Movies >/dev/null 2>&1; then
  dynamodb create-table --table-name Movies \
    --attribute-definitions AttributeName=year,AttributeType=N AttributeName=title,AttributeType=S \
    --key-schema AttributeName=year,KeyType=HASH AttributeName=title,KeyType=RANGE \
    --billing-mode PAY_PER_REQUEST >/dev/null
  dynamodb wait table-exists --table-name Movies
fi

# The order in which they are written is not the order in which they are read.
dynamodb batch-write-item --request-items "$(cat <<'FILMS'
{
  "Movies": [
    {"PutRequest": {"Item": {
      "year": {"N": "1993"}, "title": {"S": "What's Eating Gilbert Grape"},
      "director": {"S": "Lasse Hallström"}
    }}},
    {"PutRequest": {"Item": {
      "year": {"N": "1993"}, "title": {"S": "Alive"},
      "director": {"S": "Frank Marshall"}
    }}},
    {"PutRequest": {"Item": {
      "year": {"N": "1993"}, "title": {"S": "A Perfect World"},
      "director": {"S": "Clint Eastwood"}
    }}},
    {"PutRequest": {"Item": {
      "year": {"N": "1993"}, "title": {"S": "Benny & Joon"},
      "director": {"S": "Jeremiah S. Chechik"}
    }}},
    {"PutRequest": {"Item": {
      "year": {"N": "1993"}, "title": {"S": "Addams Family Values"},
      "director": {"S": "Barry Sonnenfeld"}
    }}},
    {"PutRequest": {"Item": {
      "year": {"N": "1993"}, "title": {"S": "A Bronx Tale"},
      "director": {"S": "Robert De Niro"}
    }}}
  ]
}
FILMS
)" >/dev/null

dynamodb query --debug --page-size 5 --table-name Movies \
  --key-condition-expression '#released = :wanted' --projection-expression title \
  --expression-attribute-names '{"#released": "year"}' \
  --expression-attribute-values '{":wanted": {"N": "1993"}}' \
  --query 'Items[].title.S' --output json
