import { readFile } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import {
  type CommentDocument,
  isCommentOf,
  parseComment,
} from '../../../domain/report/comment/document.js'
import { fitComment } from '../../../domain/report/comment/fit.js'
import { putSection } from '../../../domain/report/comment/merge.js'
import type { CommentSection, Comments } from '../../../ports/host.js'
import { writeWhole } from './write-whole.js'

/**
 * The sticky comment as a Markdown file, put together exactly as on GitHub. A file that is not the
 * comment of this project and workflow is replaced.
 */
export function createFileComments(file: string, hide: (text: string) => string): Comments {
  let queue: Promise<unknown> = Promise.resolve()
  const publish = async (section: CommentSection): Promise<{ readonly url: string }> => {
    const before = await readOrNothing(file)
    const document = documentIn(before, section)
    const ours = {
      name: section.section,
      markdown: hide(section.markdown),
      reportUrl: section.reportUrl,
    }
    const body = `${fitComment(putSection(document, ours), ours.name)}\n`
    if (body !== before) await writeWhole(file, body)
    return { url: pathToFileURL(file).href }
  }
  return {
    publish(section) {
      const job = queue.then(() => publish(section))
      queue = job.catch(() => undefined)
      return job
    },
  }
}

function documentIn(text: string, section: CommentSection): CommentDocument {
  const { project, workflow } = section
  const found = isCommentOf(text, project, workflow) ? parseComment(text) : undefined
  return { project, workflow, sections: found?.sections ?? [] }
}

async function readOrNothing(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (isMissing(error)) return ''
    throw error
  }
}

function isMissing(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT'
}
