import { existsSync, readdirSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { createRandom } from '../../../src/domain/stats/random.js'
import { createWorkspace } from '../../../src/files/workspace.js'
import { verifyRecord } from '../../../src/statements/verify.js'
import { type GitHubFake, startGitHub } from '../../fakes/github/start-github.js'
import {
  type ActionName,
  Project,
  pause,
  pullRequestEvent,
  type RouterFile,
  runStep,
  Step,
  sendTraffic,
  TOKEN,
} from './bundle.js'
import { processesIn } from './processes.js'
import { Stages } from './stages.js'

/** Of each action; many more were tried when this was written. */
const KILLS = 3

let github: GitHubFake
let stages: Stages
beforeAll(async () => {
  stages = await Stages.make()
  github = await startGitHub()
  github.addWorkflowToken(TOKEN)
  github.addPullRequest({ number: 1 })
})
afterAll(async () => {
  Project.removeAll()
  await github.close()
})

function optionsFor(project: Project, inputs: Readonly<Record<string, string>> = {}) {
  const common = { comment: 'off', ...inputs }
  return { project, api: github.url, event: pullRequestEvent(), inputs: common }
}

async function succeed(action: ActionName, project: Project, inputs = {}): Promise<void> {
  const { code, stdout } = await runStep(action, optionsFor(project, inputs))
  expect({ code, stdout: code === 0 ? '' : stdout }).toEqual({ code: 0, stdout: '' })
}

/** Runs an action and ends it by a signal at a moment that `random` chooses within `milliseconds`. */
async function interrupt(
  action: ActionName,
  options: ReturnType<typeof optionsFor>,
  moment: number,
): Promise<{ readonly code: number | null; readonly signal: string | null; readonly log: string }> {
  const step = new Step(action, options)
  await pause(moment)
  step.child.kill('SIGTERM')
  const { code, signal, stdout, stderr } = await step.finished()
  return { code, signal, log: stdout + stderr }
}

function temporaryFiles(project: Project): readonly string[] {
  return readdirSync(project.folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.(tmp|temp|partial|lock)$/.test(name),
  )
}

async function requireWhole(project: Project): Promise<void> {
  expect(temporaryFiles(project)).toEqual([])
  if (!existsSync(project.at('.modelway', 'SHA256SUMS'))) return
  const { broken } = await verifyRecord(project.at('.modelway'), createWorkspace(project.folder))
  expect(broken?.message).toBeUndefined()
}

/** Each action with a second run that says something else than the first: what is there must be one or the other. */
const again: readonly (readonly [ActionName, Readonly<Record<string, string>>])[] = [
  ['setup-data', { source: 'data/reference.csv' }],
  ['evaluate-gate', { rules: '[{ metric: accuracy, at-least: 0.7 }]' }],
  ['register-model', { alias: 'another' }],
  ['drift-check', { correction: 'holm' }],
]

describe('SIGTERM at any moment leaves the record old or new, and nothing half-written', () => {
  it.each([...again, ['train-on-runner', {}] as const])('of %s', async (action, inputs) => {
    const start = await startOf(action)
    const measured = start.copy()
    const began = performance.now()
    await succeed(action, measured, inputs)
    const duration = performance.now() - began
    measured.remove()

    const random = createRandom(11)
    for (let kill = 0; kill < KILLS; kill++) {
      const project = start.copy()
      // Later kills are nearer to the end, where things are written.
      const moment = duration * (1 - random.next() * (1 - kill / KILLS))
      const { code, signal, log } = await interrupt(action, optionsFor(project, inputs), moment)
      // Before the program is up it dies of the signal; after its end there was nothing to interrupt.
      expect([130, 0, 'SIGTERM'].includes(code ?? signal ?? '') ? '' : log).toBe('')
      await requireWhole(project)
      await succeed(action, project, inputs)
      await requireWhole(project)
      project.remove()
    }
    start.remove()
  })

  /** With the statement of an earlier run; without one where the command itself writes over the files before. */
  async function startOf(action: ActionName): Promise<Project> {
    if (action === 'train-on-runner') return stages.before(action)
    if (action !== 'drift-check') return stages.after(action)
    const project = stages.after('register-model')
    await succeed(action, project)
    return project
  }
})

describe('a rollout that is interrupted', () => {
  let project: Project
  beforeEach(() => {
    project = stages.before('deploy-canary')
  })
  afterEach(() => project.remove())

  /** Drives the canary to a weight with which it stays. */
  async function underWay(): Promise<Step> {
    const step = new Step('deploy-canary', optionsFor(project))
    await step.said('weight 50%')
    expect(routerOf(project).traffic).toMatchObject({ weight: 50, canary: { version: 'small-1' } })
    return step
  }

  function requireOnlyStable(): void {
    const { pid, traffic } = routerOf(project)
    expect(traffic).toMatchObject({ weight: 0, canary: null, rollout: null })
    expect(traffic.stable.version).toBe('before')
    expect(processesIn(project.folder).toSorted()).toEqual([pid, traffic.stable.pid].toSorted())
  }

  async function requirePromoted(inputs: Readonly<Record<string, string>> = {}): Promise<string> {
    const traffic = sendTraffic(project)
    const { code, outputs, stdout } = await runStep('deploy-canary', optionsFor(project, inputs))
    await traffic.stop()
    expect({ code, stdout: code === 0 ? '' : stdout }).toEqual({ code: 0, stdout: '' })
    expect(outputs).toMatchObject({ weight: '100', version: 'small-1' })
    expect(routerOf(project).traffic).toMatchObject({
      stable: { version: 'small-1' },
      canary: null,
    })
    return stdout
  }

  it('by SIGTERM ends with 130, all users back at stable, and the next run can begin anew', async () => {
    const step = await underWay()
    step.child.kill('SIGTERM')
    const { code } = await step.finished()
    expect(code).toBe(130)
    requireOnlyStable()
    const { predicate } = JSON.parse(project.read('.modelway/rollout.json'))
    expect(predicate).toMatchObject({ weight: 0, version: 'small-1', previousVersion: 'before' })
    expect(['aborted', 'rolled-back']).toContain(predicate.outcome)
    await requireWhole(project)
    expect(['failure', 'error']).toContain(github.state.deployments.at(-1)?.statuses.at(-1)?.state)
    await requirePromoted()
    await requireWhole(project)
  })

  it('by SIGKILL keeps its weight, and the next run goes on with it', async () => {
    project.change('modelway.yml', 'interval: 100ms', 'interval: 500ms')
    const step = await underWay()
    step.child.kill('SIGKILL')
    await step.finished()
    const left = routerOf(project)
    expect(left.traffic).toMatchObject({ weight: 50, canary: { version: 'small-1' } })
    const answer = await fetch(`http://127.0.0.1:${left.port}/v2/health/ready`)
    expect(answer.status).toBe(200)

    const log = await requirePromoted()
    expect(log).toContain('Going on with rollout')
    expect(routerOf(project).traffic.stable.pid).toBe(left.traffic.canary?.pid)
  })

  it('by SIGKILL is taken back by the next run where resume says so', async () => {
    const step = await underWay()
    step.child.kill('SIGKILL')
    await step.finished()
    const { code, outputs } = await runStep(
      'deploy-canary',
      optionsFor(project, { resume: 'rollback' }),
    )
    expect({ code, weight: outputs['weight'] }).toEqual({ code: 1, weight: '0' })
    requireOnlyStable()
  })

  it('by SIGTERM at any moment leaves no canary, no server without traffic, and no way back closed', async () => {
    const random = createRandom(12)
    for (let kill = 0; kill < KILLS; kill++) {
      const moment = 100 + 900 * random.next()
      const { code, signal, log } = await interrupt('deploy-canary', optionsFor(project), moment)
      expect([130, 'SIGTERM'].includes(code ?? signal ?? '') ? '' : log).toBe('')
      expect(temporaryFiles(project)).toEqual([])
      const router = project.router()
      if (router === undefined) expect(processesIn(project.folder)).toEqual([])
      else requireOnlyStable()
    }
    await requirePromoted()
  })

  it('by SIGTERM at any moment while users are there leaves traffic and registry of one mind', async () => {
    const random = createRandom(13)
    for (let kill = 0; kill < 3; kill++) {
      const one = project.copy()
      const traffic = sendTraffic(one)
      const moment = 600 + 900 * random.next()
      const { code, signal, log } = await interrupt('deploy-canary', optionsFor(one), moment)
      await traffic.stop()
      expect([130, 0, 'SIGTERM'].includes(code ?? signal ?? '') ? '' : log).toBe('')
      const { pid, traffic: found } = routerOf(one)
      expect(found).toMatchObject({ weight: 0, canary: null, rollout: null })
      const promoted = found.stable.version === 'small-1'
      expect(one.read('registry/small/registry.json').includes('"champion"')).toBe(promoted)
      // After a promotion the version before it stays at hand.
      const serving = [found.stable.pid, found.previous?.pid].filter((id) => id !== undefined)
      expect(processesIn(one.folder).toSorted()).toEqual([pid, ...serving].toSorted())
      one.remove()
    }
  })
})

function routerOf(project: Project): RouterFile {
  const router = project.router()
  if (router === undefined) throw new Error('the router was never up')
  return router
}
