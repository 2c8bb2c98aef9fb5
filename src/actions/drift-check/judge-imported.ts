import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { DriftSection } from '../../config/drift.js'
import { decideDataSet } from '../../domain/drift/decide.js'
import type { DriftPredicateBody } from '../../domain/drift/predicate.js'
import { formatProblem, type Problem, UserError } from '../../errors.js'
import type { JobContext } from '../../runtime/job.js'
import type { Judged } from './judged.js'

/** What the job needs of the world to read other monitors' results. */
export interface ImportPorts {
  readonly importDrift: (given: {
    readonly kind: 'evidently-json' | 'alibi-detect'
    readonly file: string
    readonly text: string
    readonly policy: DriftSection
    readonly decide: typeof decideDataSet
  }) => Promise<{ readonly body: DriftPredicateBody; readonly problems: readonly Problem[] }>
}

/** Takes the result of a monitor that the user runs already to our decision. */
export async function judgeImported(
  { settings, workspace, signal, log }: JobContext<DriftSection>,
  ports: ImportPorts,
  kind: 'evidently-json' | 'alibi-detect',
): Promise<Judged> {
  const files = await workspace.glob(settings.current, 'drift.current')
  const [file] = files
  if (file === undefined || files.length > 1) throw notOneFile(files.length)
  const name = workspace.relative(file)
  // What is judged is what the statement names, even if the monitor writes meanwhile.
  const bytes = await readFile(file, { signal })
  const { body, problems } = await ports.importDrift({
    kind,
    file: name,
    text: bytes.toString('utf8'),
    policy: settings,
    decide: decideDataSet,
  })
  for (const problem of problems) log.warn(formatProblem(problem))
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const subject = [{ name, digest: { sha256 } }]
  return {
    state: 'judged',
    last: { window: undefined, body },
    earlier: [],
    subject,
    reference: [],
    extras: {},
  }
}

function notOneFile(count: number): UserError {
  return new UserError({
    code: 'MW-DRIFT-014',
    where: 'drift.current',
    what: `${count} files are named, and the result of a monitor is one.`,
    fix: 'Name the one JSON file.',
  })
}
