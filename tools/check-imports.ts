import { cruise } from 'dependency-cruiser'
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config'
import { importRules } from './import-rules.js'

/** Fewer modules than this mean that the tool saw nothing, not that nothing is wrong. */
const FEWEST_MODULES = 200

const { output } = await cruise(
  ['src'],
  { ...importRules.options, ruleSet: { forbidden: [...importRules.forbidden] }, validate: true },
  undefined,
  { tsConfig: extractTSConfig('tsconfig.json') },
)
if (typeof output === 'string') throw new Error('dependency-cruiser gave no result')
const { violations, totalCruised } = output.summary
for (const { from, to, rule } of violations)
  console.error(`${rule.severity} ${rule.name}: ${from} -> ${to}`)
console.log(`${totalCruised} modules, ${violations.length} violations of the import rules`)
if (totalCruised < FEWEST_MODULES) throw new Error(`only ${totalCruised} modules were seen`)
process.exitCode = violations.length === 0 ? 0 : 1
