import type { Annotation, Log } from '../../../ports/host.js'
import type { Masks } from '../masks.js'

/** Where text goes: a stream, or a test's list. */
export interface Sink {
  write(text: string): unknown
}

export interface TerminalLogOptions {
  readonly sink: Sink
  readonly colour: boolean
  readonly debug: boolean
  readonly masks: Masks
}

const STYLE = { bold: 1, faint: 2, red: 31, yellow: 33, cyan: 36 }

/** Colours only on a terminal, and never where NO_COLOR is set (https://no-color.org). */
export function wantsColour(
  stream: { readonly isTTY?: boolean | undefined },
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  return stream.isTTY === true && !env['NO_COLOR']
}

export interface TerminalLog extends Log {
  annotate(annotations: readonly Annotation[]): void
}

/** Plain lines; groups are titles over indented lines. */
export function createTerminalLog(options: TerminalLogOptions): TerminalLog {
  const { sink, masks, colour } = options
  let depth = 0
  const clean = masks.forLog
  const paint = (text: string, style: keyof typeof STYLE): string =>
    colour ? `\u001b[${STYLE[style]}m${text}\u001b[0m` : text
  const write = (text: string): void => {
    const indent = '  '.repeat(depth)
    for (const line of text.split('\n')) sink.write(line === '' ? '\n' : `${indent}${line}\n`)
  }
  const labelled = (label: string, style: keyof typeof STYLE) => (message: string) =>
    write(`${paint(`${label}:`, style)} ${clean(message)}`)
  const lines = {
    debug: (message: string) => {
      if (options.debug) write(paint(clean(message), 'faint'))
    },
    info: (message: string) => write(clean(message)),
    warn: labelled('warning', 'yellow'),
    error: labelled('error', 'red'),
  }
  const notice = labelled('notice', 'cyan')
  return {
    ...lines,
    async group(title, work) {
      write(paint(clean(title), 'bold'))
      depth += 1
      try {
        return await work()
      } finally {
        depth -= 1
      }
    },
    annotate(annotations) {
      const by = { error: lines.error, warning: lines.warn, notice }
      for (const annotation of annotations) by[annotation.level](asLine(annotation))
    },
  }
}

function asLine({ file, line, title, message }: Annotation): string {
  const where = file === undefined ? '' : `${file}${line === undefined ? '' : `:${line}`}: `
  return `${where}${title}: ${message}`
}
