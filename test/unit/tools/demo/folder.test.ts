import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

const module = new URL('../../../../tools/demo/folder.mjs', import.meta.url).href
const { prepareFolder }: { prepareFolder: (out: string) => void } = await import(module)

let parent: string
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'modelway-demo-'))
})
afterEach(() => rmSync(parent, { recursive: true }))

describe("the demo's folder", () => {
  it('may be there already when it is empty, as `mktemp -d` makes it', () => {
    prepareFolder(parent)
    expect(readdirSync(parent)).toEqual(['.modelway-demo'])
  })

  it('is made, and made anew', () => {
    const out = join(parent, 'a', 'b')
    prepareFolder(out)
    writeFileSync(join(out, 'old'), '')
    prepareFolder(out)
    expect(readdirSync(out)).toEqual(['.modelway-demo'])
  })

  it("is never a folder of somebody else's, or a file", () => {
    const mine = join(parent, 'good', 'modelway.yml')
    mkdirSync(join(parent, 'good'))
    writeFileSync(mine, 'project: mine\n')
    expect(() => prepareFolder(parent)).toThrow('choose another with --out')
    expect(() => prepareFolder(mine)).toThrow('choose another with --out')
    expect(existsSync(mine)).toBe(true)
  })
})
