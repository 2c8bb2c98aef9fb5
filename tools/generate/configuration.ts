import { ColumnRule } from '../../src/config/data-contract.js'
import { PrometheusSignals } from '../../src/config/deploy/signals.js'
import { targetSections } from '../../src/config/deploy/targets.js'
import { DeploySection } from '../../src/config/deploy.js'
import { DriftSection } from '../../src/config/drift.js'
import { GateSection } from '../../src/config/gate.js'
import { findTest, testNames } from '../../src/domain/drift/tests/index.js'
import { getMetric, metricNames } from '../../src/domain/metrics/index.js'
import type { ActionContract } from '../../src/runtime/contract.js'
import { keysTable, metricsTable, table, variantsTables } from './markdown.js'
import { documentKeys, documentNested, documentVariants } from './settings-doc.js'

/** The regions of docs/configuration.md: a table a section, and one for each map inside that has keys of its own. */
export function configurationRegions(
  contracts: readonly ActionContract[],
): Readonly<Record<string, string>> {
  const sections = contracts.map(({ section, settings }) => [
    section,
    keysTable(documentKeys(settings)),
  ])
  return {
    ...Object.fromEntries(sections),
    'data-contract': keysTable(documentKeys(ColumnRule)),
    'gate-columns': keysTable(documentNested(GateSection, ['columns'])),
    'gate-rules': keysTable(documentNested(GateSection, ['rules'])),
    metrics: metricsTable(metricNames.flatMap((name) => getMetric(name) ?? [])),
    'deploy-analysis': variantsTables(
      'metric',
      documentVariants(DeploySection, ['analysis'], 'metric'),
    ),
    'deploy-backends': keysTable(documentNested(DeploySection, ['backends', 'canary'])),
    'deploy-listen': keysTable(documentNested(DeploySection, ['listen'])),
    'deploy-targets': targetTables(),
    'deploy-signals': keysTable(documentKeys(PrometheusSignals)),
    ...driftRegions(),
  }
}

/** The keys of each target that has settings of its own. */
function targetTables(): string {
  const tables = Object.entries(targetSections).map(([kind, section]) => {
    const { description = '' } = section
    const keys = keysTable(documentKeys(section.unwrap()))
    return `#### \`${kind}\`\n\n${description}\n\n${keys}`
  })
  return tables.join('\n\n')
}

/** The maps inside the section `drift` that have a table each. */
const driftMaps: readonly (readonly string[])[] = [
  ['columns'],
  ['rows'],
  ['time'],
  ['thresholds'],
  ['learn'],
  ['multivariate'],
  ['performance'],
  ['health'],
  ['health', 'duplicates'],
  ['health', 'freshness'],
  ['health', 'volume'],
  ['health', 'ranges'],
  ['health', 'outliers'],
  ['connection'],
  ['metrics'],
  ['prometheus'],
  ['guard'],
]

function driftRegions(): Readonly<Record<string, string>> {
  const maps = driftMaps.map((path) => [
    `drift-${path.join('-')}`,
    keysTable(documentNested(DriftSection, path)),
  ])
  return {
    ...Object.fromEntries(maps),
    'drift-queries': variantsTables(
      'kind',
      documentVariants(DriftSection, ['prometheus', 'queries', '*'], 'kind'),
    ),
    'drift-triggers': variantsTables('kind', documentVariants(DriftSection, ['triggers'], 'kind')),
    'drift-tests': testsTable(),
  }
}

function testsTable(): string {
  const rows = testNames().flatMap((name) => {
    const test = findTest(name)
    if (test === undefined) return []
    const kinds = (['numeric', 'categorical'] as const).filter((kind) => test[kind] !== undefined)
    return [
      [
        `\`${name}\``,
        kinds.join(', '),
        test.measures === 'distance' ? 'distance' : 'test',
        test.summary,
      ],
    ]
  })
  return table(['Name', 'Columns', 'What it is', 'Definition'], rows)
}
