#!/bin/sh
# Makes the namespace, and the search attributes by which operators list cases. Running it again changes nothing.
set -eu

attributes='Office:Keyword Mode:Keyword'

operator() {
    temporal operator "$@" --namespace "$TEMPORAL_NAMESPACE"
}

# Temporal knows a new namespace, and a new attribute, only after a while: what comes too soon is tried again.
insist() {
    tries=0
    until "$@"; do
        tries=$((tries + 1))
        if [ "$tries" -ge 60 ]; then
            echo "gave up: $*" >&2
            exit 1
        fi
        sleep 1
    done
}

has_attribute() {
    operator search-attribute list --output json | grep -q "\"$1\""
}

add_attribute() {
    has_attribute "$1" || operator search-attribute create --name "$1" --type "$2"
    has_attribute "$1"
}

insist temporal operator cluster health
operator namespace describe >/dev/null 2>&1 || operator namespace create --retention "$RETENTION"
insist operator namespace update --retention "$RETENTION"
for attribute in $attributes; do
    insist add_attribute "${attribute%:*}" "${attribute#*:}"
done
echo "set up: $TEMPORAL_NAMESPACE; histories of ended cases are kept for $RETENTION"
