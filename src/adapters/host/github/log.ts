import { debug, endGroup, error, info, startGroup, warning } from '@actions/core'
import type { AnnotationLevel, Log } from '../../../ports/host.js'
import type { AnnotationBudget } from './annotations.js'

/** Makes a text from outside fit to be printed: no secrets, no workflow commands. */
export type Clean = (text: string) => string

/** The step's log by workflow commands. Groups do not nest on GitHub: an inner title is a line. */
export function createLog(budget: AnnotationBudget, clean: Clean): Log {
  let depth = 0
  const annotated = (level: AnnotationLevel, message: string): void => {
    if (budget.left(level) <= 0) {
      info(clean(`${level}: ${message}`))
      return
    }
    budget.spend(level)
    if (level === 'error') error(clean(message))
    else warning(clean(message))
  }
  return {
    debug: (message) => debug(clean(message)),
    info: (message) => info(clean(message)),
    warn: (message) => annotated('warning', message),
    error: (message) => annotated('error', message),
    async group(title, work) {
      depth += 1
      if (depth === 1) startGroup(clean(title))
      else info(clean(title))
      try {
        return await work()
      } finally {
        depth -= 1
        if (depth === 0) endGroup()
      }
    },
  }
}
