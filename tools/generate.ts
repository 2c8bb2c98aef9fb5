import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ActionContract } from '../src/runtime/contract.js'
import { actionTypesYml, actionYml } from './generate/action-yml.js'
import { configSchema } from './generate/config-schema.js'
import { loadContracts } from './generate/contracts.js'
import { evidenceTable } from './generate/evidence.js'
import {
  fillRegions,
  inputsTable,
  keysTable,
  outputsTable,
  permissionsTable,
} from './generate/markdown.js'
import { usesOf } from './generate/slug.js'

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
  })
}

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
  permissions: contracts
    .map((contract) => `**${contract.name}**\n\n${permissionsTable(contract)}`)
    .join('\n\n'),
})
fill(
  'docs/configuration.md',
  Object.fromEntries(contracts.map((contract) => [contract.section, keysTable(contract)])),
)
fill('docs/evidence.md', { evidence: evidenceTable(root) })
