import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import {
  createTerminalHost,
  type TerminalOptions,
  wantsColour,
} from '../../../../src/adapters/host/terminal/index.js'

let cwd: string
let out: string
let err: string
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'modelway-terminal-'))
  out = ''
  err = ''
})
afterEach(() => rm(cwd, { recursive: true }))

function host(options: Partial<TerminalOptions> = {}) {
  return createTerminalHost({
    inputs: new Map(),
    stdout: { write: (text) => (out += text) },
    stderr: { write: (text) => (err += text) },
    cwd,
    colour: false,
    json: false,
    ...options,
  })
}

describe('the terminal', () => {
  it('leaves standard output to the statement when it is asked for JSON', () => {
    host({ json: true }).log.info('hello')
    expect([out, err]).toEqual(['', 'hello\n'])
    host().log.warn('careful')
    expect(out).toBe('warning: careful\n')
  })

  it('indents what belongs to a group under its title', async () => {
    const { log } = host()
    await log.group('outer', () => log.group('inner', async () => log.info('a\n\nb')))
    log.info('after')
    expect(out).toBe('outer\n  inner\n    a\n\n    b\nafter\n')
  })

  it('shows debug lines only when they are wanted', () => {
    host().log.debug('hidden')
    host({ debug: true }).log.debug('shown')
    expect(out).toBe('shown\n')
  })

  it('colours its own words only, and no text from outside', () => {
    host({ colour: true }).log.error('\u001b[32mred?\u001b[0m')
    expect(out).toBe('\u001b[31merror:\u001b[0m red?\n')
  })

  it('has colours on a terminal only, and none with NO_COLOR', () => {
    expect(wantsColour({ isTTY: true }, {})).toBe(true)
    expect(wantsColour({ isTTY: true }, { NO_COLOR: '1' })).toBe(false)
    expect(wantsColour({ isTTY: true }, { NO_COLOR: '' })).toBe(true)
    expect(wantsColour({}, {})).toBe(false)
  })

  it('keeps outputs and the summary for the caller', async () => {
    const terminal = host()
    terminal.io.setOutput('decision', 'pass')
    await terminal.feedback.summarize('# Gate')
    expect(terminal.outputs).toEqual(new Map([['decision', 'pass']]))
    expect(terminal.readSummary()).toBe('# Gate\n')
  })

  it('warns when the summary cannot be written', async () => {
    await writeFile(join(cwd, 'file'), '')
    await host({ summaryFile: 'file/summary.md' }).feedback.summarize('# Gate')
    expect(out).toContain('warning: The summary could not be written')
  })

  it('has no comments without a file for them, and no services', () => {
    const { comments, artifacts, cache, deployments } = host()
    expect([comments, artifacts, cache, deployments]).toEqual(Array(4).fill(undefined))
  })

  it('knows of the run what it is told', () => {
    expect(host({ run: { sha: 'abc' } }).run).toMatchObject({ sha: 'abc', fromFork: false })
  })
})

describe('the comment as a file', () => {
  const section = { project: 'p', workflow: 'w', section: 'setup-data', markdown: 'DATA' }

  it('is kept by one run after another, and by two sections at once', async () => {
    const first = host({ commentFile: 'out/comment.md' })
    const { url } = (await first.comments?.publish(section)) ?? {}
    expect(url).toBe(pathToFileURL(join(cwd, 'out/comment.md')).href)
    const second = host({ commentFile: 'out/comment.md' }).comments
    await Promise.all([
      second?.publish({ ...section, section: 'drift-check', markdown: 'DRIFT' }),
      second?.publish({ ...section, section: 'evaluate-gate', markdown: 'GATE' }),
    ])
    const body = await readFile(join(cwd, 'out/comment.md'), 'utf8')
    expect(body.match(/DATA|GATE|DRIFT/g)).toEqual(['DATA', 'GATE', 'DRIFT'])
    expect(await readdir(join(cwd, 'out'))).toEqual(['comment.md'])
  })

  it('is begun anew for another project', async () => {
    await host({ commentFile: 'c.md' }).comments?.publish(section)
    const other = { ...section, project: 'q', section: 'drift-check', markdown: 'DRIFT' }
    await host({ commentFile: 'c.md' }).comments?.publish(other)
    expect(await readFile(join(cwd, 'c.md'), 'utf8')).not.toContain('DATA')
  })

  it('fails, and leaves nothing half-written, where it cannot be written', async () => {
    await mkdir(join(cwd, 'c.md'))
    const work = host({ commentFile: 'c.md' }).comments?.publish(section)
    await expect(work).rejects.toThrow()
    expect(await readdir(cwd)).toEqual(['c.md'])
  })
})
