import { appendFile, stat } from 'node:fs/promises'
import { cutMarkdown, utf8Length } from '../../../domain/report/cut-markdown.js'
import type { Log } from '../../../ports/host.js'

/** A step's summary above this many bytes is refused as a whole, with an error in the log. */
export const SUMMARY_LIMIT = 1_048_576
/** Left free, so that a note always fits. */
const RESERVE = 1024
const NOTE = '*Cut: the summary of a step holds 1 MiB. The whole report is among the artifacts.*'

export interface SummaryOptions {
  readonly file: string | undefined
  readonly log: Log
  readonly hide: (text: string) => string
}

/**
 * Appends Markdown to the step's summary file and keeps the file, whoever wrote to it, under 1 MiB:
 * what does not fit is cut after a whole section or line, with a note. Never rejects.
 */
export function createSummarize(options: SummaryOptions): (markdown: string) => Promise<void> {
  let queue: Promise<void> = Promise.resolve()
  let full = false
  const append = async (markdown: string): Promise<void> => {
    if (options.file === undefined || full) return
    const used = await stat(options.file).then((file) => file.size)
    const max = SUMMARY_LIMIT - RESERVE - used - 1
    const whole = wellFormed(options.hide(markdown))
    const text = cutMarkdown(whole, { max, measure: utf8Length, note: NOTE })
    full = text !== whole
    if (full) options.log.warn('The job summary is cut: a step has 1 MiB for it.')
    const free = SUMMARY_LIMIT - used - 1
    const shown = text === '' && utf8Length(NOTE) <= free ? NOTE : text
    if (shown !== '') await appendFile(options.file, `${shown}\n`, 'utf8')
  }
  return (markdown) => {
    queue = queue
      .then(() => append(markdown))
      .catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error)
        options.log.warn(`The job summary could not be written: ${reason}`)
      })
    return queue
  }
}

function wellFormed(text: string): string {
  return text.replace(/[\uD800-\uDFFF]/gu, '\uFFFD')
}
