import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createFileLedger } from '../../../../src/adapters/events/ledger/file.js'
import { openTriggerLedger } from '../../../../src/adapters/events/ledger/index.js'
import { createRegisterLedger } from '../../../../src/adapters/events/ledger/register.js'
import { type LedgerEntry, stateOfKey } from '../../../../src/domain/drift/acting/ledger.js'
import type { TriggerLedger } from '../../../../src/ports/events.js'
import type { Registers } from '../../../../src/ports/forge.js'
import { EVENT, failure } from './arrange.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'modelway-ledger-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

function entry(more: Partial<LedgerEntry> = {}): LedgerEntry {
  return {
    state: 'fired',
    key: 'modelway-1',
    trigger: 't',
    kind: 'webhook',
    window: 'naïve\n|"w"',
    at: '2026-11-23T12:00:00.000Z',
    ...more,
  }
}

/** A register in memory; `between` runs after a read and before the write that follows. */
class MemoryRegisters implements Registers {
  content: string | undefined
  version = 0
  between: (() => Promise<void>) | undefined

  async read() {
    const found =
      this.content === undefined
        ? undefined
        : { content: this.content, version: String(this.version) }
    const { between } = this
    this.between = undefined
    await between?.()
    return found
  }

  async write(_name: string, content: string, version: string | undefined): Promise<boolean> {
    const current = this.content === undefined ? undefined : String(this.version)
    if (version !== current) return false
    this.content = content
    this.version += 1
    return true
  }
}

const PRESENT = { now: Date.parse('2026-11-23T12:00:00Z'), run: { id: '1', attempt: 1 } }
/** As a run does: take it unless it was fired or another is at it. */
function free(before: readonly LedgerEntry[]): boolean {
  return stateOfKey(before, 'modelway-1', PRESENT).state === 'free'
}

function claim(id: string): LedgerEntry {
  return entry({ state: 'claimed', claim: id })
}

function contract(make: () => TriggerLedger): void {
  it('is empty at first, and then what was written, in order', async () => {
    expect(await make().read()).toEqual([])
    const entries = [entry({ key: 'a' }), entry({ key: 'b', state: 'held' })]
    for (const one of entries) await make().record(one)
    expect(await make().read()).toEqual(entries)
  })

  it('gives a claim to the first, and leaves nothing open for the second', async () => {
    expect(await make().claim(claim('a'), free)).toBe(true)
    expect(await make().claim(claim('b'), free)).toBe(false)
    await make().record(entry({ state: 'released', claim: 'a' }))
    expect(await make().claim(claim('c'), free)).toBe(true)
  })

  it('gives a claim to one of many at the same time', async () => {
    const ids = Array.from({ length: 8 }, (_, index) => String(index))
    const taken = await Promise.all(ids.map((id) => make().claim(claim(id), free)))
    expect(taken.filter(Boolean)).toHaveLength(1)
    expect(free(await make().read())).toBe(false)
  })

  it('asks whether to claim in view of all that came before, and of nothing of its own', async () => {
    await make().record(entry({ key: 'other' }))
    let seen: readonly LedgerEntry[] = []
    await make().claim(claim('a'), (before) => {
      seen = before
      return true
    })
    expect(seen).toEqual([entry({ key: 'other' })])
  })
}

describe('the record in a file', () => {
  contract(() => createFileLedger(join(folder, 'deep', 'triggers.jsonl')))

  it('passes over lines that were cut off or are nothing, and goes on after them', async () => {
    const path = join(folder, 'triggers.jsonl')
    await createFileLedger(path).record(entry())
    await appendFile(path, '\n{"state":"fired","key":"cut o')
    const ledger = createFileLedger(path)
    await ledger.record(entry({ key: 'next' }))
    await appendFile(path, '\n[]\nnull\n{"state":"fired"}\n{"state":"held","at":"never"}\n')
    expect((await ledger.read()).map(({ key }) => key)).toEqual(['modelway-1', 'next'])
  })

  it('writes one line for each, whatever a window is called', async () => {
    const path = join(folder, 'triggers.jsonl')
    await createFileLedger(path).record(entry())
    const lines = (await readFile(path, 'utf8')).split('\n').filter(Boolean)
    expect(lines).toHaveLength(1)
  })

  it('says so where it cannot be one', async () => {
    await writeFile(join(folder, 'file'), '')
    const inFile = createFileLedger(join(folder, 'file', 'x.jsonl'))
    expect((await failure(() => inFile.record(entry()))).message).toMatch(/^MW-DRIFT-512/)
    const isFolder = createFileLedger(folder)
    expect((await failure(() => isFolder.read())).message).toMatch(/^MW-DRIFT-512/)
  })
})

describe('the record in a register of the forge', () => {
  let registers: MemoryRegisters
  beforeEach(() => {
    registers = new MemoryRegisters()
  })
  const make = () =>
    createRegisterLedger({ registers, name: 'drift/x', sleep: async () => undefined })
  contract(make)

  it('loses nothing that another wrote between reading and writing', async () => {
    registers.between = () => make().record(entry({ key: 'theirs' }))
    await make().record(entry({ key: 'ours' }))
    expect((await make().read()).map(({ key }) => key)).toEqual(['theirs', 'ours'])
  })

  it('gives no claim where another claimed between reading and writing', async () => {
    registers.between = async () => {
      await make().claim(claim('theirs'), free)
    }
    expect(await make().claim(claim('ours'), free)).toBe(false)
    expect((await make().read()).map((one) => one.claim)).toEqual(['theirs'])
  })

  it('gives up where others never stop', async () => {
    registers.write = async () => false
    const error = await failure(() => make().record(entry()))
    expect(error.message).toMatch(/^MW-DRIFT-513/)
  })

  it('drops the oldest beyond its limits, and keeps the newest', async () => {
    const text = 'x'.repeat(20_000)
    for (let count = 0; count < 15; count++) {
      await make().record(entry({ key: `k${count}`, window: text }))
    }
    const keys = (await make().read()).map(({ key }) => key)
    expect(Buffer.byteLength(registers.content ?? '')).toBeLessThanOrEqual(200_000)
    expect(keys.at(-1)).toBe('k14')
    expect(keys.length).toBeGreaterThan(5)
  })

  it('keeps of what has fired neither the claim nor the event, and forgets no firing of weeks', async () => {
    const names = Array.from({ length: 50 }, (_, index) => `${'列'.repeat(190)}${index}`)
    const run = { id: '1', attempt: 1 }
    for (let day = 0; day < 40; day++) {
      const given = entry({ key: `k${day}`, claim: `c${day}`, run })
      const event = { ...EVENT, drifted: names }
      await make().claim({ ...given, state: 'claimed', event }, () => true)
      await make().record(given)
    }
    const entries = await make().read()
    expect(entries).toEqual(Array.from({ length: 40 }, (_, day) => entry({ key: `k${day}` })))
    expect(Buffer.byteLength(registers.content ?? '')).toBeLessThan(10_000)
  })

  it('says what to do where the register holds something else', async () => {
    registers.content = 'hello'
    const error = await failure(() => make().read())
    expect(error.message).toMatch(/^MW-DRIFT-514: refs\/modelway\/drift\/x: .* git push origin :/)
  })
})

describe('where the record is', () => {
  it('is the file that is named, else the forge, else a file beside the statements', async () => {
    const registers = new MemoryRegisters()
    const both = {
      project: 'p',
      workflow: 'w',
      defaultFile: join(folder, 'default.jsonl'),
      firings: 1,
    }
    const file = join(folder, 'named.jsonl')
    await (await openTriggerLedger({ ...both, file, registers })).record(entry())
    expect(await readFile(file, 'utf8')).toContain('modelway-1')
    await (await openTriggerLedger({ ...both, file: undefined, registers })).record(entry())
    expect(registers.content).toContain('modelway-1')
    await (await openTriggerLedger({ ...both, file: undefined, registers: undefined })).record(
      entry(),
    )
    expect(await readFile(both.defaultFile, 'utf8')).toContain('modelway-1')
  })

  it('is another for another project or workflow', async () => {
    const names: string[] = []
    const registers: Registers = {
      read: async (name) => void names.push(name),
      write: async () => true,
    }
    const open = (project: string, workflow: string) =>
      openTriggerLedger({
        ...{ project, workflow, file: undefined, defaultFile: 'x', registers, firings: 1 },
      })
    for (const [project, workflow] of [
      ['a', 'b'],
      ['ab', ''],
      ['../x y~^:', 'w'],
    ] as const) {
      await (await open(project, workflow)).read()
    }
    expect(new Set(names).size).toBe(3)
    expect(names.every((name) => /^drift\/[0-9a-f]{20}$/.test(name))).toBe(true)
  })
})
