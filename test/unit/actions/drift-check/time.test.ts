import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { errorOf, useTemporaryFolder } from '../../temporary-folder.js'
import { checkDrift, csv, spread } from './drift-context.js'

const folder = useTemporaryFolder()
const HOUR = 3_600_000
/** Rows a day. */
const DAILY = 480

const check = (time: string, { more = '', now = '2024-03-20T12:00:00Z' } = {}) =>
  checkDrift({
    folder: folder.path,
    now,
    config: `{reference: a.csv, current: b.csv, time: {column: ts, ${time}} ${more}}`,
  })

/** A row every three minutes from a day on; `x` is moved on days that `moved` says. */
function days(from: string, count: number, moved: (day: number) => boolean = () => false): string {
  const start = Date.parse(from)
  return csv('ts,x,y', count * DAILY, (i) => {
    const day = Math.floor(i / DAILY)
    return `${new Date(start + i * (HOUR / 20)).toISOString()},${spread(i) + (moved(day) ? 1 : 0)},${spread(i + 3)}`
  })
}

describe('windows of the current data', () => {
  it('are the last days that it holds, of which the last decides and the others are told', async () => {
    folder.write('a.csv', days('2024-01-01', 20))
    // The 13th is the fourth of six days.
    folder.write(
      'b.csv',
      days('2024-03-10', 6, (day) => day === 3),
    )
    const { predicate } = await check('window: 1d, windows: 3')
    expect(predicate.window).toBe('2024-03-15T00:00:00.000Z/2024-03-16T00:00:00.000Z')
    expect(predicate.decision).toBe('pass')
    expect(predicate.rows).toEqual({ reference: 20 * DAILY, current: DAILY })
    expect(predicate.earlier).toMatchObject([
      {
        window: '2024-03-13T00:00:00.000Z/2024-03-14T00:00:00.000Z',
        decision: 'fail',
        drifted: ['x'],
      },
      {
        window: '2024-03-14T00:00:00.000Z/2024-03-15T00:00:00.000Z',
        decision: 'pass',
        drifted: [],
      },
    ])
  })

  it('are those that ended before now, of which the newest may hold nothing: that is no data, and no drift', async () => {
    folder.write('a.csv', days('2024-01-01', 20))
    folder.write('b.csv', days('2024-03-10', 9))
    const full = await check('window: 1d, end: now', { now: '2024-03-18T12:00:00Z' })
    expect(full.predicate.window).toBe('2024-03-17T00:00:00.000Z/2024-03-18T00:00:00.000Z')
    expect(full.predicate.state).toBe('judged')
    const empty = await check('window: 1d, end: now', { now: '2024-03-25T12:00:00Z' })
    expect(empty.predicate).toMatchObject({
      state: 'no-data',
      decision: 'inconclusive',
      window: '2024-03-24T00:00:00.000Z/2024-03-25T00:00:00.000Z',
      rows: { current: 0 },
      columns: [],
      driftedShare: 0,
    })
    expect(empty.outcome.outputs['drifted']).toBe('')
  })

  it('end at a point that is given, whatever its hour is', async () => {
    folder.write('a.csv', days('2024-01-01', 20))
    folder.write('b.csv', days('2024-03-10', 6))
    const { predicate } = await check('window: 1d, end: "2024-03-13T06:00:00+02:00", windows: 2')
    expect(predicate.window).toBe('2024-03-12T04:00:00.000Z/2024-03-13T04:00:00.000Z')
    expect(predicate.earlier?.[0]?.window).toBe('2024-03-11T04:00:00.000Z/2024-03-12T04:00:00.000Z')
    const date = await check('window: 6h, end: 2024-03-13')
    expect(date.predicate.window).toBe('2024-03-12T18:00:00.000Z/2024-03-13T00:00:00.000Z')
    expect(date.predicate.rows.current).toBe(DAILY / 4)
  })

  it('of weeks begin on Mondays, in UTC', async () => {
    folder.write('a.csv', days('2024-01-01', 20))
    folder.write('b.csv', days('2024-03-01', 20))
    const { predicate } = await check('window: 7d')
    expect(predicate.window).toBe('2024-03-18T00:00:00.000Z/2024-03-25T00:00:00.000Z')
    expect(new Date('2024-03-18T00:00:00Z').getUTCDay()).toBe(1)
  })

  it('that may still be filling are not judged: the one before is', async () => {
    folder.write('a.csv', days('2024-01-01', 20))
    folder.write('b.csv', days('2024-03-10', 10.5))
    const { predicate } = await check('window: 1d, late: 2h')
    expect(predicate).toMatchObject({
      window: '2024-03-19T00:00:00.000Z/2024-03-20T00:00:00.000Z',
      state: 'judged',
    })
    const later = await check('window: 1d, late: 13h')
    expect(later.predicate.window).toBe('2024-03-18T00:00:00.000Z/2024-03-19T00:00:00.000Z')
  })

  it('that were asked for and may still be filling are late, which is neither drift nor its absence', async () => {
    folder.write('a.csv', days('2024-01-01', 20))
    folder.write(
      'b.csv',
      days('2024-03-10', 10.5, () => true),
    )
    const { predicate } = await check('window: 1d, end: 2024-03-20, late: 13h')
    expect(predicate).toMatchObject({
      state: 'late',
      decision: 'inconclusive',
      columns: [],
      rows: { current: 0 },
    })
    const punctual = await check('window: 1d, end: 2024-03-20, late: 12h')
    expect(punctual.predicate).toMatchObject({ state: 'judged', decision: 'fail' })
  })

  it('in the future are an error, unless the data reaches there', async () => {
    folder.write('a.csv', days('2024-01-01', 20))
    folder.write('b.csv', days('2024-03-10', 6))
    const error = await errorOf(() => check('window: 1d, end: 2024-03-21'))
    expect(error.message).toMatch(/^MW-DRIFT-012: drift\.time\.end: 2024-03-21 lies in the future/)
    const { predicate } = await check('window: 1d, end: 2024-03-15', {
      now: '2024-03-14T00:00:00Z',
    })
    expect(predicate.state).toBe('judged')
  })

  it('that rows of wrong times put in the future are warned of', async () => {
    folder.write('a.csv', days('2024-01-01', 20))
    folder.write('b.csv', `${days('2024-03-10', 6)}2099-01-01T00:00:00Z,0.5,0.5\n`)
    const { predicate, host } = await check('window: 1d')
    expect(predicate).toMatchObject({ decision: 'inconclusive', rows: { current: 1 } })
    const warning = /^warn: drift\.time: .*2099-01-01T00:00:00\.000Z.* lies in the future/
    expect(host.lines.some((line) => warning.test(line))).toBe(true)
    const { host: quiet } = await check('window: 1d, end: now')
    expect(quiet.lines.some((line) => warning.test(line))).toBe(false)
  })

  it('are no data where no row has a time', async () => {
    folder.write('a.csv', days('2024-01-01', 20))
    folder.write('b.csv', 'ts,x,y\n,1,2\n,3,4\n')
    const { predicate } = await check('window: 1d')
    expect(predicate).toMatchObject({ state: 'no-data', window: null, decision: 'inconclusive' })
  })

  it('are refused where there is no such column, or it holds no times', async () => {
    folder.write('a.csv', days('2024-01-01', 20))
    folder.write('b.csv', 'when,x,y\n2024-01-01,1,2\n')
    expect((await errorOf(() => check('window: 1d'))).message).toMatch(
      /MW-DATA-003: b\.csv: column "ts"/,
    )
    folder.write('b.csv', 'ts,x,y\nyesterday,1,2\n')
    expect((await errorOf(() => check('window: 1d'))).message).toMatch(/^MW-DATA-304/)
  })

  it.each(['0d', '0s', '0.1ms'])('are longer than nothing: %s is refused', async (window) => {
    const error = await errorOf(() => check(`window: ${window}`))
    expect(error.message).toContain('must be longer than 0')
  })

  it('are named in the log, each earlier one in a line, with what is not yet confirmed', async () => {
    folder.write('a.csv', days('2024-01-01', 20))
    folder.write(
      'b.csv',
      days('2024-03-10', 3, (day) => day === 2),
    )
    const { host, predicate } = await check('window: 1d, windows: 2', {
      more: ', confirm: 2, columns: {critical: [x]}',
    })
    expect(predicate.decision).toBe('warn')
    expect(host.lines).toEqual(
      expect.arrayContaining([
        'info: 2024-03-11T00:00:00.000Z/2024-03-12T00:00:00.000Z: pass: 0 of 2 columns drifted',
        'info: The window that decides: 2024-03-12T00:00:00.000Z/2024-03-13T00:00:00.000Z, 480 rows',
        expect.stringMatching(/^info: not yet confirmed: "x": .*for the first time/),
      ]),
    )
  })

  it('that hold no row are named', async () => {
    folder.write('a.csv', days('2024-01-01', 20))
    folder.write('b.csv', days('2024-03-10', 3))
    const { predicate } = await check('window: 1d, end: now')
    expect(predicate.reason).toContain(
      'the window 2024-03-19T00:00:00.000Z/2024-03-20T00:00:00.000Z holds no row',
    )
  })

  it.each(['latest', 'now'])(
    'are late where all data is younger than late (end: %s)',
    async (end) => {
      folder.write('a.csv', days('2024-01-01', 20))
      folder.write('b.csv', days('2024-03-10', 3))
      const { predicate } = await check(`window: 1d, end: ${end}, late: 30d`)
      expect(predicate).toMatchObject({ state: 'late', window: null, decision: 'inconclusive' })
      const some = await check(`window: 1d, end: ${end}, late: 9d`)
      expect(some.predicate).toMatchObject({
        state: 'judged',
        window: '2024-03-10T00:00:00.000Z/2024-03-11T00:00:00.000Z',
      })
    },
  )

  it('leave out rows whose time is none, and say how many', async () => {
    folder.write('a.csv', days('2024-01-01', 20))
    const lines = days('2024-03-10', 3).split('\n')
    lines[700] = (lines[700] ?? '').replace(/^[^,]*/, 'n/a?')
    folder.write('b.csv', lines.join('\n'))
    const { predicate, host } = await check('window: 1d, windows: 2')
    expect(predicate.state).toBe('judged')
    expect(predicate.earlier).toMatchObject([{ rows: { current: DAILY - 1 } }])
    expect(host.lines.join()).toContain(`1 of ${3 * DAILY} rows of the current data have no time`)
  })

  it('in which one column is empty judge the others, and say what is missing', async () => {
    folder.write('a.csv', days('2024-01-01', 20))
    const lines = days('2024-03-10', 6).split('\n')
    const empty = lines.map((line) =>
      line.startsWith('2024-03-15') ? line.replace(/,[^,]*$/, ',') : line,
    )
    folder.write('b.csv', empty.join('\n'))
    const { predicate } = await check('window: 1d, windows: 2')
    const [x, y] = predicate.columns
    expect(x).toMatchObject({ name: 'x', status: 'stable' })
    expect(y).toMatchObject({
      name: 'y',
      drifted: true,
      nulls: { reference: 0, current: 1 },
      pValue: null,
    })
    expect(predicate.findings).toContainEqual(
      expect.objectContaining({ kind: 'null-rate', column: 'y' }),
    )
    expect(predicate.earlier).toMatchObject([{ drifted: [] }])
  })

  it('before the data began are open, and say nothing of the last', async () => {
    folder.write('a.csv', days('2024-01-01', 20))
    folder.write('b.csv', days('2024-03-14', 2))
    const { predicate } = await check('window: 1d, windows: 4')
    expect(predicate.decision).toBe('pass')
    expect(predicate.earlier?.map(({ decision, rows }) => [decision, rows.current])).toEqual([
      ['inconclusive', 0],
      ['inconclusive', 0],
      ['pass', DAILY],
    ])
  })

  it('before the data began are kept as such in the history, and not as judged', async () => {
    folder.write('a.csv', days('2024-01-01', 20))
    folder.write('b.csv', days('2024-03-10', 1))
    await check('window: 1d, windows: 3', { more: ', history: h.jsonl' })
    const lines = readFileSync(join(folder.path, 'h.jsonl'), 'utf8').trim().split('\n')
    const entries = lines.map((line) => JSON.parse(line))
    expect(entries.map(({ state, rows }) => [state, rows.current])).toEqual([
      ['no-data', 0],
      ['no-data', 0],
      ['judged', DAILY],
    ])
    expect(entries[0].columns).toEqual({})
  })

  it('have their own rows where nothing in them could be measured', async () => {
    folder.write('a.csv', days('2024-01-01', 20))
    folder.write(
      'b.csv',
      days('2024-03-10', 2)
        .replaceAll(/^([^,\n]*),[^,]*,[^\n]*$/gm, '$1')
        .replace('ts,x,y', 'ts'),
    )
    const { predicate } = await check('window: 1d')
    expect(predicate.rows.current).toBe(DAILY)
  })

  it('leave rows without a time and of other times out', async () => {
    folder.write('a.csv', days('2024-01-01', 20))
    folder.write('b.csv', `${days('2024-03-10', 2)},99,99\n,99,99\n1999-01-01,99,99\n`)
    const { predicate } = await check('window: 1d')
    expect(predicate.rows.current).toBe(DAILY)
    expect(predicate.decision).toBe('pass')
  })
})

describe('seasons', () => {
  /** `x` is of another height on Saturdays and Sundays. */
  function weeks(from: string, count: number): string {
    const start = Date.parse(from)
    return csv('ts,x,k', count * DAILY, (i) => {
      const at = new Date(start + i * (HOUR / 20))
      const weekend = at.getUTCDay() % 6 === 0
      return `${at.toISOString()},${spread(i) + (weekend ? 5 : 0)},${weekend ? 'rest' : `work${i % 2}`}`
    })
  }

  it('compare a window with the rows of the reference of the same weekday alone', async () => {
    folder.write('a.csv', weeks('2024-01-01', 16 * 7))
    folder.write('b.csv', weeks('2024-05-04', 1))
    const now = '2024-05-06T00:00:00Z'
    const without = await check('window: 1d', { now })
    expect(without.predicate.columns.find(({ name }) => name === 'x')?.drifted).toBe(true)
    const seasonal = await check('window: 1d, season: weekday', { now })
    expect(seasonal.predicate.rows).toEqual({ reference: 16 * DAILY, current: DAILY })
    expect(seasonal.predicate.columns.some(({ drifted }) => drifted)).toBe(false)
  })

  it('hold for tests of all columns together, too', async () => {
    folder.write('a.csv', weeks('2024-01-01', 16 * 7))
    folder.write('b.csv', weeks('2024-05-04', 1))
    const { predicate } = await check('window: 1d, season: weekday', {
      now: '2024-05-06T00:00:00Z',
      more: ', multivariate: {tests: [domain-classifier]}',
    })
    expect(predicate.multivariate?.status).toBe('stable')
  })

  it('that the reference does not hold leave columns open', async () => {
    folder.write('a.csv', days('2024-01-01', 2))
    folder.write('b.csv', days('2024-03-10', 6))
    const { predicate } = await check('window: 1d, season: weekday')
    // The 15th of March is a Friday.
    expect(predicate.rows).toEqual({ reference: 0, current: DAILY })
    expect(predicate.decision).toBe('inconclusive')
    expect(predicate.columns.map(({ status }) => status)).toEqual(['inconclusive', 'inconclusive'])
  })

  it('are no shorter than a window, which would be compared with a part of itself', async () => {
    folder.write('a.csv', days('2024-01-01', 3))
    folder.write('b.csv', days('2024-03-10', 2))
    for (const time of [
      'window: 1d, season: hour',
      'window: 7d, season: weekday',
      'window: 60d, season: month',
    ]) {
      const error = await errorOf(() => check(time))
      expect(error.message).toMatch(
        /^MW-DRIFT-039: drift\.time\.season: a window is longer than one/,
      )
    }
  })

  it('of hours and months go by the start of the window', async () => {
    folder.write('a.csv', days('2024-01-01', 60))
    folder.write('b.csv', days('2024-02-10', 6))
    const hour = await check('window: 1h, season: hour')
    expect(hour.predicate.rows).toEqual({ reference: 60 * 20, current: 20 })
    const month = await check('window: 1d, season: month')
    expect(month.predicate.rows).toEqual({ reference: 29 * DAILY, current: DAILY })
  })
})
