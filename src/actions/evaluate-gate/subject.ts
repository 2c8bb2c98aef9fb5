import type { GateSection } from '../../config/gate.js'
import { UserError } from '../../errors.js'
import type { Log } from '../../ports/host.js'
import type { JobContext } from '../../runtime/job.js'
import { linkTo } from '../../statements/record.js'
import { TrainingPredicate } from '../../statements/schemas/training.js'
import type { InputLink, Subject } from '../../statements/statement.js'
import { hashFile } from '../../tabular/hash-file.js'
import type { Candidate } from './candidate.js'

export interface JudgedSubject {
  readonly subject: readonly Subject[]
  readonly inputs: readonly InputLink[]
}

/** The model that the training wrote; without a training, the file that was judged is all that the verdict is about. */
export async function findSubject(
  { record, workspace, settings, log }: JobContext<GateSection>,
  { file }: Candidate,
): Promise<JudgedSubject> {
  const training = record.read('training')
  if (training === undefined) return { subject: [withoutTraining(file, log)], inputs: [] }
  const written = TrainingPredicate.parse(training.statement.predicate).predictions
  if (
    written !== null &&
    file?.kind === 'predictions' &&
    written.path === file.name &&
    written.sha256 !== file.digest.sha256
  ) {
    throw swapped(settings.predictions, 'these are not the predictions that the training wrote.')
  }
  for (const { name, digest } of training.statement.subject) {
    // The gate needs no model file, but one that is here must be the one that was trained.
    const found = await hashFile(workspace.resolve(name, 'training.json')).catch(() => undefined)
    if (found !== undefined && found.sha256 !== digest.sha256) {
      throw swapped(name, 'this is not the model file that the training wrote.')
    }
  }
  return { subject: training.statement.subject, inputs: [linkTo(training)] }
}

function withoutTraining(file: Candidate['file'], log: Log): Subject {
  if (file === undefined) {
    throw new UserError({
      code: 'MW-GATE-126',
      where: 'gate.metrics',
      what: 'the rules read numbers of metrics: or training:, and there is neither a training statement nor a file of metrics.',
      fix: 'Run train-on-runner first and hand its statements to this job, or name a file with gate.metrics.',
    })
  }
  log.warn(
    `There is no training statement: the verdict is about the ${file.kind}, and no model can be registered by it.`,
  )
  return { name: file.name, digest: file.digest }
}

function swapped(where: string, what: string): UserError {
  return new UserError({
    code: 'MW-GATE-105',
    where,
    what,
    fix: 'Hand the outputs of the training to this job unchanged, or train again.',
  })
}
