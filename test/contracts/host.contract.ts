import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { Host } from '../../src/ports/host.js'

/** A host under test, and what the outside sees of it. */
export interface HostUnderTest {
  readonly host: Host
  /** All that was printed, without the lines that tell the runner what to mask. */
  printed(): string
  outputs(): Promise<ReadonlyMap<string, string>>
  summary(): Promise<string>
  /** The body of the sticky comment; undefined where there is none. */
  comment(): Promise<string | undefined>
  /** The host of the post step that follows. */
  post(): Promise<Host>
  close(): Promise<void>
}

export type MakeHost = (inputs: ReadonlyMap<string, string>) => Promise<HostUnderTest>

const HOSTILE = [
  '::set-output name=stolen::1',
  '   ::add-mask::x',
  '\u00a0::error::y',
  'x ##[set-env name=PATH;]z',
  'done\r::stop-commands::token',
  '\u001b[2J::warning::w\u0007',
]

/** Lines that the runner would take for commands: V2 at a line's start, V1 anywhere. */
export function commandsIn(text: string): readonly string[] {
  return text.split(/\r\n|\r|\n/).filter((line) => /^\s*::[\w-]/.test(line) || line.includes('##['))
}

/** What every host must do. */
export function hostContract(name: string, make: MakeHost): void {
  describe(`${name} keeps the contract of a host`, () => {
    let under: HostUnderTest
    beforeEach(async () => {
      under = await make(
        new Map([
          ['config', '  modelway.yml '],
          ['blank', ' \n '],
          ['rules', 'a\nb'],
        ]),
      )
    })
    afterEach(() => under.close())

    it('reads inputs without the spaces around them; blank and missing ones are undefined', () => {
      const { io } = under.host
      expect(io.readInput('config')).toBe('modelway.yml')
      expect(io.readInput('rules')).toBe('a\nb')
      expect(io.readInput('blank')).toBeUndefined()
      expect(io.readInput('missing')).toBeUndefined()
    })

    it('gives outputs on unchanged, whatever they hold', async () => {
      const value = 'a|b\n::set-output name=x::y\n%0A EOF\n<<EOF\n名'
      under.host.io.setOutput('table', value)
      under.host.io.setOutput('decision', 'pass')
      expect(await under.outputs()).toEqual(
        new Map([
          ['table', value],
          ['decision', 'pass'],
        ]),
      )
    })

    it('hands state on to the post step', async () => {
      under.host.io.saveState('pid', '12\n34')
      const post = await under.post()
      expect(post.io.readState('pid')).toBe('12\n34')
      expect(post.io.readState('never')).toBeUndefined()
    })

    it('prints no text from outside that a runner would obey', () => {
      for (const text of HOSTILE) under.host.log.info(text)
      under.host.log.info(HOSTILE.join('\n'))
      expect(commandsIn(under.printed())).toEqual([])
      expect(under.printed()).toContain('set-output name=stolen')
      expect(under.printed()).not.toContain('\u001b')
    })

    it('keeps tabs and lines of what it prints', () => {
      under.host.log.info('a\tb\nc')
      expect(under.printed()).toMatch(/^a\tb\nc$/m)
    })

    it('hides masked secrets in everything that it shows', async () => {
      const { host } = under
      host.io.mask('s3cr3t-value')
      host.io.mask('first line\nsecond line')
      const text = 'with s3cr3t-value and second line and s3cr3t\u0000-value'
      host.log.info(text)
      host.log.warn(text)
      host.log.error(text)
      await host.log.group(text, async () => host.log.info(text))
      host.feedback.annotate([{ level: 'notice', title: text, message: text, file: text }])
      await host.feedback.summarize(text)
      await host.comments?.publish({
        project: 'p',
        workflow: 'w',
        section: 'evaluate-gate',
        markdown: text,
      })
      for (const shown of [under.printed(), await under.summary(), await under.comment()]) {
        expect(shown).toContain('with *** and ***')
        expect(shown).not.toContain('s3cr3t-value')
        expect(shown).not.toContain('second line')
      }
    })

    it('gives on what the work of a group gives, and its error', async () => {
      const { log } = under.host
      expect(await log.group('outer', () => log.group('inner', async () => 7))).toBe(7)
      await expect(
        log.group('outer', async () => {
          throw new Error('broken inside')
        }),
      ).rejects.toThrow('broken inside')
      expect(under.printed()).toContain('outer')
      expect(under.printed()).toContain('inner')
    })

    it('adds each Markdown to the summary, in order', async () => {
      await under.host.feedback.summarize('# One')
      await under.host.feedback.summarize('# Two')
      expect(await under.summary()).toBe('# One\n# Two\n')
    })

    it('shows findings with their place', () => {
      under.host.feedback.annotate([
        { level: 'error', title: 'Null', message: 'age is null', file: 'a.csv', line: 7 },
      ])
      for (const part of ['a.csv', '7', 'Null', 'age is null']) {
        expect(under.printed()).toContain(part)
      }
    })

    it('keeps one comment with a section for each action, in the order of the pipeline', async () => {
      const { comments } = under.host
      const base = { project: 'a --> <b>', workflow: 'ci\n-->' }
      await comments?.publish({ ...base, section: 'drift-check', markdown: 'DRIFT' })
      await comments?.publish({ ...base, section: 'setup-data', markdown: 'DATA' })
      await comments?.publish({ ...base, section: 'evaluate-gate', markdown: 'GATE 1' })
      await comments?.publish({ ...base, section: 'evaluate-gate', markdown: 'GATE 2' })
      const body = (await under.comment()) ?? ''
      expect(body.match(/DATA|GATE \d|DRIFT/g)).toEqual(['DATA', 'GATE 2', 'DRIFT'])
      expect(body.match(/<!-- modelway:v1 /g)).toHaveLength(1)
      expect(body.startsWith('<!-- modelway:v1 project=a%20%2D%2D%3E%20%3Cb%3E workflow=ci')).toBe(
        true,
      )
    })
  })
}
