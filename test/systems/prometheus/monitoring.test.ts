import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { openPrometheus, openSinks, sendMetrics } from '../../../src/adapters/telemetry/index.js'
import { readOperational } from '../../../src/adapters/telemetry/read-operational.js'
import { DriftMetrics, DriftPrometheus } from '../../../src/config/drift/monitoring.js'
import { driftFamilies } from '../../../src/domain/drift/monitoring/families.js'
import { judgeOperational } from '../../../src/domain/drift/monitoring/judge-operational.js'
import type { DriftPredicateBody } from '../../../src/domain/drift/predicate.js'
import { createWorkspace } from '../../../src/files/workspace.js'
import { ensurePrometheusPrograms } from '../../../tools/install/prometheus.js'
import { emptyBody, measuredColumn } from '../../unit/domain/drift/monitoring/bodies.js'
import { systemSuite } from '../system-suite.js'
import { type MonitoringStack, startMonitoring } from './server.js'

// @evidence Prometheus: live (2.42.0)
// @evidence Prometheus Pushgateway: live (1.5.1)
// @evidence Prometheus node_exporter, its textfile collector: live (1.5.0)
await systemSuite('Prometheus and its exporters', ensurePrometheusPrograms, (programs) => {
  const HOSTILE = [
    'naïve|<b>',
    'say "hi"\\',
    'two\nlines\r\tand a tab',
    '@mention ::set-output',
    'a\u0000b',
    '',
  ]
  let stack: MonitoringStack
  beforeAll(async () => {
    stack = await startMonitoring(programs())
  })
  afterAll(() => stack?.close())

  const context = (project: string) => ({
    env: {},
    signal: new AbortController().signal,
    workspace: createWorkspace(stack.textfiles),
    project,
    at: new Date(),
  })

  async function push(
    project: string,
    body: DriftPredicateBody,
    more: object = {},
  ): Promise<string[]> {
    const settings = DriftMetrics.parse({ pushgateway: stack.pushgateway, ...more })
    const sinks = await openSinks(settings, context(project))
    const families = driftFamilies(body, {
      project,
      labels: settings.labels,
      at: new Date(),
      interval: settings.interval,
    })
    return sendMetrics(sinks, families)
  }

  async function judged(queries: object) {
    const settings = DriftPrometheus.parse({ url: stack.prometheus, queries })
    const server = await openPrometheus(settings, context('any'))
    const { readings, warnings } = await readOperational({
      queries: settings.queries,
      server,
      now: Date.now(),
    })
    const results = judgeOperational(readings, { alpha: 0.05, correction: 'holm', seed: 7 })
    return { results, warnings }
  }

  it('pushes metrics that Prometheus scrapes, hostile names and all, and that our reader reads back', async () => {
    const columns = HOSTILE.map((name) => measuredColumn({ name }))
    const project = 'team/fraud ü'
    expect(
      await push(project, emptyBody({ decision: 'fail', driftedShare: 0.5, columns })),
    ).toEqual([])
    const selector = `{project="${project}"}`
    const found = await stack.until(
      `modelway_drift_column_drifted${selector}`,
      (all) => all.length >= 6,
    )
    const names = found.map(({ metric }) => metric['column'])
    expect(new Set(names)).toEqual(new Set(HOSTILE.map((name) => (name === '' ? '(empty)' : name))))
    expect(found.every(({ metric }) => metric['job'] === 'modelway')).toBe(true)
    const { results } = await judged({
      'drifted-share': {
        query: `modelway_drift_drifted_ratio${selector}`,
        'at-most': 0.3,
        of: 'last',
        level: 'fail',
      },
    })
    expect(results).toMatchObject([{ status: 'fail', value: 0.5, limit: 0.3 }])
  })

  it('replaces what the same project pushed before, and nothing of another one or another environment', async () => {
    const one = (name: string) => emptyBody({ columns: [measuredColumn({ name })] })
    await push('a', one('first'), { labels: { environment: 'prod' } })
    await push('a', one('first'), { labels: { environment: 'staging/eu' } })
    await push('b', one('first'))
    await push('a', one('second'), { labels: { environment: 'prod' } })
    const expression = 'modelway_drift_column_drifted{project=~"a|b"}'
    const found = await stack.until(
      expression,
      (all) => all.some(({ metric }) => metric['column'] === 'second') && all.length === 3,
    )
    const shown = found.map(({ metric }) =>
      [metric['project'], metric['environment'], metric['column']].join(' '),
    )
    expect(shown.sort()).toEqual(['a prod second', 'a staging/eu first', 'b  first'])
  })

  it('fires the alert of drift that we ship, and says the share', async () => {
    await push('alerting', emptyBody({ decision: 'fail', driftedShare: 0.4 }))
    const alert = 'ALERTS{alertname="ModelwayDrift", project="alerting", alertstate="firing"}'
    expect(await stack.until(alert, (all) => all.length === 1)).toMatchObject([
      { metric: { severity: 'warning' } },
    ])
    const response = await fetch(`${stack.prometheus}/api/v1/alerts`)
    const { data } = (await response.json()) as {
      data: { alerts: { annotations: Record<string, string> }[] }
    }
    const descriptions = data.alerts.map(({ annotations }) => annotations['description'])
    expect(descriptions).toContain('40% of the columns drifted at the last check.')
  })

  it('writes a textfile that node_exporter takes without an error', async () => {
    const settings = DriftMetrics.parse({ textfile: 'drift.prom' })
    const sinks = await openSinks(settings, context('textfile'))
    const columns = HOSTILE.map((name) => measuredColumn({ name }))
    const families = driftFamilies(emptyBody({ columns }), {
      project: 'textfile',
      labels: {},
      at: new Date(),
    })
    expect(await sendMetrics(sinks, families)).toEqual([])
    const scraped = await (await fetch(`${stack.nodeExporter}/metrics`)).text()
    expect(scraped).toContain('node_textfile_scrape_error 0')
    expect(scraped.match(/^modelway_drift_column_drifted\{/gm)).toHaveLength(6)
  })

  it('reads limits from ranges: numbers, what is no number, infinities, and nothing', async () => {
    const { results } = await judged({
      calm: { query: 'vector(0.2)', 'at-most': 0.3 },
      breached: { query: 'vector(0.4)', 'at-most': 0.3, level: 'fail' },
      undefined: { query: 'vector(0) / 0', 'at-most': 1 },
      infinite: { query: 'vector(1) / 0', 'at-most': 1 },
      absent: { query: 'no_such_metric', 'at-least': 1, level: 'fail' },
      scalar: { query: 'scalar(vector(3))', 'at-most': 3 },
      ranged: { query: 'count_over_time(vector(1)[$range:60s])', 'at-least': 5, range: '10m' },
    })
    expect(results.map(({ name, status, value }) => [name, status, value])).toEqual([
      ['calm', 'pass', 0.2],
      ['breached', 'fail', 0.4],
      ['undefined', 'no-data', null],
      ['infinite', 'warn', null],
      ['absent', 'no-data', null],
      ['scalar', 'pass', 3],
      ['ranged', 'pass', 10],
    ])
    expect(results[0]?.window.values).toBe(61)
  })

  it('compares two ranges of a series', async () => {
    const { results } = await judged({
      // Steps of the golden section of a period: values next to each other are as far apart as can be.
      steady: { query: 'abs(sin(vector(time() * 0.129437)))', 'compare-with': '1h', step: '15s' },
      moved: {
        query: `abs(sin(vector(time() * 0.129437))) + 3 * (vector(time()) > bool ${Date.now() / 1000 - 3590})`,
        'compare-with': '1h',
        step: '15s',
        level: 'fail',
      },
    })
    expect(results.map(({ status }) => status)).toEqual(['pass', 'fail'])
  })

  it('compares the buckets of a histogram', async () => {
    const gateway = (text: string) =>
      fetch(`${stack.pushgateway}/metrics/job/model`, { method: 'PUT', body: text })
    const buckets = (low: number) =>
      `# TYPE score histogram\nscore_bucket{le="0.5"} ${low}\nscore_bucket{le="1"} 900\nscore_bucket{le="+Inf"} 1000\nscore_sum 1\nscore_count 1000\n`
    expect((await gateway(buckets(500))).status).toBe(200)
    await stack.until('score_bucket{le="0.5"}', (all) => all[0]?.value[1] === '500')
    await stack.until('score_bucket{le="0.5"} offset 5s', (all) => all[0]?.value[1] === '500')
    await gateway(buckets(100))
    await stack.until('score_bucket{le="0.5"}', (all) => all[0]?.value[1] === '100')
    const { results } = await judged({
      scores: {
        kind: 'histogram',
        query: 'sum by (le) (score_bucket)',
        'compare-with': '5s',
        range: '5s',
        level: 'fail',
      },
    })
    expect(results).toMatchObject([
      { status: 'fail', of: 'jensen-shannon', window: { values: 1000 }, before: { values: 1000 } },
    ])
    expect(results[0]?.histogram?.reference).toEqual([0.5, 0.4, 0.1])
    expect(results[0]?.histogram?.current).toEqual([0.1, 0.8, 0.1])
  })

  it('refuses queries that are none, all of them at once', async () => {
    const wish = judged({
      broken: { query: 'sum(', 'at-most': 1 },
      worse: { query: 'up{', 'at-most': 1 },
    })
    await expect(wish).rejects.toMatchObject({
      problems: [
        { code: 'MW-DRIFT-660', where: 'drift.prometheus.queries.broken' },
        { code: 'MW-DRIFT-660', where: 'drift.prometheus.queries.worse' },
      ],
    })
  })

  it('leaves a query open whose answer cannot be used today, and judges the others', async () => {
    const { results } = await judged({
      many: { query: 'up', 'at-most': 1 },
      matching: { query: 'up * on () group_left () up', 'at-most': 1 },
      unbucketed: { kind: 'histogram', query: 'up', 'compare-with': '1h' },
      fine: { query: 'sum(up)', 'at-most': 100 },
    })
    expect(results).toMatchObject([
      { name: 'many', status: 'inconclusive', reason: expect.stringContaining('MW-DRIFT-662') },
      { name: 'matching', status: 'inconclusive', reason: expect.stringContaining('MW-DRIFT-661') },
      {
        name: 'unbucketed',
        status: 'inconclusive',
        reason: expect.stringContaining('MW-DRIFT-664'),
      },
      { name: 'fine', status: 'pass' },
    ])
  })

  it('warns, and goes on, where the Pushgateway does not take the metrics', async () => {
    const sent = await push('clash', emptyBody(), { labels: { environment: 'x' } })
    expect(sent).toEqual([])
    await fetch(`${stack.pushgateway}/metrics/job/other`, {
      method: 'PUT',
      body: '# TYPE modelway_drift_rows counter\nmodelway_drift_rows 1\n',
    })
    const settings = DriftMetrics.parse({
      pushgateway: `${stack.pushgateway}/not/here`,
      textfile: 'after.prom',
    })
    const sinks = await openSinks(settings, context('clash'))
    const families = driftFamilies(emptyBody(), { project: 'clash', labels: {}, at: new Date() })
    const warnings = await sendMetrics(sinks, families)
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toContain('MW-DRIFT-656')
  })
})
