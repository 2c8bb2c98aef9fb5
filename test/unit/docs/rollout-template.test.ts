import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { COMMANDS } from '../../../src/domain/rollout/commands.js'

interface JobText {
  readonly if: string
  readonly environment?: unknown
  readonly permissions: Readonly<Record<string, string>>
  readonly concurrency?: Readonly<Record<string, unknown>>
  readonly steps: readonly { readonly with?: Readonly<Record<string, unknown>> }[]
}

const file = new URL('../../../action-templates/modelway-rollout-command.yml', import.meta.url)
const { permissions, jobs }: { permissions: object; jobs: Readonly<Record<string, JobText>> } =
  parse(readFileSync(file, 'utf8'))

function job(name: string): JobText {
  const found = jobs[name]
  if (found === undefined) throw new Error(`no job ${name}`)
  return found
}

describe('the template for commands to a rollout', () => {
  it('drops no way back: it waits behind nothing but another way back, and for no reviewer', () => {
    const back = job('back')
    expect(back.concurrency?.['group']).not.toBe(job('continue').concurrency?.['group'])
    expect(back.concurrency?.['cancel-in-progress']).toBe(false)
    expect(back.environment).toBeUndefined()
  })

  it('goes on with a rollout after whoever drives it, and drops no run that waits', () => {
    expect(job('continue').concurrency).toEqual({
      ...{ group: 'modelway-rollout-production', 'cancel-in-progress': false, queue: 'max' },
    })
  })

  it('answers every command that there is', () => {
    for (const name of COMMANDS) expect(job('command').if).toContain(`'/${name}`)
  })

  it('acts only on what the command job decided, never on the comment itself', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of GitHub Actions.
    expect(job('back').steps[1]?.with).toEqual({ mode: '${{ needs.command.outputs.next-mode }}' })
    expect(readFileSync(file, 'utf8')).not.toMatch(/run:/)
  })

  it('gives each job the permissions that it needs, and the rest none', () => {
    expect(permissions).toEqual({})
    expect(job('command').permissions).toEqual({
      ...{ contents: 'read', deployments: 'read', 'pull-requests': 'write', issues: 'write' },
    })
    expect(job('back').permissions).toEqual({ contents: 'read', deployments: 'write' })
  })
})
