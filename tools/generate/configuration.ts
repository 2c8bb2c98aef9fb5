import { ColumnRule } from '../../src/config/data-contract.js'
import { DeploySection } from '../../src/config/deploy.js'
import { DriftSection } from '../../src/config/drift.js'
import { GateSection } from '../../src/config/gate.js'
import { getMetric, metricNames } from '../../src/domain/metrics/index.js'
import type { ActionContract } from '../../src/runtime/contract.js'
import { keysTable, metricsTable, variantsTables } from './markdown.js'
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
      documentVariants(DeploySection, 'analysis', 'metric'),
    ),
    'deploy-backends': keysTable(documentNested(DeploySection, ['backends', 'canary'])),
    'deploy-listen': keysTable(documentNested(DeploySection, ['listen'])),
    'drift-thresholds': keysTable(documentNested(DriftSection, ['thresholds'])),
  }
}
