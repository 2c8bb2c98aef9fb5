import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RegistrySection } from '../../config/registry.js'
import { keptPredictionsName } from '../../domain/lineage/kept-predictions.js'
import { modelCard } from '../../domain/report/model/card.js'
import { UserError } from '../../errors.js'
import type { RegisterRequest } from '../../ports/registry.js'
import type { JobContext } from '../../runtime/job.js'
import { statementFile } from '../../statements/record.js'
import type { StatementKind } from '../../statements/statement.js'
import { hashFile } from '../../tabular/hash-file.js'
import type { JudgedModel } from './judged.js'

type Attachment = RegisterRequest['attachments'][number]

/** What explains the model in the registry: its card, the statements behind it, the predictions it was judged by. */
export async function collectAttachments(
  context: JobContext<RegistrySection>,
  judged: JudgedModel,
): Promise<readonly Attachment[]> {
  const card: Attachment = { name: 'README.md', content: Buffer.from(writeCard(context, judged)) }
  return [card, ...readStatements(context), ...(await readPredictions(context, judged))]
}

function writeCard(context: JobContext<RegistrySection>, judged: JudgedModel): string {
  const { settings, workspace, record } = context
  const head =
    settings.card === undefined
      ? ''
      : readFileSync(workspace.resolve(settings.card, 'registry.card'), 'utf8')
  return modelCard({
    name: settings.name,
    head,
    model: judged.model,
    verdict: judged.verdict.statement.predicate,
    training: record.read('training')?.statement.predicate,
    dataset: record.read('dataset')?.statement.predicate,
  })
}

function readStatements({ record }: JobContext<RegistrySection>): readonly Attachment[] {
  const kinds: readonly StatementKind[] = ['dataset', 'training', 'verdict']
  return kinds
    .filter((kind) => record.read(kind) !== undefined)
    .map((kind) => ({
      name: `statements/${statementFile(kind)}`,
      content: readFileSync(join(record.directory, statementFile(kind))),
    }))
}

async function readPredictions(
  { workspace }: JobContext<RegistrySection>,
  { predicate }: JudgedModel,
): Promise<readonly Attachment[]> {
  // A gate of numbers alone has none; later models cannot be compared with this one example by example.
  if (predicate.predictions === null) return []
  const { path, sha256 } = predicate.predictions
  const file = workspace.resolve(path, 'verdict.json')
  const found = await hashFile(file).catch(() => undefined)
  if (found?.sha256 !== sha256) {
    throw new UserError({
      code: 'MW-REGISTRY-013',
      where: path,
      what: 'the predictions are not those that the gate judged.',
      fix: 'Hand the predictions of the gate to this job unchanged, or run evaluate-gate again.',
    })
  }
  return [{ name: keptPredictionsName(path), content: readFileSync(file) }]
}
