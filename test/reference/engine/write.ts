/** Writes hostile names and texts in each dialect: `npx tsx test/reference/engine/write.ts | python3 test/reference/engine/read_back.py`. */
import { bigqueryDialect } from '../../../src/adapters/engine/bigquery-dialect.js'
import { clickhouseDialect } from '../../../src/adapters/engine/clickhouse-dialect.js'
import { duckdbDialect } from '../../../src/adapters/engine/duckdb-dialect.js'
import { snowflakeDialect } from '../../../src/adapters/engine/snowflake-dialect.js'
import { sparkDialect } from '../../../src/adapters/engine/spark-dialect.js'

const dialects = {
  bigquery: bigqueryDialect,
  clickhouse: clickhouseDialect,
  duckdb: duckdbDialect,
  snowflake: snowflakeDialect,
  databricks: sparkDialect,
}
const values = [
  ...["it's", 'a"b', 'a`b', '\\', "\\'", '\\"', '\\`', "'; DROP TABLE x; --", '/* */'],
  ...['naïve|<b>', '日本', 'line\nbreak', '%_', 'select', '{{x}}'],
]
const written = Object.entries(dialects).flatMap(([dialect, { identifier, text }]) =>
  values.map((value) => ({ dialect, value, sql: `SELECT ${text(value)} AS ${identifier(value)}` })),
)
process.stdout.write(`${JSON.stringify(written)}\n`)
