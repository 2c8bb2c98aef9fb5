import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createWorkspace } from '../../../src/files/workspace.js'
import { openRecord } from '../../../src/statements/record.js'
import { type Statement, statementKinds } from '../../../src/statements/statement.js'
import { verifyRecord } from '../../../src/statements/verify.js'
import { ensureAct } from '../../../tools/install/act.js'
import { ensureAzurite } from '../../../tools/install/azurite.js'
import { ensureNode24 } from '../../../tools/install/node24.js'
import type { Comment } from '../../fakes/github/state.js'
import { systemSuite } from '../system-suite.js'
import { type CensusPipeline, startCensusPipeline } from './census-pipeline.js'
import type { ActResult } from './run-act.js'

async function install(): Promise<string> {
  await ensureAct()
  await ensureNode24()
  return ensureAzurite()
}

/** All jobs that ran, in order, with how they ended; act does not speak of those that were skipped. */
function jobsOf(run: ActResult): readonly string[] {
  return run.jobs.map(({ id, result }) => `${id}: ${result}`)
}

function verify(folder: string) {
  return verifyRecord(join(folder, '.modelway'), createWorkspace(folder))
}

function sectionsOf(body: string): readonly string[] {
  return [...body.matchAll(/^<!-- modelway:section name=(\S+)/gm)].map(([, name = '']) => name)
}

interface Finished {
  readonly run: ActResult
  /** The comments after this run. */
  readonly comments: readonly Comment[]
}

// @evidence GitHub Actions: emulated (act 0.2.89, Node 24, in host mode)
// @evidence GitHub artifacts: emulated (@actions/artifact with Azurite)
// @evidence GitHub cache: emulated (@actions/cache with Azurite)
// @evidence GitHub REST API: contract (a stateful fake that checks requests and answers by the OpenAPI description)
await systemSuite('the census pipeline as a workflow', install, (azuriteDir) => {
  let pipeline: CensusPipeline
  let opened: Finished
  let again: Finished
  let merged: Finished
  let bad: Finished

  async function finish(running: Promise<ActResult>): Promise<Finished> {
    const run = await running
    return { run, comments: structuredClone(pipeline.github.state.comments) }
  }

  beforeAll(async () => {
    pipeline = await startCensusPipeline(azuriteDir())
    pipeline.github.addPullRequest({ number: 7 })
    pipeline.github.addPullRequest({ number: 8 })
    opened = await finish(pipeline.pullRequest(7))
    again = await finish(pipeline.pullRequest(7))
    merged = await finish(pipeline.push())
    const corrupt = await pipeline.variant('bad', ['--seed 7', '--seed 7 --corrupt-group RAC1P=2'])
    bad = await finish(pipeline.pullRequest(8, corrupt))
  }, 400_000)
  afterAll(() => pipeline?.close())

  it('fetches nothing from the network, and says nothing that GitHub would not understand', () => {
    for (const { run } of [opened, again, merged, bad]) expect(run.fetched).toEqual([])
    expect(pipeline.github.violations).toEqual([])
  })

  describe('for a pull request', () => {
    it('checks the data, trains and judges, and changes nothing', () => {
      const log = opened.run.exitCode === 0 ? '' : opened.run.log
      expect({ jobs: jobsOf(opened.run), log }).toEqual({
        jobs: ['data: success', 'train: success', 'gate: success'],
        log: '',
      })
      expect(opened.run.outputs['data']?.['data']).toMatchObject({
        decision: 'pass',
        rows: '346462',
        fingerprint: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      })
      expect(opened.run.outputs['train']?.['train']).toMatchObject({
        model: 'model/model.json',
        predictions: 'predictions.csv',
        skipped: 'false',
      })
      expect(opened.run.outputs['gate']?.['gate']).toMatchObject({ decision: 'pass' })
      expect(opened.run.annotations).toEqual([])
    })

    it('says so in one comment with a section for each job that may write one', () => {
      expect(opened.comments).toHaveLength(1)
      const [comment] = opened.comments
      expect(comment).toMatchObject({ issue: 7, user: { login: 'github-actions[bot]' } })
      const body = comment?.body ?? ''
      expect(body).toMatch(/^<!-- modelway:v1 project=census workflow=pipeline -->/)
      expect(sectionsOf(body)).toEqual(['setup-data', 'evaluate-gate'])
      expect(body).toContain('All 79 checks of the data contract hold.')
      expect(body).toContain('**Pass**: the candidate keeps to the rules in all of 16 checks.')
      expect(body).toContain('Baseline: <code>file&#58;baseline&#47;predictions&#46;csv</code>')
      const url = opened.run.outputs['gate']?.['gate']?.['comment-url']
      expect(url).toContain(`#issuecomment-${comment?.id}`)
    })

    it('updates the comment at the next run and does not repeat it', () => {
      expect(again.comments).toHaveLength(1)
      expect(again.comments[0]?.id).toBe(opened.comments[0]?.id)
      expect(sectionsOf(again.comments[0]?.body ?? '')).toEqual(['setup-data', 'evaluate-gate'])
      expect(again.comments[0]?.body).toContain(again.run.runId)
      expect(again.comments[0]?.body).not.toContain(opened.run.runId)
    })

    it('does not train again what is unchanged: the cache has it, in another folder too', async () => {
      expect(jobsOf(again.run)).toEqual(['data: success', 'train: success', 'gate: success'])
      const [first, second] = [opened, again].map(({ run }) => run.outputs['train']?.['train'])
      expect(second).toMatchObject({ skipped: 'true', fingerprint: first?.['fingerprint'] })
      expect(pipeline.results.caches).toContainEqual(
        expect.objectContaining({
          key: `modelway-training-${first?.['fingerprint']?.replace(':', '-')}`,
        }),
      )
      const folder = await pipeline.collect(again.run, { train: '.', gate: '.modelway' })
      const { broken, checked } = await verify(folder)
      expect(broken).toBeUndefined()
      expect(checked.map(({ what }) => what)).toEqual(
        expect.arrayContaining(['model/model.json', 'predictions.csv']),
      )
    })
  })

  describe('for a push to the main branch', () => {
    it('goes all the way, and no comment is written', () => {
      const log = merged.run.exitCode === 0 ? '' : merged.run.log
      expect({ jobs: jobsOf(merged.run), log }).toEqual({
        jobs: ['data', 'train', 'gate', 'register', 'deploy', 'drift'].map(
          (id) => `${id}: success`,
        ),
        log: '',
      })
      expect(merged.comments).toHaveLength(1)
    })

    it('registers what was judged, promotes it on evidence, and looks for drift', () => {
      const outputs = merged.run.outputs
      expect(outputs['register']?.['register']).toMatchObject({
        name: 'census',
        version: '1',
        created: 'true',
        digest: expect.stringMatching(/^sha256:/),
      })
      expect(outputs['deploy']?.['deploy']).toMatchObject({
        decision: 'pass',
        weight: '100',
        version: 'census-1',
        'previous-version': 'baseline',
        'deployment-id': String(pipeline.github.state.deployments[0]?.id),
        url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      })
      expect(outputs['drift']?.['drift']).toMatchObject({ decision: 'pass', 'drifted-share': '0' })
    })

    it('keeps the deployment record, from the first weight to success', () => {
      const [deployment, ...others] = pipeline.github.state.deployments
      expect(others).toEqual([])
      expect(deployment).toMatchObject({
        environment: 'production',
        production: true,
        sha: pipeline.sha,
        payload: { version: 'census-1', mode: 'canary' },
      })
      expect(deployment?.statuses.map(({ state, description }) => [state, description])).toEqual([
        ['in_progress', expect.stringMatching(/^census-1 \([0-9a-f]{12}\): canary of census-1$/)],
        ['in_progress', expect.stringMatching(/^census-1 \([0-9a-f]{12}\): weight 25%/)],
        ['in_progress', expect.stringMatching(/^census-1 \([0-9a-f]{12}\): weight 50%/)],
        ['success', expect.stringMatching(/^census-1 \([0-9a-f]{12}\): promoted: /)],
      ])
      for (const { logUrl } of deployment?.statuses ?? [])
        expect(logUrl).toBe(`https://github.com/acme/census/actions/runs/${merged.run.runId}`)
    })

    it('gives the registry back with the version in production', async () => {
      const folder = await pipeline.collect(merged.run, { deploy: '.' })
      const index = JSON.parse(
        await readFile(join(folder, 'model-registry', 'census', 'registry.json'), 'utf8'),
      )
      expect(JSON.stringify(index)).toContain('"champion"')
      expect(JSON.stringify(index)).toContain('"production"')
    })

    it('leaves a record of six statements that holds, and that any change breaks', async () => {
      const folder = await pipeline.collect(merged.run, { train: '.', drift: '.modelway' })
      const { broken, checked } = await verify(folder)
      expect(broken).toBeUndefined()
      const files = statementKinds.map((kind) => `${kind}.json`)
      expect(checked.map(({ what }) => what)).toEqual(expect.arrayContaining(files))
      const record = openRecord(join(folder, '.modelway'))
      const training = record.read('training')?.statement as Statement<{ commit: string }>
      expect(training.predicate.commit).toBe(pipeline.sha)
      expect(record.read('drift')?.digest).toBe(merged.run.outputs['drift']?.['drift']?.['digest'])

      const model = join(folder, 'model', 'model.json')
      await writeFile(model, `${await readFile(model, 'utf8')} `)
      expect((await verify(folder)).broken?.message).toMatch(/^MW-RECORD-008: model\/model\.json/)
    })
  })

  describe('for a pull request with a bad candidate', () => {
    it('fails at the gate, and nothing after it runs', () => {
      expect(bad.run.exitCode).toBe(1)
      expect(jobsOf(bad.run)).toEqual(['data: success', 'train: success', 'gate: failure'])
      expect(bad.run.outputs['train']?.['train']).toMatchObject({ skipped: 'false' })
      expect(bad.run.outputs['gate']?.['gate']).toMatchObject({ decision: 'fail' })
      expect(pipeline.github.state.deployments).toHaveLength(1)
    })

    it('names the group, on the pull request and at the step', () => {
      expect(bad.comments.map(({ issue }) => issue)).toEqual([7, 8])
      const body = bad.comments[1]?.body ?? ''
      expect(sectionsOf(body)).toEqual(['setup-data', 'evaluate-gate'])
      expect(body).toMatch(/\*\*Fail\*\*/)
      expect(body).toMatch(/<code>RAC1P<\/code> = <code>2<\/code> .*❌ Fail/)
      expect(bad.run.annotations).toContainEqual(
        expect.objectContaining({
          job: 'gate',
          step: 'gate',
          level: 'error',
          message: expect.stringContaining('accuracy.no-worse-than[RAC1P=2]'),
        }),
      )
    })

    it('keeps the verdict for a look at it', async () => {
      const folder = await pipeline.collect(bad.run, { train: '.', gate: '.modelway' })
      expect((await verify(folder)).broken).toBeUndefined()
      const verdict = openRecord(join(folder, '.modelway')).read('verdict')
      expect(verdict?.statement.predicate).toMatchObject({ decision: 'fail' })
    })
  })
})
