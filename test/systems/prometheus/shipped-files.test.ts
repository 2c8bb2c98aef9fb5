import { spawnSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { exposition } from '../../../src/adapters/telemetry/exposition.js'
import { driftFamilies } from '../../../src/domain/drift/monitoring/families.js'
import { command } from '../../../tools/install/command.js'
import { ensurePrometheusPrograms } from '../../../tools/install/prometheus.js'
import { emptyBody, measuredColumn, otherParts } from '../../unit/domain/drift/monitoring/bodies.js'
import { systemSuite } from '../system-suite.js'
import { type MonitoringStack, startMonitoring } from './server.js'

const FOLDER = new URL('../../../monitoring/', import.meta.url)

interface Dashboard {
  readonly panels: readonly {
    readonly id: number
    readonly type: string
    readonly targets?: readonly { readonly expr: string }[]
    readonly gridPos: {
      readonly x: number
      readonly y: number
      readonly w: number
      readonly h: number
    }
    readonly repeat?: string
  }[]
  readonly templating: {
    readonly list: readonly {
      readonly name: string
      readonly type: string
      readonly definition?: string
    }[]
  }
  readonly annotations: { readonly list: readonly { readonly expr?: string }[] }
}

/** Every metric that a check can give. */
function exported(): Set<string> {
  const body = { ...emptyBody({ columns: [measuredColumn({})] }), ...otherParts() }
  const families = driftFamilies(body, { project: 'p', labels: {}, at: new Date(0), interval: 1 })
  return new Set(families.map(({ name }) => name))
}

const metricsIn = (expression: string): string[] => [
  ...new Set(expression.match(/\bmodelway_drift_\w+/g)),
]

// @evidence Prometheus, rules and dashboard that we ship: live (promtool and Prometheus 2.42.0)
await systemSuite('the monitoring files that we ship', ensurePrometheusPrograms, (programs) => {
  let stack: MonitoringStack
  let dashboard: Dashboard
  beforeAll(async () => {
    stack = await startMonitoring(programs())
    dashboard = JSON.parse(
      await readFile(new URL('grafana-dashboard.json', FOLDER), 'utf8'),
    ) as Dashboard
  })
  afterAll(() => stack?.close())

  it('have rules that promtool accepts, and that fire when they should', async () => {
    const cwd = FOLDER.pathname
    const { promtool } = programs()
    await command(
      promtool,
      ['check', 'rules', '--lint=all', '--lint-fatal', 'prometheus-rules.yml'],
      { cwd },
    )
    await command(promtool, ['test', 'rules', 'prometheus-rules.test.yml'], { cwd })
  })

  it('are over metrics whose names and help promtool has nothing against', async () => {
    const body = { ...emptyBody({ columns: [measuredColumn({})] }), ...otherParts() }
    const families = driftFamilies(body, { project: 'p', labels: {}, at: new Date(0), interval: 1 })
    const { text } = await exposition(families)
    const lint = spawnSync(programs().promtool, ['check', 'metrics'], {
      input: text,
      encoding: 'utf8',
    })
    expect([lint.status, lint.stdout, lint.stderr]).toEqual([0, '', ''])
  })

  it('have rules over nothing but metrics that a check gives', async () => {
    const rules = await readFile(new URL('prometheus-rules.yml', FOLDER), 'utf8')
    const used = rules
      .match(/\bmodelway_drift_\w+/g)
      ?.filter((name) => !/_(failed|age|interval)$|_over_threshold$/.test(name))
    const known = exported()
    expect(used?.filter((name) => !known.has(name))).toEqual([])
  })

  it('have a dashboard of which Prometheus parses every expression, over metrics that a check gives', async () => {
    const known = exported()
    const expressions = [
      ...dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
      ...dashboard.annotations.list.flatMap(({ expr }) => (expr === undefined ? [] : [expr])),
    ]
    expect(expressions.length).toBeGreaterThan(15)
    for (const expression of expressions) {
      const filled = expression.replaceAll('$__interval', '1m').replaceAll(/\$\w+/g, 'x')
      const response = await fetch(
        `${stack.prometheus}/api/v1/format_query?${new URLSearchParams({ query: filled })}`,
      )
      expect([expression, response.status]).toEqual([expression, 200])
      expect(metricsIn(expression).filter((name) => !known.has(name))).toEqual([])
    }
    for (const { definition = '' } of dashboard.templating.list) {
      expect(metricsIn(definition).filter((name) => !known.has(name))).toEqual([])
    }
  })

  it('have a dashboard with ten panels and more, none over another, and a choice of the data source', () => {
    const shown = dashboard.panels.filter(({ type }) => type !== 'row')
    expect(shown.length).toBeGreaterThanOrEqual(10)
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length)
    expect(dashboard.templating.list.find(({ type }) => type === 'datasource')?.name).toBe(
      'datasource',
    )
    expect(dashboard.panels.some(({ repeat }) => repeat === 'column')).toBe(true)
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, i) => `${x + (i % w)},${y + Math.floor(i / w)}`),
    )
    expect(new Set(cells).size).toBe(cells.length)
    expect(dashboard.panels.every(({ gridPos: { x, w } }) => x + w <= 24)).toBe(true)
  })
})
