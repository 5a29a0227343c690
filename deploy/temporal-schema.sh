#!/bin/sh
# Creates Temporal's two databases and brings their schemas to the version of this image. Running it again changes nothing.
set -eu

for database in temporal temporal_visibility; do
    tool() {
        temporal-sql-tool --plugin postgres12 --ep "$SQL_HOST" -p 5432 -u "$SQL_USER" --db "$database" "$@"
    }
    tool create
    tool setup-schema -v 0.0
    tool update-schema -d "/etc/temporal/schema/postgresql/v12/${database#temporal_}/versioned"
done
