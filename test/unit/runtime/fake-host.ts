import type { Annotation, CommentSection, Host } from '../../../src/ports/host.js'

/** A host that keeps what it is told, and can fail where a host may. */
export interface FakeHost extends Host {
  readonly lines: string[]
  readonly outputs: Map<string, string>
  readonly masked: string[]
  readonly comments: NonNullable<Host['comments']>
  readonly published: CommentSection[]
  readonly summaries: string[]
  readonly annotations: Annotation[]
}

export interface FakeHostOptions {
  readonly inputs?: Readonly<Record<string, string>>
  readonly pullRequest?: number
  readonly failing?: readonly ('summary' | 'comment' | 'annotations')[]
  readonly cache?: Host['cache']
}

export function createFakeHost(options: FakeHostOptions = {}): FakeHost {
  const { inputs = {}, failing = [] } = options
  const lines: string[] = []
  const say = (level: string) => (message: string) => {
    lines.push(`${level}: ${message}`)
  }
  const outputs = new Map<string, string>()
  const masked: string[] = []
  const published: CommentSection[] = []
  const summaries: string[] = []
  const annotations: Annotation[] = []
  const refuse = (what: 'summary' | 'comment' | 'annotations'): void => {
    if (failing.includes(what)) throw new Error(`no ${what} today`)
  }
  return {
    kind: 'terminal',
    run: {
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
      pullRequest: options.pullRequest,
      headSha: undefined,
      fromFork: false,
    },
    log: {
      debug: say('debug'),
      info: say('info'),
      warn: say('warn'),
      error: say('error'),
      group: (_, work) => work(),
    },
    io: {
      readInput: (name) => (Object.hasOwn(inputs, name) ? inputs[name] : undefined),
      setOutput: (name, value) => void outputs.set(name, value),
      mask: (secret) => void masked.push(secret),
      saveState: () => undefined,
      readState: () => undefined,
    },
    feedback: {
      summarize: async (markdown) => {
        refuse('summary')
        summaries.push(markdown)
      },
      annotate: (list) => {
        refuse('annotations')
        annotations.push(...list)
      },
    },
    comments: {
      publish: async (section) => {
        refuse('comment')
        published.push(section)
        return { url: 'https://example.com/c' }
      },
    },
    artifacts: undefined,
    cache: options.cache,
    deployments: undefined,
    lines,
    outputs,
    masked,
    published,
    summaries,
    annotations,
  }
}
