import { createHash } from 'node:crypto'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { registryReference } from '../../../../src/actions/drift-check/registry-reference.js'
import { openRegistry } from '../../../../src/adapters/registry/index.js'
import { UserError } from '../../../../src/errors.js'
import { createWorkspace } from '../../../../src/files/workspace.js'
import type { RegisterRequest } from '../../../../src/ports/registry.js'
import { canonicalJson } from '../../../../src/statements/canonical.js'
import type { DatasetPredicate } from '../../../../src/statements/schemas/dataset.js'
import { createStatement, type StatementKind } from '../../../../src/statements/statement.js'
import { errorOf, useTemporaryFolder } from '../../temporary-folder.js'
import { checkDrift, csv, driftContext, spread } from './drift-context.js'

const folder = useTemporaryFolder()

const CONFIG = `
drift: { reference: "registry:champion", current: now.csv }
registry: { name: credit, location: models }
`

const hex = (content: string) => createHash('sha256').update(content).digest('hex')

function registryPort() {
  const workspace = createWorkspace(folder.path)
  const port = { workspace, now: () => new Date('2024-05-01T00:00:00Z'), env: {} }
  return (section: { readonly registry: 'files'; readonly location: string }) =>
    openRegistry(section.registry, { ...port, location: section.location })
}

/** What setup-data says of files that it finds. */
function datasetOf(
  files: Readonly<Record<string, string>>,
  kind: StatementKind = 'dataset',
): string {
  const predicate: DatasetPredicate = {
    source: ['https://data.example/2015.csv'],
    revision: 'sha256:1234',
    files: Object.entries(files).map(([path, content]) => ({
      path,
      size: content.length,
      sha256: hex(content),
    })),
    rows: 1,
    columns: [],
    contract: null,
    fingerprint: 'sha256:5678',
    decision: 'pass',
  }
  const subject = [{ name: 'a', digest: { sha256: hex('a') } }]
  return canonicalJson(createStatement({ kind, subject, predicate, inputs: [] }))
}

/** Registers a model under the alias `champion`. */
async function register(
  given: { readonly dataset?: string; readonly profile?: string; readonly lineage?: string } = {},
): Promise<void> {
  const { dataset, profile, lineage } = given
  const file = (name: string, content: string) => {
    const path = folder.write(`made/${name}`, content)
    return { name, path, sha256: hex(content) }
  }
  const attachments = dataset && [
    { name: 'statements/dataset.json', content: Buffer.from(dataset) },
  ]
  const request: RegisterRequest = {
    name: 'credit',
    digest: `sha256:${hex('model')}`,
    files: [
      file('model.bin', 'model'),
      ...(profile === undefined ? [] : [file('train.profile.json', profile)]),
    ],
    attachments: attachments || [],
    lineage: dataset ? { dataset: lineage ?? `sha256:${hex(dataset)}` } : {},
    aliases: ['champion'],
    stage: undefined,
  }
  await (await registryPort()({ registry: 'files', location: 'models' })).register(request)
}

const check = (config = CONFIG) =>
  checkDrift({ folder: folder.path, config }, { openRegistry: registryPort() })

const TABLE = csv('x', 400, (i) => `${spread(i)}`)

async function problemsOf(config?: string) {
  const error = await errorOf(() => check(config))
  if (error instanceof UserError) return error.problems
  throw error
}

describe('registry:<alias> as the reference', () => {
  it('is the tables that the model was trained on, at their paths and with their digests', async () => {
    folder.write('data/a.csv', TABLE)
    folder.write('data/b.csv', TABLE)
    folder.write('data/card.png', 'no table')
    folder.write('now.csv', TABLE)
    await register({
      dataset: datasetOf({ 'data/a.csv': TABLE, 'data/b.csv': TABLE, 'data/card.png': 'no table' }),
    })
    const { predicate, host } = await check()
    expect(predicate.reference.files).toEqual([
      { path: 'data/a.csv', sha256: hex(TABLE) },
      { path: 'data/b.csv', sha256: hex(TABLE) },
    ])
    expect(predicate.rows).toEqual({ reference: 800, current: 400 })
    expect(host.lines).toContain(
      'info: drift.reference: registry:champion is the data of files:models/credit/1',
    )
  })

  it('keeps the columns that the names of its folders make', async () => {
    folder.write('lake/r=eu/a.csv', TABLE)
    folder.write('lake/r=us/a.csv', TABLE)
    await register({ dataset: datasetOf({ 'lake/r=eu/a.csv': TABLE, 'lake/r=us/a.csv': TABLE }) })
    const { predicate } = await check(CONFIG.replace('now.csv', 'lake'))
    expect(predicate.columns.map(({ name }) => name)).toEqual(['x', 'r'])
    expect(predicate.decision).toBe('pass')
  })

  it('may stand beside other lines, and be cut by lines with !', async () => {
    for (const name of ['a.csv', 'b.csv', 'c.csv', 'now.csv']) folder.write(name, TABLE)
    await register({ dataset: datasetOf({ 'a.csv': TABLE, 'b.csv': TABLE }) })
    const { predicate } = await check(
      CONFIG.replace('"registry:champion"', '["registry:champion", c.csv, "!b.csv"]'),
    )
    expect(predicate.reference.files.map(({ path }) => path)).toEqual(['a.csv', 'c.csv'])
  })

  it('is an error that names each file that is absent or changed, what it was, and how to get it', async () => {
    folder.write('b.csv', 'x\n1\n')
    folder.write('now.csv', TABLE)
    await register({ dataset: datasetOf({ 'a.csv': TABLE, 'b.csv': TABLE }) })
    const fix =
      'Run setup-data before this job with the source "https://data.example/2015.csv" at revision "sha256:1234".'
    expect(await problemsOf()).toEqual([
      {
        code: 'MW-DRIFT-020',
        where: 'a.csv',
        what: `the file is absent; sha256:${hex(TABLE)} is what the model was trained on.`,
        fix,
      },
      {
        code: 'MW-DRIFT-021',
        where: 'b.csv',
        what: `the file is sha256:${hex('x\n1\n')}; sha256:${hex(TABLE)} is what the model was trained on.`,
        fix,
      },
    ])
  })

  it('reads nothing outside of the working directory, whatever the statement says', async () => {
    folder.write('now.csv', TABLE)
    await register({ dataset: datasetOf({ '../../etc/passwd': TABLE }) })
    expect(await problemsOf()).toMatchObject([{ code: 'MW-PATH-001', where: 'drift.reference' }])
  })

  it('is the profile that is kept with the model where the data is not there', async () => {
    const profile = '{"modelway":"profile"}'
    await register({ dataset: datasetOf({ 'a.csv': TABLE }), profile })
    rmSync(join(folder.path, 'made'), { recursive: true })
    const context = driftContext({ folder: folder.path, config: CONFIG })
    const line = { line: 'registry:champion', where: 'drift.reference' }
    const ports = { openRegistry: registryPort() }
    const paths = await registryReference(context, ports, line)
    const path = join(context.workspace.root, '.modelway-data/profile-credit-1/train.profile.json')
    expect(paths).toEqual([{ path }])
    folder.write('a.csv', TABLE)
    expect(await registryReference(context, ports, line)).toEqual([
      { path: join(context.workspace.root, 'a.csv'), base: context.workspace.root },
    ])
    // Of the model nothing but the profile is fetched.
    expect(folder.list().filter((name) => name.startsWith('.modelway-data'))).toEqual([
      '.modelway-data/profile-credit-1/train.profile.json',
    ])
  })

  it('compares with that profile as with the data', async () => {
    const table = csv('x,c', 2_000, (i) => `${spread(i)},${'abc'[i % 3]}`)
    folder.write('a.csv', table)
    folder.write(
      'now.csv',
      csv('x,c', 2_000, (i) => `${spread(i) + 0.5},${'abc'[i % 3]}`),
    )
    const direct = await checkDrift({
      folder: folder.path,
      config: '{reference: a.csv, current: now.csv, save-profile: t.profile.json}',
    })
    const profile = readFileSync(join(folder.path, 't.profile.json'), 'utf8')
    rmSync(join(folder.path, 'a.csv'))
    await register({ dataset: datasetOf({ 'a.csv': table }), profile })
    const { predicate } = await check(CONFIG.replace('now.csv', 'now.csv, health: {schema: {}}'))
    expect(predicate.reference.files.map(({ path }) => path)).toEqual([
      '.modelway-data/profile-credit-1/train.profile.json',
    ])
    expect(predicate.health?.status).toBe('pass')
    expect(predicate.columns.map(({ name, drifted }) => [name, drifted])).toEqual(
      direct.predicate.columns.map(({ name, drifted }) => [name, drifted]),
    )
  })

  it('needs a registry section, a version of that alias, and a statement or a profile with it', async () => {
    folder.write('now.csv', TABLE)
    expect(await problemsOf(CONFIG.replace('registry: {', 'data: {'))).toMatchObject([
      { code: 'MW-DRIFT-016', where: 'drift.reference' },
    ])
    expect(await problemsOf()).toMatchObject([{ code: 'MW-DRIFT-017' }])
    await register()
    expect(await problemsOf()).toMatchObject([{ code: 'MW-DRIFT-018' }])
    for (const alias of ['', ' ', '__proto__', 'toString', '../x']) {
      const config = CONFIG.replace('registry:champion', `registry:${alias}`)
      expect(await problemsOf(config)).toMatchObject([{ code: 'MW-DRIFT-017' }])
    }
  })

  it.each([
    ['is of another kind', datasetOf({ 'a.csv': TABLE }, 'training'), undefined],
    ['is no statement', '{"a":1}', undefined],
    ['is no JSON', 'nothing', undefined],
    [
      'is not the one it was registered with',
      datasetOf({ 'a.csv': TABLE }),
      `sha256:${hex('other')}`,
    ],
  ])('is an error where the statement that is kept %s', async (_, dataset, lineage) => {
    folder.write('now.csv', TABLE)
    await register({ dataset, ...(lineage === undefined ? {} : { lineage }) })
    expect(await problemsOf()).toMatchObject([
      { code: 'MW-DRIFT-019', where: 'files:models/credit/1' },
    ])
  })

  it('is no source of current data', async () => {
    folder.write('a.csv', TABLE)
    await register({ dataset: datasetOf({ 'a.csv': TABLE }) })
    const config = CONFIG.replace('now.csv', '"registry:champion"')
    expect(await problemsOf(config)).toMatchObject([{ code: 'MW-DATA-101' }])
  })
})
