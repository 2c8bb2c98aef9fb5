import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import * as z from 'zod'
import { DriftSection } from '../../../src/config/drift.js'
import { OneOrMany } from '../../../src/config/shared.js'
import { formatProblem, UserError } from '../../../src/errors.js'
import type { ActionContract } from '../../../src/runtime/contract.js'
import { loadSettings } from '../../../src/runtime/settings.js'
import { useTemporaryFolder } from '../temporary-folder.js'

const Section = z.strictObject({
  source: OneOrMany,
  count: z.number().default(3),
  kind: z.enum(['local', 'remote']).default('local'),
  deep: z.record(z.string(), z.strictObject({ level: z.number() })).default({}),
  flag: z.boolean().default(true),
  triggers: DriftSection.shape.triggers,
})

const contract = {
  name: 'setup-data',
  title: '',
  description: '',
  branding: { icon: '', color: '' },
  statement: 'dataset',
  section: 'data',
  settings: Section,
  inputs: {
    source: { kind: 'list', description: '' },
    count: { kind: 'number', description: '' },
    deep: { kind: 'yaml', description: '' },
    flag: { kind: 'boolean', description: '' },
    kind: { kind: 'text', description: '' },
    triggers: { kind: 'yaml', description: '' },
  },
  outputs: {},
  permissions: {},
} as const satisfies ActionContract<typeof Section>

describe('loadSettings', () => {
  const folder = useTemporaryFolder()
  const load = (inputs: Readonly<Record<string, string>> = {}) =>
    loadSettings(
      contract,
      (name) => (Object.hasOwn(inputs, name) ? inputs[name] : undefined),
      folder.path,
    )
  const problems = (inputs: Readonly<Record<string, string>> = {}): readonly string[] => {
    try {
      load(inputs)
    } catch (error) {
      if (error instanceof UserError) return error.problems.map(formatProblem)
      throw error
    }
    return []
  }

  it('reads the section of the configuration, with defaults', () => {
    folder.write('modelway.yml', 'project: census\ndata:\n  source: |\n    a.csv\n    b.csv\n')
    const { common, settings } = load()
    expect(common.project).toBe('census')
    expect(settings).toEqual({
      source: ['a.csv', 'b.csv'],
      triggers: [],
      count: 3,
      kind: 'local',
      deep: {},
      flag: true,
    })
  })

  it('knows where its file is in the repository, wherever that is checked out', () => {
    const fileOf = (inputs: Readonly<Record<string, string>>) => load(inputs).common.configFile
    for (const place of ['', 'sub/', 'repo/', 'repo/sub/', 'repo/sub/module/'])
      folder.write(`${place}modelway.yml`, 'data: { source: a.csv }\n')
    folder.write('repo/.git/HEAD', 'ref: refs/heads/main\n')
    // A submodule is what the change says it is.
    folder.write('repo/sub/module/.git', 'gitdir: ../../.git/modules/module\n')
    expect(fileOf({})).toBe('modelway.yml')
    expect(fileOf({ 'working-directory': 'sub' })).toBe('sub/modelway.yml')
    expect(fileOf({ config: 'sub/modelway.yml' })).toBe('sub/modelway.yml')
    expect(fileOf({ 'working-directory': 'repo' })).toBe('modelway.yml')
    expect(fileOf({ 'working-directory': 'repo/sub' })).toBe('sub/modelway.yml')
    expect(fileOf({ 'working-directory': 'repo/sub/module' })).toBe('sub/module/modelway.yml')
    expect(fileOf({ 'working-directory': 'repo', config: '../modelway.yml' })).toBe('modelway.yml')
  })

  it('lets inputs override the configuration, even where that is wrong', () => {
    folder.write('modelway.yml', 'data:\n  source: a.csv\n  count: many\n')
    const inputs = { count: '1e2', source: 'x\n\n y \n', flag: 'false', deep: 'a: {level: 1}' }
    expect(load(inputs).settings).toMatchObject({
      source: ['x', 'y'],
      count: 100,
      flag: false,
      deep: { a: { level: 1 } },
    })
  })

  it('works without a configuration when the inputs say all, and else says that there is none', () => {
    expect(load({ source: 'a.csv' }).settings.source).toEqual(['a.csv'])
    expect(problems()).toEqual([
      'MW-CONFIG-001: modelway.yml: there is no such configuration file. Write one, or set the inputs named below.',
      'MW-CONFIG-006: data: source is required but not set. Set data.source in modelway.yml or give the input source.',
    ])
    expect(problems({ config: 'other.yml', source: 'a' })).toEqual([
      'MW-CONFIG-001: other.yml: there is no such configuration file. Check the input config.',
    ])
  })

  const KINDS = 'summary, issue, repository-dispatch, workflow-dispatch, airflow, kafka, webhook'

  it.each([
    ['[slack]', `MW-CONFIG-007: X: triggers[0] "slack" is none of: ${KINDS}.`],
    ['[{kind: 7}]', `MW-CONFIG-007: X: triggers[0].kind 7 is none of: ${KINDS}.`],
    [
      '[issue, webhok]',
      `MW-CONFIG-007: X: triggers[1] "webhok" is none of: ${KINDS}. Did you mean "webhook"?`,
    ],
    [
      '[webhook]',
      'MW-CONFIG-006: X: triggers[0] webhook needs url, which a word alone does not say. Write { kind: webhook, url: … } in its place in Y.',
    ],
  ])('lists the kinds where %s is none of them', (triggers, said) => {
    folder.write('c.yml', `data: {source: a, triggers: ${triggers}}\n`)
    expect(problems({ config: 'c.yml' })).toEqual([
      expect.stringMatching(/^MW-CONFIG-00[67]: c\.yml:1:\d+: /),
    ])
    const byFile = said.replace('X: ', 'X: data.').replace('Y', 'c.yml')
    expect(problems({ config: 'c.yml' })[0]?.replace(/c\.yml:1:\d+/, 'X')).toBe(byFile)
    expect(problems({ source: 'a', triggers })).toEqual([
      said.replace('X', 'input triggers').replace('Y', 'modelway.yml'),
    ])
  })

  it('says of what is missing where it has to be set: the file that was read, or the input', () => {
    folder.write('ci/other.yml', 'data: {triggers: [{}], deep: {a: {}}}\n')
    expect(problems({ config: 'ci/other.yml' })).toEqual([
      'MW-CONFIG-006: ci/other.yml:1:1: source is required but not set. Set data.source in ci/other.yml or give the input source.',
      `MW-CONFIG-006: ci/other.yml:1:19: triggers[0].kind is required but not set. Set data.triggers[0].kind in ci/other.yml to one of: ${KINDS}.`,
      'MW-CONFIG-006: ci/other.yml:1:31: deep.a.level is required but not set. Set data.deep.a.level in ci/other.yml.',
    ])
    expect(problems({ source: 'a', triggers: '[{kind: webhook}]' })).toEqual([
      'MW-CONFIG-006: input triggers: triggers[0].url is required but not set. Set triggers[0].url in the input triggers.',
    ])
  })

  it('reports every problem of inputs and configuration at once, with its place', () => {
    folder.write(
      'modelway.yml',
      'dat: {}\ndata:\n  source: 7\n  kind: locl\n  deep:\n    a:\n      levl: 1\n      level: x\n  sorce: a\ntrain: []\n',
    )
    const found = problems({ count: '12px', comment: 'loud', 'dry-run': 'perhaps', flag: 'yes' })
    expect([...found].sort()).toEqual(
      [
        'MW-INPUT-001: input comment: must be auto, always or off.',
        'MW-INPUT-001: input dry-run: must be true or false.',
        'MW-INPUT-001: input count: must be a number, not "12px".',
        'MW-INPUT-001: input flag: must be true or false, not "yes".',
        'MW-CONFIG-005: modelway.yml:1:1: unknown key "dat". Did you mean "data"?',
        'MW-CONFIG-004: modelway.yml:10:1: train must be a map.',
        'MW-CONFIG-007: modelway.yml:3:3: data.source must be text or a list, not 7.',
        'MW-CONFIG-007: modelway.yml:4:3: data.kind "locl" is none of: local, remote. Did you mean "local"?',
        'MW-CONFIG-007: modelway.yml:8:7: data.deep.a.level must be a number, not "x".',
        'MW-CONFIG-005: modelway.yml:7:7: unknown key "levl". Did you mean "level"?',
        'MW-CONFIG-005: modelway.yml:9:3: unknown key "sorce". Did you mean "source"?',
      ].sort(),
    )
  })

  it('asks for what a misspelt key or section stands for only once, in the order of the lines', () => {
    folder.write('modelway.yml', 'data:\n  count: 30%\n  sorce: a\n')
    expect(problems()).toEqual([
      'MW-CONFIG-007: modelway.yml:2:3: data.count must be a number, not "30%". Write 0.3.',
      'MW-CONFIG-005: modelway.yml:3:3: unknown key "sorce". Did you mean "source"?',
    ])
    folder.write('modelway.yml', 'dat: {source: a}\n')
    expect(problems()).toEqual([
      'MW-CONFIG-005: modelway.yml:1:1: unknown key "dat". Did you mean "data"?',
    ])
  })

  it('blames no missing file where only an input is wrong, and names that once', () => {
    expect(problems({ source: 'a', kind: 'locl' })).toEqual([
      'MW-CONFIG-007: input kind: "locl" is none of: local, remote. Did you mean "local"?',
    ])
  })

  it('says that the working directory is not there, and not that its file is missing', () => {
    expect(problems({ 'working-directory': 'nope' })).toEqual([
      expect.stringMatching(/^MW-PATH-005: input working-directory: ".*nope" is not a folder\./),
    ])
  })

  it('knows the keys of the kind of map that was written', () => {
    folder.write('modelway.yml', 'data: {source: a, triggers: [{kind: webhook, ulr: x}]}\n')
    expect(problems()).toEqual(
      [
        expect.stringMatching(/^MW-CONFIG-005: .*unknown key "ulr"\. Known: kind, on, url\.$/),
        expect.stringMatching(/^MW-CONFIG-006: .*triggers\[0\]\.url is required/),
      ].toReversed(),
    )
  })

  it.each([
    [
      'a tab for indentation',
      'data:\n\tsource: x\n',
      /^MW-CONFIG-002: modelway\.yml:2:1: is not valid YAML: /,
    ],
    ['an open bracket', 'data: [x\n', /^MW-CONFIG-002: modelway\.yml:\d+:\d+: is not valid YAML: /],
    ['a key twice', 'data: {}\ndata: {}\n', /^MW-CONFIG-002: modelway\.yml:2:1: .*unique/],
    ['an alias to nothing', 'data: *x\n', /^MW-CONFIG-002: modelway\.yml.*x/],
    ['a list', '- a\n', /^MW-CONFIG-003: modelway\.yml: must be a map of sections\.$/],
    ['a text', 'hello', /^MW-CONFIG-003/],
    [
      'a section that is a list',
      'data: [x]\n',
      /^MW-CONFIG-004: modelway\.yml:1:1: data must be a map\.$/,
    ],
    ['two documents', 'data: {}\n---\ndata: {}\n', /^MW-CONFIG-002/],
  ])('says once that the file is %s, and not what is therefore missing', (_, text, expected) => {
    folder.write('modelway.yml', text)
    const found = problems()
    expect(found).toHaveLength(1)
    expect(found[0]).toMatch(expected)
  })

  it('stops an alias bomb', () => {
    const bomb = ['a: &a [x, x, x, x, x, x, x, x, x]']
    for (const [before, name] of ['ab', 'bc', 'cd', 'de', 'ef'].map(([x, y]) => [x, y]))
      bomb.push(`${name}: &${name} [${Array(9).fill(`*${before}`).join(', ')}]`)
    folder.write('modelway.yml', bomb.join('\n'))
    expect(problems()[0]).toMatch(/^MW-CONFIG-002: modelway\.yml: .*alias/)
  })

  it('takes an empty file for one without sections', () => {
    folder.write('modelway.yml', '# nothing yet\n')
    expect(problems()).toEqual([
      'MW-CONFIG-010: modelway.yml: there is no section "data". Write it, or set the inputs named below.',
      'MW-CONFIG-006: modelway.yml: source is required but not set. Set data.source in modelway.yml or give the input source.',
    ])
  })

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    'takes the key %s for an unknown one at its place, everywhere',
    (key) => {
      folder.write('modelway.yml', `data:\n  source: x\n  ${key}: {level: 1}\n${key}: 1\n`)
      expect(problems()).toEqual([
        expect.stringContaining(`MW-CONFIG-005: modelway.yml:3:3: unknown key "${key}"`),
        expect.stringContaining(`MW-CONFIG-005: modelway.yml:4:1: unknown key "${key}"`),
      ])
    },
  )

  it('refuses names that a map cannot keep and text that is none', () => {
    folder.write('modelway.yml', 'data:\n  source: "\\ud800"\n  deep:\n    __proto__: {level: 1}\n')
    expect(problems()).toEqual([
      'MW-CONFIG-004: modelway.yml:2:3: data.source holds half a surrogate pair, which is no text.',
      'MW-CONFIG-004: modelway.yml:4:5: data.deep.__proto__: "__proto__" cannot be used as a name.',
    ])
    expect(problems({ source: 'x', deep: '__proto__: {level: 1}' })).toContainEqual(
      expect.stringContaining('MW-INPUT-001: input deep: '),
    )
  })

  it('says where an input of YAML is wrong, once', () => {
    expect(problems({ source: 'x', deep: 'a: [1' })).toEqual([
      expect.stringMatching(/^MW-INPUT-001: input deep: is not valid YAML: .*line 1/),
    ])
  })

  it('refuses a configuration that is a folder', () => {
    mkdirSync(join(folder.path, 'modelway.yml'))
    expect(problems()).toEqual([
      expect.stringContaining('MW-CONFIG-008: modelway.yml: cannot be read'),
    ])
  })

  it('compares a key of a million letters with the known ones at once', () => {
    folder.write('modelway.yml', `data:\n  source: x\n  ? ${'k'.repeat(1_000_000)}\n  : 1\n`)
    expect(problems()[0]).toContain('Known: source, count, kind, deep, flag, triggers.')
  })
})
