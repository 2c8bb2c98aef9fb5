import { describe, expect, it } from '@jest/globals'
import { openSender } from '../../../../src/adapters/events/index.js'
import type { EventTrigger } from '../../../../src/domain/drift/acting/trigger.js'
import type {
  Dispatches,
  RepositoryDispatch,
  WorkflowDispatch,
} from '../../../../src/ports/forge.js'
import { context, EVENT, failure, NEVER } from './arrange.js'

const ON = { on: ['fail'] } as const
const REPOSITORY: EventTrigger = { kind: 'repository-dispatch', ...ON, 'event-type': 'drift' }
const WORKFLOW: EventTrigger = {
  kind: 'workflow-dispatch',
  ...ON,
  workflow: 'train.yml',
  inputs: { key: '{key}', fixed: 'x' },
}

function recorded() {
  const sent: (RepositoryDispatch | WorkflowDispatch)[] = []
  const asked: unknown[] = []
  const dispatches: Dispatches = {
    repository: async (dispatch) => void sent.push(dispatch),
    workflow: async (dispatch) => {
      sent.push(dispatch)
      return { url: 'https://github.com/run' }
    },
    startedSince: async (what, since) => {
      asked.push([what, since])
      return { url: 'https://github.com/earlier' }
    },
  }
  return { sent, asked, context: context({}, { dispatches }) }
}

describe('dispatches of GitHub', () => {
  it('send an event with a payload of at most ten keys', async () => {
    const { sent, context } = recorded()
    expect(await (await openSender(REPOSITORY, context)).send(EVENT, NEVER)).toEqual({})
    expect(sent).toMatchObject([{ eventType: 'drift', payload: { key: EVENT.key } }])
  })

  it('start a workflow with its inputs filled in, and give the run', async () => {
    const { sent, context } = recorded()
    const { url } = await (await openSender(WORKFLOW, context)).send(EVENT, NEVER)
    expect(url).toBe('https://github.com/run')
    expect(sent).toEqual([
      { workflow: 'train.yml', ref: undefined, inputs: { key: EVENT.key, fixed: 'x' } },
    ])
  })

  it('look for the run that an earlier attempt has started, in this repository only', async () => {
    const { asked, context } = recorded()
    await (await openSender(REPOSITORY, context)).sentSince?.('then')
    await (await openSender(WORKFLOW, context)).sentSince?.('then')
    expect(asked).toEqual([
      [{ eventType: 'drift' }, 'then'],
      [{ workflow: 'train.yml' }, 'then'],
    ])
    const elsewhere = await openSender({ ...REPOSITORY, repository: 'x/y' }, context)
    expect(elsewhere.sentSince).toBeUndefined()
  })

  it.each([REPOSITORY, WORKFLOW])('are refused outside of GitHub: $kind', async (trigger) => {
    const error = await failure(() => openSender(trigger, context()))
    expect(error.message).toMatch(/^MW-DRIFT-509: .*github-token/)
  })
})
