import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { glob } from 'tinyglobby'
import type { ActionContract } from '../src/runtime/contract.js'
import { environmentVariables } from '../src/runtime/env.js'
import { actionTypesYml, actionYml } from './generate/action-yml.js'
import { configSchema } from './generate/config-schema.js'
import { configurationRegions } from './generate/configuration.js'
import { loadContracts } from './generate/contracts.js'
import { documentErrors, errorsOfArea, errorsPage } from './generate/errors.js'
import { evidenceTable } from './generate/evidence.js'
import {
  allPermissionsTable,
  environmentTable,
  fillRegions,
  inputsTable,
  outputsTable,
  permissionsTable,
} from './generate/markdown.js'
import { usesOf, withOwnSlug } from './generate/slug.js'
import { statsPage } from './generate/stats.js'

/** Writes everything that is made from the contracts and the tests. CI fails when this changes anything. */
const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')

function write(path: string, content: string): void {
  const absolute = join(root, path)
  if (existsSync(absolute) && readFileSync(absolute, 'utf8') === content) return
  writeFileSync(absolute, content)
  console.log(`wrote ${path}`)
}

function fill(path: string, regions: Readonly<Record<string, string>>): void {
  if (!existsSync(join(root, path))) return
  write(path, fillRegions(readFileSync(join(root, path), 'utf8'), regions))
}

function writeAction(contract: ActionContract): void {
  const folder = `actions/${contract.name}`
  write(`${folder}/action.yml`, actionYml(contract))
  write(`${folder}/action-types.yml`, actionTypesYml(contract))
  fill(`${folder}/README.md`, {
    inputs: inputsTable(contract),
    outputs: outputsTable(contract),
    permissions: permissionsTable(contract),
    uses: `\`\`\`yaml\n- uses: ${usesOf(root, contract.name)}\n\`\`\``,
    errors: errorsOfArea(errors, AREA_OF[contract.section]),
  })
}

/** The middle part of an action's error codes. */
const AREA_OF: Readonly<Record<ActionContract['section'], string>> = {
  data: 'DATA',
  train: 'TRAIN',
  gate: 'GATE',
  registry: 'REGISTRY',
  deploy: 'DEPLOY',
  drift: 'DRIFT',
}

const errors = documentErrors(root)
const contracts = await loadContracts(root)
for (const contract of contracts) writeAction(contract)
write('schema/modelway.schema.json', configSchema(root, contracts))
fill('README.md', {
  actions: contracts
    .map(
      ({ name, description }) =>
        `- [\`${name}\`](actions/${name}/README.md): ${description}\n  \`uses: ${usesOf(root, name)}\``,
    )
    .join('\n'),
  permissions: allPermissionsTable(contracts),
})
fill('docs/configuration.md', configurationRegions(contracts))
fill('docs/evidence.md', { evidence: evidenceTable(root) })
fill('docs/errors.md', { errors: errorsPage(errors) })
fill('docs/command-line.md', {
  stats: await statsPage(),
  environment: environmentTable(environmentVariables),
})
for (const path of await glob(
  ['*.md', 'docs/**/*.md', 'actions/*/README.md', 'action-templates/*.yml'],
  { cwd: root },
))
  write(path, withOwnSlug(root, readFileSync(join(root, path), 'utf8')))
