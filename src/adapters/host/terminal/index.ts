import { resolve } from 'node:path'
import type { Host, RunFacts } from '../../../ports/host.js'
import { createMasks, type Masks } from '../masks.js'
import { createFileComments } from './comments.js'
import { createTerminalLog, type Sink, type TerminalLog } from './log.js'
import { writeWhole } from './write-whole.js'

export { wantsColour } from './log.js'

export interface TerminalOptions {
  /** Inputs by their names in kebab-case; a list is one item a line. */
  readonly inputs: ReadonlyMap<string, string>
  readonly stdout: Sink
  readonly stderr: Sink
  /** What the files' paths are relative to. */
  readonly cwd: string
  readonly colour: boolean
  /** Standard output belongs to the statement, so that the log goes to standard error. */
  readonly json: boolean
  readonly debug?: boolean | undefined
  /** Where the summary is written; otherwise it is only kept. */
  readonly summaryFile?: string | undefined
  /** Where the sticky comment is kept; without it there are no comments. */
  readonly commentFile?: string | undefined
  /** What is known of the run, for example by a CI system that has no host of its own. */
  readonly run?: Partial<RunFacts> | undefined
}

/** The terminal, with what a job has put out. */
export interface TerminalHost extends Host {
  readonly outputs: ReadonlyMap<string, string>
  /** All Markdown of the summary so far. */
  readSummary(): string
}

/** A person's terminal, or any system that runs the CLI. */
export function createTerminalHost(options: TerminalOptions): TerminalHost {
  const masks = createMasks()
  const log = createTerminalLog({
    sink: options.json ? options.stderr : options.stdout,
    colour: options.colour,
    debug: options.debug ?? false,
    masks,
  })
  const outputs = new Map<string, string>()
  const state = new Map<string, string>()
  const { commentFile } = options
  const summary = createSummary(options, { log, masks })
  return {
    kind: 'terminal',
    run: { ...NOTHING_KNOWN, ...options.run },
    log,
    io: {
      readInput: (name) => options.inputs.get(name)?.trim() || undefined,
      setOutput: (name, value) => outputs.set(name, value),
      mask: (secret) => masks.add(secret),
      saveState: (name, value) => state.set(name, value),
      readState: (name) => state.get(name) || undefined,
    },
    feedback: {
      summarize: summary.add,
      annotate: (annotations) => log.annotate(annotations),
    },
    comments:
      commentFile === undefined
        ? undefined
        : createFileComments(resolve(options.cwd, commentFile), masks.forPage),
    artifacts: undefined,
    cache: undefined,
    deployments: undefined,
    outputs,
    readSummary: summary.read,
  }
}

const NOTHING_KNOWN: RunFacts = {
  event: undefined,
  repository: undefined,
  sha: undefined,
  ref: undefined,
  workflow: undefined,
  job: undefined,
  runId: undefined,
  runAttempt: undefined,
  runUrl: undefined,
  actor: undefined,
  serverUrl: undefined,
  pullRequest: undefined,
  headSha: undefined,
  fromFork: false,
}

interface Summary {
  add(markdown: string): Promise<void>
  read(): string
}

function createSummary(
  options: TerminalOptions,
  { log, masks }: { readonly log: TerminalLog; readonly masks: Masks },
): Summary {
  const parts: string[] = []
  let queue: Promise<void> = Promise.resolve()
  const read = (): string => parts.map((part) => `${part}\n`).join('')
  const write = async (): Promise<void> => {
    if (options.summaryFile === undefined) return
    await writeWhole(resolve(options.cwd, options.summaryFile), read())
  }
  return {
    read,
    add(markdown) {
      parts.push(masks.forPage(markdown))
      queue = queue.then(write).catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error)
        log.warn(`The summary could not be written: ${reason}`)
      })
      return queue
    },
  }
}
