import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { ensureAct } from '../../../tools/install/act.js'
import { ensureAzurite } from '../../../tools/install/azurite.js'
import { ensureNode24 } from '../../../tools/install/node24.js'
import { shaOf } from '../../fakes/github/setup.js'
import { type GitHubFake, startGitHub } from '../../fakes/github/start-github.js'
import { type Results, startResults } from '../../fakes/results/start-results.js'
import { systemSuite } from '../system-suite.js'
import { bundleAction } from './bundle-action.js'
import { bundleStandIns, makeRepository } from './repositories.js'
import { type ActResult, runAct } from './run-act.js'

const fixtures = fileURLToPath(new URL('./fixtures/', import.meta.url))

async function install(): Promise<string> {
  await ensureAct()
  await ensureNode24()
  return ensureAzurite()
}

// @evidence GitHub Actions runner: emulated (act 0.2.89 on the host)
await systemSuite('a workflow run by act', install, (azuriteDir) => {
  let folder: string
  let github: GitHubFake | undefined
  let results: Results | undefined
  let run: ActResult
  let broken: ActResult
  let composite: ActResult
  let absent: ActResult

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'modelway-smoke-'))
    github = await startGitHub({ repository: 'acme/smoke' })
    github.addWorkflowToken('ghs_smoke', { permissions: { 'pull-requests': 'write' } })
    github.addPullRequest({ number: 5 })
    results = await startResults({ azuriteDir: azuriteDir() })
    const cwd = await makeRepository(join(fixtures, 'smoke-repo'), join(folder, 'repo'))
    await bundleAction(join(fixtures, 'smoke-action'), join(folder, 'own', 'actions', 'smoke'))
    const standIns = await bundleStandIns(join(folder, 'stand-ins'))
    const eventFile = join(folder, 'event.json')
    const pull_request = { number: 5, head: { sha: shaOf('head 5'), ref: 'topic-5' } }
    await writeFile(eventFile, JSON.stringify({ action: 'opened', pull_request }))
    const options = {
      cwd,
      repo: 'acme/smoke',
      workflow: '.github/workflows/smoke.yml',
      event: 'pull_request',
      eventFile,
      secrets: { GITHUB_TOKEN: 'ghs_smoke' },
      localRepositories: { ...standIns, 'modelway-ml/smoke@smoke/v1': join(folder, 'own') },
      resultsUrl: results.url,
      githubUrl: github.url,
    }
    run = await runAct(options)
    broken = await runAct({ ...options, job: 'broken', variables: { BREAK: 'yes' } })
    const workflow = (name: string) => ({ workflow: `.github/workflows/${name}.yml` })
    composite = await runAct({
      ...options,
      ...workflow('composite'),
      event: 'workflow_dispatch',
      eventFile: undefined,
    })
    absent = await runAct({ ...options, ...workflow('absent'), event: 'push' })
  })
  afterAll(async () => {
    await github?.close()
    await results?.close()
    await rm(folder, { recursive: true, force: true })
  })

  describe('two jobs of one run', () => {
    it('succeed, and the job whose condition is false is not among them', () => {
      expect({
        exitCode: run.exitCode,
        jobs: run.jobs,
        log: run.exitCode === 0 ? '' : run.log,
      }).toEqual({
        exitCode: 0,
        jobs: [
          { id: 'make', matrix: {}, result: 'success' },
          { id: 'use', matrix: {}, result: 'success' },
        ],
        log: '',
      })
    })

    it('fetch nothing from the network', () => {
      expect(run.fetched).toEqual([])
    })

    it('give outputs of several lines to one another', () => {
      expect(run.outputs['make']?.['smoke']?.['said']).toBe('hello\nand a second line: naïve|<b>')
      expect(run.outputs['use']?.['read']?.['lines']).toBe('1')
    })

    it('run JavaScript on Node 24, whatever runs the tests', () => {
      expect(run.outputs['make']?.['smoke']?.['node']).toMatch(/^v24\./)
    })

    it('check out what is committed', () => {
      expect(run.outputs['use']?.['read']?.['tracked']).toBe('tracked\n'.trim())
    })

    it('write summaries and annotations, each once', () => {
      expect(run.summaries.map(({ job, markdown }) => [job, markdown.split('\n')[0]])).toEqual([
        ['make', '## hello'],
        ['use', '## again'],
      ])
      expect(run.annotations).toContainEqual({
        job: 'make',
        step: 'smoke',
        level: 'notice',
        message: 'look here',
        properties: { title: 'Smoke', file: 'README.md', line: '3' },
      })
    })

    it('run the post step with the state of the main step', () => {
      const messages = run.annotations.map(({ message }) => message)
      expect(messages).toContain('post of hello')
      expect(run.steps).toContainEqual({
        job: 'make',
        step: 'smoke',
        stage: 'Post',
        result: 'success',
      })
    })

    it('do not print what was masked', () => {
      expect(run.log).toContain('the secret is ***')
      expect(run.log).not.toContain('hush-hush')
    })

    it('hand an artifact on, without its hidden files, as the real action does', () => {
      expect(run.outputs['use']?.['read']).toMatchObject({ files: './made.txt ', content: 'made' })
      expect(results?.artifacts).toMatchObject([
        { name: 'made', runId: run.runId, digest: expect.stringMatching(/^sha256:/) },
      ])
      const digest = run.outputs['make']?.['upload']?.['artifact-digest']
      expect(results?.artifacts[0]?.digest).toBe(`sha256:${digest}`)
    })

    it('find the cache that was saved before, by version 2 of its protocol', () => {
      expect(run.outputs['make']?.['smoke']?.['cache']).toBe('')
      expect(run.outputs['use']?.['again']?.['cache']).toBe('smoke-1')
      expect(results?.journal).toContain('GetCacheEntryDownloadURL 200')
    })

    it('comment on the pull request through the API of the stand-in, believing in github.com', () => {
      expect(github?.state.comments.map(({ issue, body }) => [issue, body])).toEqual([
        [5, 'hello (https://github.com)'],
        [5, 'again (https://github.com)'],
      ])
      expect(github?.violations).toEqual([])
    })
  })

  it('fails where a job fails', () => {
    expect(broken.exitCode).not.toBe(0)
    expect(broken.jobs).toEqual([{ id: 'broken', matrix: {}, result: 'failure' }])
  })

  it('shows each cell of a matrix, and what a composite action does once', () => {
    expect(composite.jobs.map(({ matrix, result }) => [matrix['size'], result]).sort()).toEqual([
      [1, 'success'],
      [2, 'success'],
    ])
    expect(composite.outputs['wrap']?.['outer/inner']?.['said']).toContain('from within')
    expect(composite.outputs['wrap']?.['outer']?.['said']).toContain('from within')
    expect(composite.summaries).toHaveLength(2)
  })

  it('tells of an action that is not at hand', () => {
    expect(absent.exitCode).not.toBe(0)
    expect(absent.fetched).toEqual(['https://github.com/modelway-ml/not-at-hand'])
  })
})
