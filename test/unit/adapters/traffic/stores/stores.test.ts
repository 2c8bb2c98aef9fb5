import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { createFileRolloutStore } from '../../../../../src/adapters/traffic/stores/file.js'
import { createRegisterRolloutStore } from '../../../../../src/adapters/traffic/stores/register.js'
import type { Registers } from '../../../../../src/ports/forge.js'
import type { RolloutStore } from '../../../../../src/ports/rollout-store.js'

const STABLE = { version: '1', name: 'model-1' }
const KEPT = {
  stable: STABLE,
  canary: { version: '2', name: 'naïve|<b>\n' },
  rollout: { id: 'r', owner: 'run 1', state: { phase: 'observing', history: [1, null] } },
}

/** As the forge does it: a write names what it replaces, or nothing for the first. */
function memoryRegisters(): Registers & { content: string | undefined } {
  let version = 0
  const registers = {
    content: undefined as string | undefined,
    read: async () =>
      registers.content === undefined
        ? undefined
        : { content: registers.content, version: String(version) },
    write: async (_name: string, content: string, replaces: string | undefined) => {
      const now = registers.content === undefined ? undefined : String(version)
      if (replaces !== now) return false
      registers.content = content
      version++
      return true
    },
  }
  return registers
}

const stores: [string, () => { open: () => RolloutStore; spoil: () => void }][] = [
  [
    'a folder',
    () => {
      const folder = mkdtempSync(join(tmpdir(), 'modelway-store-'))
      return {
        open: () => createFileRolloutStore(join(folder, 'a')),
        spoil: () => writeFileSync(join(folder, 'a', 'rollout-00000009.json'), '{"schema":1,'),
      }
    },
  ],
  [
    'a register of the forge',
    () => {
      const registers = memoryRegisters()
      return {
        open: () => createRegisterRolloutStore(registers, 'rollouts/p/e'),
        spoil: () => {
          registers.content = 'something else'
        },
      }
    },
  ],
]

describe.each(stores)('the record of a rollout in %s', (_name, make) => {
  it('is none before the first', async () => {
    expect(await make().open().read()).toBeUndefined()
  })

  it('is read as it was written, by the next run too', async () => {
    const { open } = make()
    const store = open()
    await store.read()
    await store.write(KEPT)
    expect(await open().read()).toEqual(KEPT)
  })

  it('is written again and again by the same run', async () => {
    const { open } = make()
    const store = open()
    await store.read()
    for (let i = 0; i < 12; i++) await store.write({ ...KEPT, previous: { version: String(i) } })
    expect((await open().read())?.previous).toEqual({ version: '11' })
  })

  it('is not written over what another run wrote meanwhile', async () => {
    const { open } = make()
    const [one, other] = [open(), open()]
    await one.read()
    await other.read()
    await other.write(KEPT)
    await expect(one.write({ stable: STABLE })).rejects.toThrow(/MW-DEPLOY-050/)
    expect(await open().read()).toEqual(KEPT)
  })

  it('is written over by force, for the way back', async () => {
    const { open } = make()
    const [one, other] = [open(), open()]
    await one.read()
    await other.read()
    await other.write(KEPT)
    await one.write({ stable: STABLE }, { force: true })
    expect(await open().read()).toEqual({ stable: STABLE })
  })

  it('is refused where it cannot be understood', async () => {
    const { open, spoil } = make()
    const store = open()
    await store.read()
    await store.write(KEPT)
    spoil()
    await expect(open().read()).rejects.toThrow(/MW-DEPLOY-053/)
  })
})

it('of many writers at once to a folder just one has each number, and no draft is left', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'modelway-store-'))
  const writers = Array.from({ length: 12 }, () => createFileRolloutStore(folder))
  await Promise.all(writers.map((writer) => writer.read()))
  const done = await Promise.allSettled(writers.map((writer) => writer.write(KEPT)))
  expect(done.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect(readdirSync(folder)).toEqual(['rollout-00000001.json'])
})
