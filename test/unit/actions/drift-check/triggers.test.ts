import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { TriggerWork } from '../../../../src/actions/drift-check/triggers/work.js'
import { performTriggers } from '../../../../src/actions/drift-check/triggers.js'
import { openSender } from '../../../../src/adapters/events/index.js'
import { createFileLedger } from '../../../../src/adapters/events/ledger/file.js'
import { createRegisterLedger } from '../../../../src/adapters/events/ledger/register.js'
import type { KeyedEvent } from '../../../../src/domain/drift/acting/event.js'
import type { LedgerEntry } from '../../../../src/domain/drift/acting/ledger.js'
import type { PlanOptions } from '../../../../src/domain/drift/acting/plan.js'
import type { DriftTrigger, TriggerOutcome } from '../../../../src/domain/drift/acting/trigger.js'
import { CancelledError, ExternalError, UserError } from '../../../../src/errors.js'
import type { EventSender, TriggerLedger } from '../../../../src/ports/events.js'
import type { Forge } from '../../../../src/ports/forge.js'
import type { Host } from '../../../../src/ports/host.js'
import { createRedaction } from '../../../../src/secrets.js'
import { DriftTriggers } from '../../../../src/statements/schemas/drift/triggers.js'
import { type GitHubUnderTest, startGitHubHost } from '../../../contracts/github-host.js'
import { SILENT, context as senderContext } from '../../adapters/events/arrange.js'
import { digest, event, NOW, webhook } from '../../domain/drift/acting/arrange.js'

const minute = 60_000
const ISSUE = { kind: 'issue', on: ['fail'], labels: ['drift'], assignees: [] } as const
const DISPATCH = { kind: 'repository-dispatch', on: ['fail'], 'event-type': 'drift' } as const

let folder: string
let ledger: TriggerLedger
let clock: number
let warned: string[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'modelway-triggers-'))
  ledger = createFileLedger(join(folder, 'triggers.jsonl'))
  clock = NOW.getTime()
  warned = []
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** A sender that keeps what it sent, and fails as it is told. */
class Receiver implements EventSender {
  readonly sent: KeyedEvent[] = []
  readonly asked: string[] = []
  failures: Error[] = []
  earlier: { url?: string } | undefined

  async send(one: KeyedEvent) {
    const failure = this.failures.shift()
    if (failure !== undefined) throw failure
    this.sent.push(one)
    return { url: 'https://receiver.example/1' }
  }

  async sentSince(since: string) {
    this.asked.push(since)
    return this.earlier
  }
}

function refusal(retryable: boolean): ExternalError {
  return new ExternalError({ code: 'MW-X-1', service: 'X', what: 'refused.', retryable })
}

interface More extends Partial<Omit<TriggerWork, 'planning'>> {
  readonly planning?: Partial<PlanOptions>
}

function work(
  triggers: readonly DriftTrigger[],
  receiver: EventSender,
  { planning, ...rest }: More = {},
): TriggerWork {
  return {
    triggers,
    issue: {
      workflow: 'drift',
      body: 'BODY',
      columns: ['age'],
      changed: 'CHANGED',
      ended: 'ENDED',
    },
    openSender: async () => receiver,
    openLedger: async () => ledger,
    issues: undefined,
    log: { ...SILENT, warn: (line) => void warned.push(line) },
    dryRun: false,
    signal: new AbortController().signal,
    now: () => new Date(clock),
    hide: (text) => text,
    planning: {
      ...{ guard: {}, event: event(), rows: 1000, digest },
      run: { id: '77', attempt: 1 },
      ...planning,
    },
    ...rest,
  }
}

async function states(): Promise<readonly string[]> {
  return (await ledger.read()).map(({ state }) => state)
}

describe('firing', () => {
  it('says what fired, when, where and with what key, as the statement holds it', async () => {
    const receiver = new Receiver()
    const { triggers, annotations } = await performTriggers(work([webhook()], receiver))
    expect(triggers).toEqual([
      {
        kind: 'webhook',
        fired: true,
        reason: 'drift',
        target: 'hooks.example',
        key: expect.stringMatching(/^modelway-[0-9a-f]{40}$/),
        at: NOW.toISOString(),
        url: 'https://receiver.example/1',
      },
    ])
    expect(receiver.sent).toMatchObject([{ key: triggers[0]?.key, drifted: ['age'] }])
    expect(annotations).toEqual([])
    expect(DriftTriggers.parse(triggers)).toEqual(triggers)
    expect(await states()).toEqual(['claimed', 'fired'])
  })

  it('does nothing twice for one window, in later runs too', async () => {
    const receiver = new Receiver()
    await performTriggers(work([webhook()], receiver))
    clock += 30 * 24 * 60 * minute
    const again = await performTriggers(work([webhook(), webhook()], receiver))
    expect(receiver.sent).toHaveLength(1)
    expect(again.triggers.map(({ fired }) => fired)).toEqual([false, false])
    expect(again.triggers[0]?.reason).toContain('it has fired for this window')
    expect(again.annotations).toEqual([])
  })

  it('asks for no sender, and so for no secret, where it holds', async () => {
    const never = () => Promise.reject(new Error('never'))
    const pass = { planning: { event: event({ outcome: 'pass' }) }, openSender: never }
    const { triggers } = await performTriggers(work([webhook()], new Receiver(), pass))
    expect(triggers).toMatchObject([{ fired: false }])
    expect(warned).toEqual([])
  })

  it('opens no record where only the summary and the issue are set off', async () => {
    const openLedger = () => Promise.reject(new Error('never'))
    const summary = { kind: 'summary', on: ['fail'] } as const
    const { triggers } = await performTriggers(work([summary], new Receiver(), { openLedger }))
    expect(triggers).toMatchObject([{ kind: 'summary', fired: true, reason: 'drift' }])
  })

  it('sends and records nothing in a dry run', async () => {
    const receiver = new Receiver()
    const hours = { from: 0, to: 1, 'time-zone': 'UTC' }
    const { triggers } = await performTriggers(work([webhook(), ISSUE], receiver, { dryRun: true }))
    expect(triggers.map(({ reason }) => reason)).toEqual([
      'it would have fired, but for the dry run: drift',
      expect.stringMatching(/^MW-DRIFT-515/),
    ])
    const outside = { dryRun: true, planning: { guard: { hours } } }
    const held = await performTriggers(work([webhook()], receiver, outside))
    expect(held.triggers).toMatchObject([{ fired: false, reason: 'outside of 0:00 to 1:00 (UTC)' }])
    expect(receiver.sent).toEqual([])
    expect(await states()).toEqual([])
  })

  it('keeps what the hours hold back once, and sends it at the next run inside', async () => {
    const receiver = new Receiver()
    const guard = { hours: { from: 13, to: 17, 'time-zone': 'UTC' } }
    const outside = () => performTriggers(work([webhook()], receiver, { planning: { guard } }))
    const held = await outside()
    await outside()
    expect(held.triggers).toMatchObject([{ fired: false }])
    expect(await states()).toEqual(['held'])
    clock += 60 * minute
    const quiet = event({ outcome: 'pass', window: 'next', drifted: [] })
    const inside = { planning: { guard, event: quiet } }
    const { triggers } = await performTriggers(work([webhook()], receiver, inside))
    expect(triggers).toMatchObject([{ fired: true, key: held.triggers[0]?.key }])
    expect(receiver.sent).toMatchObject([{ window: '2026-11-22', drifted: ['age'] }])
  })
})

describe('a window that is judged again', () => {
  it('is announced once more when it was told to be empty and then drifts', async () => {
    const receiver = new Receiver()
    const both = webhook(['fail', 'no-data'])
    const found = (outcome: TriggerOutcome) =>
      performTriggers(work([both], receiver, { planning: { event: event({ outcome }) } }))
    for (const outcome of ['no-data', 'fail', 'fail', 'no-data'] as const) await found(outcome)
    expect(receiver.sent.map(({ outcome }) => outcome)).toEqual(['no-data', 'fail'])
    expect(new Set(receiver.sent.map(({ key }) => key)).size).toBe(2)
  })
})

describe('a trigger that fails', () => {
  it('is reported as failed and annotated, once, and the others fire', async () => {
    const good = new Receiver()
    const bad = new Receiver()
    bad.failures = [refusal(false)]
    const other = webhook(['fail'], 'https://other.example/')
    const { triggers, annotations } = await performTriggers(
      work([webhook(), other], good, {
        openSender: async (trigger) => (trigger === other ? good : bad),
      }),
    )
    expect(triggers.map(({ fired }) => fired)).toEqual([false, true])
    expect(triggers[0]?.reason).toBe('MW-X-1: X: refused')
    expect(triggers.map(({ failed }) => failed)).toEqual([true, undefined])
    expect(DriftTriggers.parse(triggers)).toEqual(triggers)
    // The annotation is a line of the log, too.
    expect(warned).toEqual([])
    expect(annotations).toEqual([
      {
        level: 'warning',
        title: 'A trigger did not fire',
        message: 'webhook (hooks.example): MW-X-1: X: refused',
      },
    ])
  })

  it('fires in the next run after a refusal', async () => {
    const receiver = new Receiver()
    receiver.failures = [refusal(false)]
    await performTriggers(work([webhook()], receiver))
    expect(await states()).toEqual(['claimed', 'released'])
    const { triggers } = await performTriggers(work([webhook()], receiver))
    expect(triggers).toMatchObject([{ fired: true }])
    expect(receiver.asked).toEqual([])
  })

  it('locks nobody out where it may have arrived, and the next run looks before it sends again', async () => {
    const receiver = new Receiver()
    receiver.failures = [refusal(true)]
    await performTriggers(work([webhook()], receiver))
    expect(await states()).toEqual(['claimed', 'failed'])
    clock += minute
    receiver.earlier = { url: 'https://receiver.example/0' }
    const { triggers } = await performTriggers(work([webhook()], receiver))
    expect(triggers).toMatchObject([
      { fired: true, url: 'https://receiver.example/0', at: NOW.toISOString() },
    ])
    expect(receiver.asked).toEqual([NOW.toISOString()])
    expect(receiver.sent).toEqual([])
    expect(await states()).toContain('fired')
  })

  it('is sent by the next run with the same key where nothing is found of it', async () => {
    const receiver = new Receiver()
    receiver.failures = [refusal(true)]
    const first = await performTriggers(work([webhook()], receiver))
    expect(first.triggers).toMatchObject([{ fired: false, failed: true }])
    const { triggers } = await performTriggers(work([webhook()], receiver))
    expect(triggers).toMatchObject([{ fired: true, key: first.triggers[0]?.key }])
    expect(receiver.asked).toEqual([NOW.toISOString()])
  })

  it('is sent after a window that ended well, too', async () => {
    const receiver = new Receiver()
    receiver.failures = [refusal(true)]
    await performTriggers(work([webhook()], receiver))
    const quiet = { planning: { event: event({ outcome: 'pass', window: 'next' }) } }
    const { triggers } = await performTriggers(work([webhook()], receiver, quiet))
    expect(triggers).toMatchObject([
      { fired: true, reason: 'drift in an earlier window: it could not be sent' },
    ])
  })

  it('shows no secret in the statement or the annotation', async () => {
    const bad = new Receiver()
    bad.failures = [new Error('no to Bearer air-token')]
    const { triggers, annotations } = await performTriggers(
      work([webhook()], bad, { hide: createRedaction(['air-token']) }),
    )
    expect(triggers[0]?.reason).toBe('no to Bearer ***')
    expect(annotations[0]?.message).toBe('webhook (hooks.example): no to Bearer ***')
  })

  it('is sent after a crash, with the same key, where nothing is found of it', async () => {
    const receiver = new Receiver()
    const claimed: LedgerEntry[] = []
    const dying: TriggerLedger = {
      ...ledger,
      claim: async (entry, allow) => {
        await ledger.claim(entry, allow)
        claimed.push(entry)
        throw new CancelledError()
      },
    }
    const dies = performTriggers(work([webhook()], receiver, { openLedger: async () => dying }))
    await expect(dies).rejects.toBeInstanceOf(CancelledError)
    clock += 16 * minute
    const quiet = { planning: { event: event({ outcome: 'pass', window: 'next' }) } }
    await performTriggers(work([webhook()], receiver, quiet))
    expect(receiver.sent).toMatchObject([{ key: claimed[0]?.key, window: '2026-11-22' }])
  })

  it('is not sent again where it cannot be found out whether it was, and the next run looks again', async () => {
    const receiver = new Receiver()
    receiver.failures = [refusal(true)]
    await performTriggers(work([webhook()], receiver))
    const forbidden = receiver.sentSince
    receiver.sentSince = () => Promise.reject(refusal(false))
    clock += minute
    const { triggers, annotations } = await performTriggers(work([webhook()], receiver))
    expect(triggers).toMatchObject([{ fired: false, failed: true }])
    expect(triggers[0]?.reason).toMatch(/^MW-DRIFT-516: .* could not be found out: MW-X-1/)
    expect(annotations).toHaveLength(1)
    expect(receiver.sent).toEqual([])
    receiver.sentSince = forbidden
    clock += minute
    expect((await performTriggers(work([webhook()], receiver))).triggers).toMatchObject([
      { fired: true },
    ])
    expect(receiver.asked).toEqual([NOW.toISOString()])
  })

  it('without its secret claims nothing', async () => {
    const noSecret = new UserError({ code: 'MW-X-2', what: 'no secret.' })
    const openSender = () => Promise.reject(noSecret)
    const { triggers } = await performTriggers(work([webhook()], new Receiver(), { openSender }))
    expect(triggers).toMatchObject([{ fired: false, reason: 'MW-X-2: no secret' }])
    const dry = { openSender, dryRun: true }
    const planned = await performTriggers(work([webhook()], new Receiver(), dry))
    expect(planned.triggers).toMatchObject([{ failed: true, reason: 'MW-X-2: no secret' }])
    expect(planned.annotations).toHaveLength(1)
    expect(await states()).toEqual([])
  })

  it('without a record does not fire: it could fire twice', async () => {
    const receiver = new Receiver()
    const openLedger = () => Promise.reject(refusal(false))
    const { triggers } = await performTriggers(work([webhook()], receiver, { openLedger }))
    expect(triggers).toMatchObject([{ fired: false, reason: 'MW-X-1: X: refused' }])
    expect(receiver.sent).toEqual([])
  })

  it('has fired though that could not be recorded', async () => {
    const receiver = new Receiver()
    const forgetful = { ...ledger, record: () => Promise.reject(refusal(true)) }
    const openLedger = async () => forgetful
    const { triggers } = await performTriggers(work([webhook()], receiver, { openLedger }))
    expect(triggers).toMatchObject([{ fired: true }])
    expect(warned[0]).toContain('could not be recorded')
  })

  it('ends the run where that was cancelled', async () => {
    const controller = new AbortController()
    const receiver = new Receiver()
    receiver.send = () => {
      controller.abort()
      return Promise.reject(new Error('socket closed'))
    }
    const { signal } = controller
    const run = performTriggers(work([webhook()], receiver, { signal }))
    await expect(run).rejects.toBeInstanceOf(CancelledError)
  })

  it('has no issue outside of GitHub', async () => {
    const { triggers } = await performTriggers(work([ISSUE], new Receiver()))
    expect(triggers[0]?.reason).toMatch(/^MW-DRIFT-515/)
  })
})

describe('two runs at once', () => {
  it('fire once, with the record in a file', async () => {
    const receiver = new Receiver()
    const runs = ['1', '2', '3', '4'].map((id) =>
      performTriggers(work([webhook()], receiver, { planning: { run: { id, attempt: 1 } } })),
    )
    const all = (await Promise.all(runs)).flatMap(({ triggers }) => triggers)
    expect(receiver.sent).toHaveLength(1)
    expect(all.filter(({ fired }) => fired)).toHaveLength(1)
  })

  it('keep a cool-down between two windows', async () => {
    const receiver = new Receiver()
    const guard = { 'cool-down': 60 * minute }
    const runs = ['a', 'b', 'c'].map((window) => {
      const run = { id: window, attempt: 1 }
      const planning = { guard, event: event({ window }), run }
      return performTriggers(work([webhook()], receiver, { planning }))
    })
    await Promise.all(runs)
    expect(receiver.sent).toHaveLength(1)
  })
})

describe('on GitHub', () => {
  let under: GitHubUnderTest
  beforeEach(async () => {
    under = await startGitHubHost()
  })
  afterEach(async () => {
    await under.close()
    expect(under.github.violations).toEqual([])
  })

  function forgeOf(host: Host): Forge {
    if (host.forge === undefined) throw new Error('no forge')
    return host.forge
  }

  function run(triggers: readonly DriftTrigger[], more: More = {}, host = under.another()) {
    const { issues, registers, dispatches } = forgeOf(host)
    const sleep = (milliseconds: number) =>
      new Promise<void>((resolve) => setTimeout(resolve, milliseconds / 50))
    return performTriggers(
      work(triggers, new Receiver(), {
        issues,
        openLedger: async () => createRegisterLedger({ registers, name: 'drift/x', sleep }),
        openSender: (trigger) => openSender(trigger, senderContext({}, { dispatches })),
        ...more,
      }),
    )
  }

  it('two runs at once send one event, and keep one issue', async () => {
    const all = await Promise.all(
      ['1', '2', '3'].map((id) =>
        run([ISSUE, DISPATCH], { planning: { run: { id, attempt: 1 } } }),
      ),
    )
    expect(under.github.state.dispatches).toHaveLength(1)
    const dispatched = all.map(({ triggers }) => triggers[1]?.fired)
    expect(dispatched.filter(Boolean)).toHaveLength(1)
    const issues = [...under.github.state.tracked.values()]
    expect(issues.filter(({ state }) => state === 'open')).toHaveLength(1)
    expect(warned).toEqual([])
  })

  it('the issue follows drift from run to run, and ends with it', async () => {
    const first = await run([ISSUE])
    expect(first.triggers).toMatchObject([
      { fired: true, reason: 'drift; the issue was created', target: 'rolling issue' },
    ])
    const next = await run([ISSUE])
    expect(next.triggers[0]?.reason).toBe('drift; the issue was updated')
    const undecided = { planning: { event: event({ outcome: 'inconclusive' }) } }
    expect((await run([ISSUE], undecided)).triggers).toMatchObject([{ fired: false }])
    expect(under.github.state.tracked.get(2)?.state).toBe('open')
    const ended = await run([ISSUE], { planning: { event: event({ outcome: 'pass' }) } })
    expect(ended.triggers).toMatchObject([
      { fired: false, reason: 'drift has ended, and the issue was closed' },
    ])
    expect(under.github.state.tracked.get(2)).toMatchObject({
      title: 'Drift: census',
      state: 'closed',
    })
  })

  it.each([403, 404, 410])('an issue that is refused with %i is a warning', async (status) => {
    under.github.failNext('issues/create', status)
    const { triggers, annotations } = await run([ISSUE])
    expect(triggers).toMatchObject([{ fired: false }])
    expect(annotations).toHaveLength(1)
    expect(warned).toEqual([])
  })

  it.each([403, 404, 422])('a dispatch that is refused with %i fires later', async (status) => {
    under.github.failNext('repos/create-dispatch-event', status)
    const refused = await run([DISPATCH])
    expect(refused.triggers).toMatchObject([{ fired: false }])
    expect(refused.annotations).toHaveLength(1)
    expect((await run([DISPATCH])).triggers).toMatchObject([{ fired: true }])
    expect(under.github.state.dispatches).toHaveLength(1)
  })

  it('a token that may not keep the record fires nothing, and is told what it lacks', async () => {
    const permissions = { issues: 'write', contents: 'read' } as const
    under.github.addWorkflowToken('ghs_issues', { permissions })
    const host = under.another({ 'INPUT_GITHUB-TOKEN': 'ghs_issues' })
    const { triggers } = await run([DISPATCH, ISSUE], {}, host)
    expect(triggers).toMatchObject([{ fired: false }, { fired: true }])
    expect(triggers[0]?.reason).toContain('permissions: contents: write')
    expect(under.github.state.dispatches).toEqual([])
  })

  it('a run that died after its event was sent is found by the run that this started', async () => {
    under.github.state.setClock(clock)
    under.github.state.listeners.set('drift', 'train.yml')
    const { registers } = forgeOf(under.host)
    const real = createRegisterLedger({ registers, name: 'drift/x' })
    const dying: TriggerLedger = { ...real, record: () => Promise.reject(new CancelledError()) }
    const dies = run([DISPATCH], { openLedger: async () => dying })
    await expect(dies).rejects.toBeInstanceOf(CancelledError)
    clock += 20 * minute
    const { triggers } = await run([DISPATCH])
    expect(triggers[0]?.reason).toContain('a run before this one had sent it')
    expect(triggers[0]?.url).toContain('/actions/runs/')
    expect(under.github.state.dispatches).toHaveLength(1)
  })
})
