import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import {
  ageInDays,
  FIRST,
  readBaseline,
} from '../../../../src/actions/evaluate-gate/baseline/index.js'
import { changeOf } from '../../../../src/actions/evaluate-gate/change.js'
import type { RunArtifact, WorkflowRun } from '../../../../src/ports/forge.js'
import type { Tracker } from '../../../../src/ports/tracker.js'
import { canonicalJson } from '../../../../src/statements/canonical.js'
import { createStatement } from '../../../../src/statements/statement.js'
import { subjectOf, writeStatement } from '../../statements/small-record.js'
import { errorOf, useTemporaryFolder } from '../../temporary-folder.js'
import {
  type GateContextOptions,
  gateContext,
  gatePorts,
  partialForge,
  predictions,
} from './gate-context.js'

const RULES =
  'rules: [{ metric: accuracy, no-worse-than: baseline, margin: 0.1 }, { metric: "metrics:auc", at-least: 0 }]'
const config = (baseline: string, extra = ''): string =>
  `gate:\n  task: classification\n  predictions: out/predictions.csv\n  baseline: ${baseline}\n  ${RULES}\n${extra}`

async function readWith(context: ReturnType<typeof gateContext>, tracker?: Tracker) {
  const ports = gatePorts(context, tracker)
  return readBaseline(context, ports, await changeOf(context, ports.history))
}

describe('the baseline', () => {
  const folder = useTemporaryFolder()

  const read = (
    options: Omit<GateContextOptions, 'folder' | 'config'> & {
      readonly baseline: string
      readonly tracker?: Tracker
    },
  ) => {
    const context = gateContext({
      folder: folder.path,
      config: config(options.baseline),
      ...options,
    })
    return readWith(context, options.tracker)
  }

  const git = (...args: string[]): string =>
    execFileSync('git', ['-C', folder.path, '-c', 'user.name=n', '-c', 'user.email=e', ...args], {
      encoding: 'utf8',
    }).trim()

  const commit = (message: string): string => {
    git('add', '.')
    git('commit', '-q', '--allow-empty', '-m', message)
    return git('rev-parse', 'HEAD')
  }

  describe('of a file', () => {
    it('has the digest and the age of the file', async () => {
      const file = folder.write('base.csv', predictions(4, 2))
      const then = new Date('2026-01-01T00:00:00Z')
      utimesSync(file, then, then)
      const now = new Date('2026-01-11T01:00:00Z')
      const found = await read({ baseline: 'file:base.csv', now })
      if (found === undefined || found === FIRST) throw new Error('not found')
      const sha256 = createHash('sha256').update(predictions(4, 2)).digest('hex')
      expect(found).toMatchObject({ source: 'file:base.csv', digest: `sha256:${sha256}` })
      expect(found.predictions?.table.rows).toBe(4)
      expect(ageInDays(found, now)).toBe(10)
    })

    it('is refused when it is from the future (MW-GATE-122)', async () => {
      const file = folder.write('base.csv', predictions(4, 2))
      const then = new Date('2026-03-01T00:00:00Z')
      utimesSync(file, then, then)
      const wish = () => read({ baseline: 'file:base.csv', now: new Date('2026-01-01T00:00:00Z') })
      expect((await errorOf(wish)).message).toMatch(/^MW-GATE-122: .*2026-03-01/)
    })
  })

  describe('of numbers', () => {
    it('has no predictions', async () => {
      folder.write('m.json', '{"auc": 0.9, "test": {"f1": [0.8, 0.7]}}')
      expect(await read({ baseline: 'metrics:m.json' })).toMatchObject({
        predictions: undefined,
        points: { auc: 0.9 },
      })
    })

    it.each([
      ['MW-GATE-110', undefined],
      ['MW-GATE-111', '{"auc": 0.9,'],
      ['MW-GATE-047', '[1]'],
      ['MW-GATE-046', '{"auc": "0.9"}'],
    ])('%s for a file such as %s', async (code, content) => {
      if (content !== undefined) folder.write('m.json', content)
      const error = await errorOf(() => read({ baseline: 'metrics:m.json' }))
      expect(error.message).toMatch(new RegExp(`^${code}: m\\.json: `))
    })

    it('must be of the candidate’s data where both say what that is (MW-GATE-125)', async () => {
      folder.write('data.csv', 'id\n1\n')
      writeStatement(folder, {
        kind: 'dataset',
        subject: [subjectOf(folder, 'data.csv')],
        predicate: {
          source: ['data.csv'],
          revision: 'r',
          files: [],
          rows: 1,
          columns: [],
          contract: null,
          fingerprint: 'sha256:1',
          decision: 'pass',
        },
      })
      const text = (dataset: string) => JSON.stringify({ auc: 0.9, dataset })
      folder.write('m.json', text('sha256:1'))
      expect(await read({ baseline: 'metrics:m.json' })).toMatchObject({ points: { auc: 0.9 } })
      folder.write('m.json', text('sha256:2'))
      expect((await errorOf(() => read({ baseline: 'metrics:m.json' }))).message).toMatch(
        /^MW-GATE-125.*sha256:2.*sha256:1/,
      )
    })

    it('refuses a file that is no file of metrics by its size (MW-GATE-111)', async () => {
      folder.write('m.json', Buffer.alloc(11 * 1024 * 1024, 32))
      expect((await errorOf(() => read({ baseline: 'metrics:m.json' }))).message).toMatch(
        'MW-GATE-111',
      )
    })
  })

  describe('of a reference', () => {
    it('is what is committed at the merge base, not at the tip of the branch', async () => {
      git('init', '-q', '-b', 'main')
      folder.write('out/predictions.csv', predictions(6, 2))
      const base = commit('base')
      git('checkout', '-q', '-b', 'change')
      folder.write('out/predictions.csv', predictions(6, 3))
      const head = commit('change')
      git('checkout', '-q', 'main')
      folder.write('out/predictions.csv', predictions(6, 5))
      commit('later')
      git('checkout', '-q', 'change')
      const found = await read({ baseline: 'ref:main', run: { headSha: head, pullRequest: 3 } })
      const sha256 = createHash('sha256').update(predictions(6, 2)).digest('hex')
      expect(found).toMatchObject({
        source: `ref:main (commit ${base.slice(0, 12)})`,
        digest: `sha256:${sha256}`,
      })
    })

    it('is the commit before, for a run on the branch itself', async () => {
      git('init', '-q', '-b', 'main')
      folder.write('out/predictions.csv', predictions(6, 2))
      const before = commit('1')
      folder.write('out/predictions.csv', predictions(6, 3))
      const head = commit('2')
      const found = await read({ baseline: 'ref:main', run: { sha: head, event: 'push' } })
      expect(found).toMatchObject({ source: `ref:main (commit ${before.slice(0, 12)})` })
    })

    it('does not take a pointer of Git LFS for predictions (MW-GATE-116)', async () => {
      git('init', '-q', '-b', 'main')
      folder.write(
        'out/predictions.csv',
        'version https://git-lfs.github.com/spec/v1\noid sha256:0\n',
      )
      commit('base')
      git('checkout', '-q', '-b', 'change')
      const head = commit('change')
      const wish = () => read({ baseline: 'ref:main', run: { headSha: head, pullRequest: 3 } })
      expect((await errorOf(wish)).message).toMatch(/^MW-GATE-116.*without a token/)
    })

    it.each([
      ['MW-GATE-120', 'ref:none'],
      ['MW-GATE-119', 'ref:main'],
    ])('%s where %s leads nowhere', async (code, baseline) => {
      git('init', '-q', '-b', 'main')
      commit('only')
      expect((await errorOf(() => read({ baseline, run: { event: 'push' } }))).message).toMatch(
        code,
      )
    })

    it('needs a commit (MW-GATE-118) and a common history (MW-GATE-121)', async () => {
      expect((await errorOf(() => read({ baseline: 'ref:main' }))).message).toMatch('MW-GATE-118')
      git('init', '-q', '-b', 'main')
      commit('1')
      git('checkout', '-q', '--orphan', 'other')
      const head = commit('2')
      const wish = () => read({ baseline: 'ref:main', run: { headSha: head } })
      expect((await errorOf(wish)).message).toMatch('MW-GATE-121')
    })
  })

  describe('that a run kept', () => {
    const run = (part: Partial<WorkflowRun>): WorkflowRun => ({
      id: 1,
      workflow: 'ci',
      path: '.github/workflows/ci.yml',
      event: 'push',
      headSha: 'a'.repeat(40),
      headRef: 'main',
      headRepository: 'Our/Repo',
      status: 'completed',
      conclusion: 'success',
      attempt: 1,
      createdAt: '2026-01-01T00:00:00Z',
      url: 'https://github.com/our/repo/actions/runs/1',
      ...part,
    })
    const artifact = (part: Partial<RunArtifact>): RunArtifact => ({
      id: 9,
      name: 'modelway-baseline-na-ve-test',
      size: 100,
      digest: undefined,
      expired: false,
      createdAt: '2026-01-01T00:00:00Z',
      ...part,
    })

    interface Shelf {
      readonly runs: readonly WorkflowRun[]
      readonly artifacts: Readonly<Record<number, readonly RunArtifact[]>>
      readonly content?: string
      readonly judged?: string
    }

    function forge({ runs, artifacts, content = predictions(6, 3), judged = content }: Shelf) {
      return partialForge({
        files: {
          commitOf: async () => 'b'.repeat(40),
          parentOf: async () => 'a'.repeat(40),
          mergeBase: async () => 'a'.repeat(40),
        },
        runs: { ofCommit: async () => runs },
        runArtifacts: {
          ofRun: async (id) => artifacts[id] ?? [],
          extract: async (_, into, limits) => {
            expect(limits.files).toBeLessThanOrEqual(10)
            const put = (path: string, text: string) => {
              mkdirSync(dirname(join(into, path)), { recursive: true })
              writeFileSync(join(into, path), text)
            }
            put('out/predictions.csv', content)
            put('.modelway/verdict.json', verdictOf(judged))
            return ['out/predictions.csv', '.modelway/verdict.json']
          },
        },
      })
    }

    function verdictOf(text: string): string {
      const sha256 = createHash('sha256').update(text).digest('hex')
      return canonicalJson(
        createStatement({
          kind: 'verdict',
          subject: [{ name: 'm', digest: { sha256 } }],
          predicate: {
            decision: 'pass',
            failOn: 'inconclusive',
            task: 'classification',
            samples: { candidate: 6, baseline: null, joined: 6 },
            predictions: { path: 'out/predictions.csv', sha256 },
            baseline: null,
            checks: [],
          },
          inputs: [],
        }),
      )
    }

    const ON_CHANGE = { headSha: 'c'.repeat(40), pullRequest: 3, repository: 'our/repo' }

    it('is taken from the newest run of ours on the branch, and is the one that was judged', async () => {
      const shelf = {
        runs: [
          run({ id: 5, event: 'pull_request', headRepository: 'evil/repo' }),
          run({ id: 4, headRepository: 'evil/repo' }),
          run({ id: 3 }),
          run({ id: 2 }),
        ],
        artifacts: {
          5: [artifact({})],
          4: [artifact({})],
          3: [artifact({ expired: true }), artifact({ name: 'other' })],
          2: [artifact({ id: 22 })],
        },
      }
      const found = await read({ baseline: 'ref:main', run: ON_CHANGE, forge: forge(shelf) })
      expect(found).toMatchObject({
        source: `ref:main (commit ${'a'.repeat(12)})`,
        madeAt: new Date('2026-01-01T00:00:00Z'),
      })
      expect(found === FIRST ? 0 : found?.predictions?.table.rows).toBe(6)
    })

    it('is refused when its predictions are not those of its verdict (MW-GATE-117)', async () => {
      const shelf = { runs: [run({ id: 2 })], artifacts: { 2: [artifact({})] }, judged: 'else' }
      const wish = () => read({ baseline: 'ref:main', run: ON_CHANGE, forge: forge(shelf) })
      expect((await errorOf(wish)).message).toMatch('MW-GATE-117')
    })

    it('is missed by a change (MW-GATE-116), and made by the first run on the branch', async () => {
      const empty = forge({ runs: [], artifacts: {} })
      const wish = () => read({ baseline: 'ref:main', run: ON_CHANGE, forge: empty })
      expect((await errorOf(wish)).message).toMatch(/^MW-GATE-116.*none of its runs kept/)
      const onMain = { sha: 'b'.repeat(40), event: 'push', repository: 'our/repo' }
      expect(await read({ baseline: 'ref:main', run: onMain, forge: empty })).toBe(FIRST)
    })
  })

  describe('of a tracked run', () => {
    const tracker = (files: Readonly<Record<string, string>>): Tracker => ({
      run: async (id) =>
        id === 'gone'
          ? undefined
          : { id, url: undefined, startedAt: new Date('2026-01-01'), metrics: { auc: 0.9 } },
      files: async (_, inside) =>
        Object.keys(files)
          .filter((path) => (dirname(path) === '.' ? '' : dirname(path)) === inside)
          .map((path) => ({ path, size: undefined })),
      download: async (_, path, target) => writeFileSync(target, files[path] ?? ''),
    })

    it('is its artifact of predictions, and its metrics', async () => {
      const files = { 'evaluation/predictions.csv': predictions(4, 2), 'model.bin': '' }
      expect(await read({ baseline: 'run:r1', tracker: tracker(files) })).toMatchObject({
        predictions: { table: { rows: 4 } },
        points: { auc: 0.9 },
        source: 'run:r1 (mlflow)',
        madeAt: new Date('2026-01-01'),
      })
    })

    it('needs a tracker that we know (MW-GATE-112)', async () => {
      expect((await errorOf(() => read({ baseline: 'run:r1' }))).message).toMatch('MW-GATE-112')
    })

    it('must be there (MW-GATE-113), with predictions where a rule compares examples (MW-GATE-114)', async () => {
      const gone = () => read({ baseline: 'run:gone', tracker: tracker({}) })
      expect((await errorOf(gone)).message).toMatch('MW-GATE-113')
      const bare = () => read({ baseline: 'run:r1', tracker: tracker({}) })
      expect((await errorOf(bare)).message).toMatch('MW-GATE-114')
    })
  })

  it('is nobody for none, and must be in the registry (MW-GATE-102, MW-GATE-104)', async () => {
    expect(await read({ baseline: 'none' })).toBeUndefined()
    const missing = () => read({ baseline: 'registry:champion' })
    expect((await errorOf(missing)).message).toMatch('MW-GATE-104')
    const context = gateContext({
      folder: folder.path,
      config: config('registry:champion', 'registry: { name: m, location: registry }\n'),
    })
    expect((await errorOf(() => readWith(context))).message).toMatch('MW-GATE-102')
  })

  it('is no version that was registered without its predictions (MW-GATE-103)', async () => {
    const context = gateContext({
      folder: folder.path,
      config: config('registry:champion', 'registry: { name: m, location: registry }\n'),
    })
    const registry = { find: async () => ({ uri: 'files:m/3' }), attachment: async () => undefined }
    const ports = { ...gatePorts(context), openRegistry: async () => registry as never }
    const change = await changeOf(context, ports.history)
    const error = await errorOf(() => readBaseline(context, ports, change))
    expect(error.message).toMatch(/^MW-GATE-103: gate\.baseline: files:m\/3 has no predictions/)
  })
})
