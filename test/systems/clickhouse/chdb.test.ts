import { ensureChdb } from '../../../tools/install/clickhouse.js'
import { systemSuite } from '../system-suite.js'
import { startChdb } from './server.js'
import { clickhouseSuite } from './suite.js'

// @evidence ClickHouse, its dialect: live (chDB 4.4.0, which is ClickHouse 26.9)
await systemSuite("ClickHouse's dialect of today", ensureChdb, (packages) => {
  clickhouseSuite({ start: () => startChdb(packages()), boolean: 'Bool', hasBuckets: true })
})
