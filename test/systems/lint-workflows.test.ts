// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are GitHub's expressions.
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from '@jest/globals'
import { ensureActionlint } from '../../tools/install/actionlint.js'
import { ensureLanguageservice } from '../../tools/install/languageservice.js'
import { ensureZizmor } from '../../tools/install/zizmor.js'
import { lintWorkflows } from '../../tools/lint-workflows/lint.js'
import { systemSuite } from './system-suite.js'

const root = fileURLToPath(new URL('../../', import.meta.url))

const action = `name: Gate
description: Judges.
inputs:
  rules:
    description: What must hold
    required: true
runs:
  using: node24
  main: index.js
`

const head = `on: push
permissions:
  contents: read
`

function workflow(steps: string, top = head): string {
  return `${top}jobs:
  one:
    runs-on: ubuntu-latest
    timeout-minutes: 5
    steps:
${steps}`
}

async function install(): Promise<void> {
  await Promise.all([ensureActionlint(), ensureZizmor(), ensureLanguageservice()])
}

// @evidence actionlint: live (1.7.12)
// @evidence zizmor: live (1.32.0)
// @evidence GitHub Actions languageservice: live (0.3.61)
await systemSuite('the lint of workflows', install, () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'modelway-lint-'))
    await cp(join(root, 'zizmor.yml'), join(folder, 'zizmor.yml'))
    await mkdir(join(folder, 'examples'))
    await cp(join(root, 'examples', 'zizmor.yml'), join(folder, 'examples', 'zizmor.yml'))
    await put('package.json', '{"repository":{"url":"https://github.com/fork-er/modelway.git"}}')
    await put('actions/gate/action.yml', action)
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  async function put(path: string, text: string): Promise<void> {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }

  async function found(): Promise<readonly string[]> {
    const { findings } = await lintWorkflows(folder)
    return findings.map(({ tool, path, line, message }) => `${tool} ${path}:${line} ${message}`)
  }

  it('finds nothing in what is right, and says how much it looked at', async () => {
    const uses = `      - uses: fork-er/modelway/actions/gate@gate/v1
        with:
          rules: x
`
    await put('examples/a/.github/workflows/a.yml', workflow(uses))
    await put(
      'action-templates/b.yml',
      workflow(
        uses,
        `on:\n  push:\n    branches: [$default-branch]\n  schedule:\n    - cron: $cron-daily\npermissions: {}\n`,
      ),
    )
    await put('.github/workflows/c.yml', workflow('      - run: echo hello\n'))
    expect(await lintWorkflows(folder)).toEqual({
      findings: [],
      seen: { actionlint: 3, zizmor: 4, languageservice: 4 },
    })
  })

  it.each([
    [
      'an input that the action does not have',
      '      - uses: fork-er/modelway/actions/gate@v1\n        with:\n          rules: x\n          rule: y\n',
      /languageservice .*:12 Invalid action input 'rule'/,
    ],
    [
      'a required input that is missing',
      '      - uses: fork-er/modelway/actions/gate@v1\n',
      /languageservice .* Missing required input `rules`/,
    ],
    [
      'an action of ours that does not exist',
      '      - uses: fork-er/modelway/actions/gates@v1\n',
      /languageservice .* Unable to resolve action `fork-er\/modelway\/actions\/gates@v1`/,
    ],
    [
      'a context that does not exist',
      '      - run: echo "${{ gitub.sha }}"\n',
      /actionlint .*:9 undefined variable "gitub"/,
    ],
    [
      'a step that does not exist',
      '      - run: echo "${{ steps.none.outputs.x }}"\n',
      /actionlint .* property "none" is not defined/,
    ],
    [
      'text of others in a script',
      '      - run: echo "${{ github.event.pull_request.title }}"\n',
      /zizmor .*template-injection/,
    ],
    [
      'an action of others by a tag',
      '      - uses: some/action@v1\n',
      /zizmor .*:9 .*unpinned-uses, High/,
    ],
  ])('finds %s, in users’ workflows and in templates', async (_name, steps, expected) => {
    await put('examples/a/.github/workflows/a.yml', workflow(steps))
    const inExample = await found()
    expect(inExample.join('\n')).toMatch(expected)
    expect(inExample.join('\n')).toContain('examples/a/.github/workflows/a.yml')
    await rm(join(folder, 'examples', 'a'), { recursive: true })
    await put('action-templates/a.yml', workflow(steps))
    expect((await found()).join('\n')).toMatch(expected)
  })

  it('lets users name GitHub’s actions by release, and us only by commit', async () => {
    const uses = '      - uses: actions/setup-node@v4\n'
    await put('examples/a/.github/workflows/a.yml', workflow(uses))
    expect(await found()).toEqual([])
    await put('.github/workflows/a.yml', workflow(uses))
    expect((await found()).join('\n')).toMatch(/zizmor \.github\/workflows\/a\.yml:9 .*unpinned/)
  })

  it('finds faults of a workflow’s shape', async () => {
    await put('.github/workflows/a.yml', 'on:\n  push:\n    branchs: [main]\njobs: {}\n')
    const all = (await found()).join('\n')
    expect(all).toMatch(/actionlint .*branchs/)
    expect(all).toMatch(/languageservice .*branchs/)
  })

  it('finds a fault of an action.yml', async () => {
    await put('.github/workflows/c.yml', workflow('      - run: echo hello\n'))
    await put('actions/gate/action.yml', action.replace('node24', 'node99'))
    expect((await found()).join('\n')).toMatch(
      /languageservice actions\/gate\/action\.yml:\d+ .*node99/,
    )
  })

  it('finds updates that are taken on the day they appear', async () => {
    const update =
      '  - package-ecosystem: npm\n    directory: /\n    schedule:\n      interval: daily\n'
    await put('.github/dependabot.yml', `version: 2\nupdates:\n${update}`)
    expect((await found()).join('\n')).toMatch(/zizmor \.github\/dependabot\.yml.*cooldown/)
  })

  it('tells a tool that saw nothing', async () => {
    expect((await lintWorkflows(folder)).seen).toEqual({
      actionlint: 0,
      zizmor: 1,
      languageservice: 1,
    })
  })
})
