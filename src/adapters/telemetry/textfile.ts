import { ExternalError } from '../../errors.js'
import { writeFileAtomically } from '../../files/atomic.js'
import type { MetricSink } from '../../ports/telemetry.js'
import { exposition } from './exposition.js'

/**
 * A file for node_exporter's textfile collector, which may read it at any moment: it is written beside its place and
 * renamed, under a name that the collector passes over.
 */
export function createTextfile(path: string, shown: string): MetricSink {
  return {
    name: `the file ${shown}`,
    send: async (families) => {
      const { text } = await exposition(families)
      try {
        writeFileAtomically(path, text)
      } catch (error) {
        throw new ExternalError(
          {
            code: 'MW-DRIFT-655',
            service: `the file ${shown}`,
            what: `cannot be written: ${error instanceof Error ? error.message : String(error)}.`,
            retryable: false,
          },
          { cause: error },
        )
      }
      return []
    },
  }
}
