import { describe, expect, it } from '@jest/globals'
import { evaluateGate } from '../../../../src/actions/evaluate-gate/run.js'
import { ExternalError } from '../../../../src/errors.js'
import type { Forge, PersonComment, PullRequestFacts } from '../../../../src/ports/forge.js'
import { VerdictPredicate } from '../../../../src/statements/schemas/verdict.js'
import { subjectOf, writeStatement } from '../../statements/small-record.js'
import { errorOf, useTemporaryFolder } from '../../temporary-folder.js'
import {
  type GateContextOptions,
  gateContext,
  gatePorts,
  partialForge,
  predictions,
} from './gate-context.js'

const GATE = (rules: string, extra = ''): string =>
  `gate:\n  task: classification\n  slice-search: false\n${extra}  rules:\n    - ${rules}\n`
const BETTER = '{ metric: accuracy, better-than: baseline }'

const TRAINING = {
  fingerprint: 'f',
  fingerprintParts: { code: '', data: '', parameters: '', environment: '', command: '' },
  skipped: false,
  command: 'train',
  parameters: {},
  commit: null,
  metrics: { auc: 0.9 },
  predictions: null,
  environment: {},
  resources: {
    gpus: [],
    peakGpuMemoryBytes: null,
    meanGpuUtilisation: null,
    peakRssBytes: 5,
  },
  durationSeconds: 12,
  runs: [],
}

describe('evaluate-gate', () => {
  const folder = useTemporaryFolder()

  async function gate(options: Omit<GateContextOptions, 'folder'>) {
    const context = gateContext({ folder: folder.path, ...options })
    const outcome = await evaluateGate(context, gatePorts(context))
    // What is written must be what is read again.
    const predicate = VerdictPredicate.parse(
      JSON.parse(JSON.stringify({ ...outcome.predicate, inputs: outcome.inputs })),
    )
    return { ...outcome, predicate, lines: context.host.lines }
  }

  it('judges both models on the same examples and says so in the statement', async () => {
    folder.write('predictions.csv', predictions(400, 40))
    folder.write('base.csv', predictions(400, 4))
    const { predicate, decision, reason, outputs } = await gate({
      config: GATE(BETTER, '  baseline: file:base.csv\n'),
      run: { sha: 'c'.repeat(40) },
    })
    expect(decision).toBe('pass')
    expect(reason).toBe('Gate: pass. The one check holds on 400 examples.')
    expect(outputs['metrics']).toEqual({ accuracy: 0.975 })
    expect(predicate).toMatchObject({
      decision: 'pass',
      change: { commit: 'c'.repeat(40), pullRequest: null },
      predictions: { path: 'predictions.csv' },
      baseline: { source: 'file:base.csv', ageDays: 0 },
      diagnostics: {
        confusion: { classes: ['0', '1'] },
        disagreement: { candidateOnly: 90, baselineOnly: 0 },
      },
    })
  })

  it('shows rows only where that is asked for', async () => {
    folder.write('predictions.csv', predictions(40, 40))
    folder.write('base.csv', predictions(40, 4))
    const config = (extra: string) => GATE(BETTER, `  baseline: file:base.csv\n${extra}`)
    const hidden = await gate({ config: config('') })
    expect(hidden.predicate.diagnostics?.disagreement).not.toHaveProperty('examples')
    const shown = await gate({ config: config('  show-examples: true\n') })
    expect(shown.predicate.diagnostics?.disagreement?.examples?.['4']).toMatchObject({ label: '0' })
  })

  it('warns of an old baseline, and decides as ever', async () => {
    folder.write('predictions.csv', predictions(400, 40))
    folder.write('base.csv', predictions(400, 4))
    const { decision, annotations, markdown } = await gate({
      config: GATE(BETTER, '  baseline: file:base.csv\n  baseline-max-age: 30d\n'),
      // The file system's clock is finer than this one.
      now: new Date(Date.now() + 40 * 86_400_000 + 1000),
    })
    expect(decision).toBe('pass')
    expect(annotations).toMatchObject([
      {
        level: 'warning',
        message: 'The baseline file:base.csv is 40 days old; baseline-max-age is 30 days.',
      },
    ])
    expect(markdown).toMatch('40 days')
  })

  it('warns where a rule has slices and none of them could be judged', async () => {
    folder.write('predictions.csv', predictions(400, 40))
    const { annotations, decision } = await gate({
      config: GATE('{ metric: accuracy, at-least: 0.5, slices: { by: [id], min-size: 2 } }'),
    })
    expect(decision).toBe('pass')
    expect(annotations).toMatchObject([
      { level: 'warning', message: expect.stringMatching(/none of its 400 slices was judged/) },
    ])
  })

  it('counts both files where nothing is joined', async () => {
    folder.write('predictions.csv', predictions(400, 40))
    folder.write('base.csv', predictions(300, 4))
    const { reason } = await gate({
      config: GATE(BETTER, '  baseline: file:base.csv\n  pairing: none\n'),
    })
    expect(reason).toMatch('on 400 examples and 300 others of the baseline.')
  })

  describe('of numbers alone', () => {
    const rules = '{ metric: "metrics:bleu", no-worse-than: baseline, margin: 0.01 }'
    const extra = '  baseline: metrics:base.json\n  metrics: m.json\n'

    it('needs no predictions, and calls nothing tested', async () => {
      folder.write('m.json', '{"bleu": 0.3}')
      folder.write('base.json', '{"bleu": 0.32}')
      const { predicate, decision, reason, subject } = await gate({ config: GATE(rules, extra) })
      expect(decision).toBe('fail')
      expect(reason).toBe('Gate: fail. 1 of 1 checks failed on 1 number.')
      expect(subject).toEqual([subjectOf(folder, 'm.json')])
      expect(predicate).toMatchObject({
        predictions: null,
        metricsFile: { path: 'm.json' },
        checks: [{ interval: null, test: null, claim: null }],
      })
      expect(predicate.checks[0]?.reason).toMatch('no uncertainty available')
    })

    it('needs numbers to judge (MW-GATE-126)', async () => {
      folder.write('base.json', '{"bleu": 0.32}')
      const wish = () => gate({ config: GATE(rules, '  baseline: metrics:base.json\n') })
      expect((await errorOf(wish)).message).toMatch('MW-GATE-126')
    })

    it('are not those of predictions that the training did not write (MW-GATE-105)', async () => {
      folder.write('model.bin', 'x')
      folder.write('predictions.csv', predictions(400, 40))
      const sha256 = subjectOf(folder, 'predictions.csv').digest.sha256
      const swap = async (name: string, content: string): Promise<Error> => {
        writeStatement(folder, {
          kind: 'training',
          subject: [subjectOf(folder, 'model.bin')],
          predicate: { ...TRAINING, predictions: { path: 'predictions.csv', sha256 } },
        })
        folder.write(name, content)
        return errorOf(() => gate({ config: GATE('{ metric: accuracy, at-least: 0.5 }') }))
      }
      const model = await swap('model.bin', 'another')
      expect(model.message).toMatch(/^MW-GATE-105: model\.bin: /)
      const better = await swap('predictions.csv', predictions(400, 400))
      expect(better.message).toMatch(/^MW-GATE-105: predictions\.csv: /)
    })

    it('knows what the training took', async () => {
      folder.write('model.bin', 'x'.repeat(1000))
      writeStatement(folder, {
        kind: 'training',
        subject: [subjectOf(folder, 'model.bin')],
        predicate: TRAINING,
      })
      const { predicate } = await gate({
        config: GATE(
          '{ metric: "training:model-size-bytes", at-most: 999 }\n    - { metric: "training:duration-seconds", at-most: 60 }',
        ),
      })
      expect(predicate.checks.map(({ candidate, status }) => [candidate, status])).toEqual([
        [1000, 'fail'],
        [12, 'pass'],
      ])
      const unknown = () =>
        gate({ config: GATE('{ metric: "training:peak-gpu-memory-bytes", at-most: 1 }') })
      expect((await errorOf(unknown)).message).toMatch(/MW-GATE-045.*peak-rss-bytes/)
    })
  })

  it('keeps the first baseline of a branch, passes nothing in silence, and compares the next time', async () => {
    folder.write('predictions.csv', predictions(400, 40))
    const rules = `${BETTER}\n    - { metric: accuracy, at-least: 0.9 }`
    const forge = partialForge({
      files: { commitOf: async () => 'a'.repeat(40), parentOf: async () => 'b'.repeat(40) },
      runs: { ofCommit: async () => [] },
    })
    const { decision, predicate, keep, reason } = await gate({
      config: GATE(rules, '  baseline: ref:main\n'),
      run: { event: 'push', sha: 'a'.repeat(40), repository: 'our/repo' },
      forge,
    })
    expect(decision).toBe('warn')
    expect(predicate.checks.map(({ id }) => id)).toEqual(['accuracy.at-least'])
    expect(reason).toMatch('Nothing was compared')
    expect(keep).toEqual({
      name: 'modelway-baseline-na-ve-test',
      files: [expect.stringMatching(/predictions\.csv$/)],
    })
  })

  describe('that people override', () => {
    const sha = 'c'.repeat(40)
    const config = GATE('{ metric: accuracy, at-least: 0.99 }')
    const pull = {
      number: 7,
      open: true,
      author: 'author',
      headSha: sha,
      headRef: 'change',
      headRepository: 'our/repo',
      baseRef: 'main',
      baseSha: 'b'.repeat(40),
      fromFork: false,
      url: 'u',
    } satisfies PullRequestFacts
    const comment = (part: Partial<PersonComment> = {}): PersonComment => ({
      id: 11,
      issue: 7,
      body: '/override-gate the label was wrong, see #3',
      author: 'lead',
      isBot: false,
      createdAt: '2026-01-02T00:00:00Z',
      updatedAt: '2026-01-02T00:00:00Z',
      url: 'https://github.com/our/repo/pull/7#issuecomment-11',
      ...part,
    })

    function forge(policy: string, said = comment()): Forge {
      return partialForge({
        files: {
          fileAt: async (ref) => (ref === 'refs/heads/main' ? Buffer.from(policy) : undefined),
        },
        pulls: { get: async () => pull, headRewrites: async () => [] },
        people: { permissionOf: async () => 'write' },
        conversation: { comment: async (id) => (id === 11 ? said : undefined) },
        runs: {
          ofCommit: async () => [RUN],
          ofBranch: async () => [RUN],
        },
        statuses: {
          list: async () => [
            {
              state: 'success',
              context: 'modelway/override',
              description: '',
              targetUrl: said.url,
              createdAt: '2026-01-02T00:00:01Z',
            },
          ],
        },
      })
    }
    const RUN = {
      id: 1,
      workflow: 'ci',
      path: '.github/workflows/ci.yml',
      event: 'pull_request',
      headSha: sha,
      headRef: 'change',
      headRepository: 'our/repo',
      status: 'completed',
      conclusion: 'failure',
      attempt: 1,
      createdAt: '2026-01-01T00:00:00Z',
      url: 'u',
    }
    const run = {
      event: 'pull_request',
      repository: 'our/repo',
      pullRequest: 7,
      headSha: sha,
      baseRef: 'main',
      baseSha: undefined,
    }
    const allowed = 'gate: { overrides: { allow: [lead] } }'

    it('keeps its decision, does not block, and records who, why and for which commit', async () => {
      folder.write('predictions.csv', predictions(400, 4))
      const { decision, failOn, predicate, reason, markdown } = await gate({
        config,
        run,
        forge: forge(allowed),
      })
      expect([decision, failOn]).toEqual(['fail', 'never'])
      expect(reason).toMatch('Overridden by lead: the label was wrong, see #3')
      expect(predicate).toMatchObject({
        decision: 'fail',
        failOn: 'inconclusive',
        overrides: [{ by: 'lead', commit: sha, reason: 'the label was wrong, see #3' }],
      })
      expect(markdown).toMatch('lead')
    })

    it.each([
      [
        'GitHub does not answer',
        new ExternalError({ code: 'MW-X-001', service: 's', what: 'no.', retryable: true }),
        'warn',
      ],
      [
        'the token may not look',
        new ExternalError({ code: 'MW-X-001', service: 's', what: 'no.', retryable: false }),
        'debug',
      ],
    ])('blocks where %s, and says so', async (_, error, level) => {
      folder.write('predictions.csv', predictions(400, 4))
      const { failOn, lines } = await gate({
        config,
        run,
        forge: partialForge({ files: { fileAt: () => Promise.reject(error) } }),
      })
      expect(failOn).toBe('inconclusive')
      expect(lines.join()).toMatch(`${level}: Overrides were not looked up, and none counts`)
    })

    it.each([
      ['nobody may', 'gate: {}', comment()],
      ['another may', 'gate: { overrides: { allow: [boss] } }', comment()],
      ['the comment was edited', allowed, comment({ updatedAt: '2026-01-03T00:00:00Z' })],
      ['it says something else', allowed, comment({ body: 'nice' })],
    ])('blocks where %s', async (_, policy, said) => {
      folder.write('predictions.csv', predictions(400, 4))
      const { failOn, predicate } = await gate({ config, run, forge: forge(policy, said) })
      expect(failOn).toBe('inconclusive')
      expect(predicate.overrides).toBeUndefined()
    })
  })

  it('takes a run for a comment as one for the commit that is checked out', async () => {
    folder.write('predictions.csv', predictions(400, 40))
    const forge = partialForge({
      pulls: { get: async () => undefined },
      files: { fileAt: async () => undefined },
    })
    const { predicate } = await gate({
      config: GATE('{ metric: accuracy, at-least: 0.5 }'),
      run: { event: 'issue_comment', pullRequest: 7, sha: 'd'.repeat(40) },
      forge,
    })
    // No repository here: better no commit than the default branch's.
    expect(predicate.change).toEqual({ commit: null, pullRequest: 7 })
  })
})
