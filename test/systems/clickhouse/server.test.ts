import { expect, it } from '@jest/globals'
import { CancelledError, type ExternalError } from '../../../src/errors.js'
import { ensureClickHouseServer } from '../../../tools/install/clickhouse.js'
import { systemSuite } from '../system-suite.js'
import { startClickHouse } from './server.js'
import { clickhouseSuite, NEVER } from './suite.js'

// @evidence ClickHouse, its HTTP interface: live (18.16.1)
await systemSuite('A ClickHouse server', ensureClickHouseServer, (installed) => {
  const start = () => startClickHouse(installed())
  const { open } = clickhouseSuite({ start, boolean: 'UInt8', hasBuckets: true })

  it('refuses a wrong password without showing it', async () => {
    const engine = open('modelway', 'wrong-s3cret')
    const refused = (await engine.query('SELECT 1', NEVER).catch((e) => e)) as ExternalError
    expect(refused.details.code).toBe('MW-DRIFT-756')
    expect(refused.message).not.toContain('wrong-s3cret')
  })

  it('answers a user who may set nothing, and knows NaN where it can only be that', async () => {
    const { rows } = await open('strict').query('SELECT 1, nan, 0.1', NEVER)
    expect(rows).toEqual([[1, 'NaN', 0.1]])
  })

  it('lets nobody write through it, whatever the user may do', async () => {
    const sql = "SELECT * FROM remote('127.0.0.1', 'default', 'x') INTO OUTFILE 'x'"
    const failed = (await open('modelway')
      .query(sql, NEVER)
      .catch((e) => e)) as ExternalError
    expect(failed.details.code).toBe('MW-DRIFT-760')
  })

  it('cancels there what nobody waits for', async () => {
    const engine = open('modelway')
    const slow = 'SELECT SUM(sqrt(number)) FROM (SELECT number FROM system.numbers)'
    const controller = new AbortController()
    setTimeout(() => controller.abort(), 500)
    await expect(engine.query(slow, controller.signal)).rejects.toThrow(CancelledError)
    const running = async () =>
      (
        await engine.query(
          "SELECT COUNT(*) FROM system.processes WHERE query LIKE '%sqrt(n%' AND query NOT LIKE '%processes%'",
          NEVER,
        )
      ).rows
    let left = await running()
    for (let i = 0; i < 50 && left[0]?.[0] !== '0'; i++) left = await running()
    expect(left).toEqual([['0']])
  }, 60_000)
})
