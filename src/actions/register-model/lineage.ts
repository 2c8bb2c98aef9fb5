import { linkTo, type Recorded, type RecordStore } from '../../statements/record.js'
import { type InputLink, predicateType, type StatementKind } from '../../statements/statement.js'

/** The digests of the statements behind a verdict, by kind, as far as they are in the record. */
export function readLineage(
  record: RecordStore,
  verdict: Recorded,
): { readonly digests: Readonly<Record<string, string>>; readonly links: readonly InputLink[] } {
  const digests: Record<string, string> = { verdict: verdict.digest }
  const links: InputLink[] = []
  for (const kind of ['training', 'dataset'] as const satisfies readonly StatementKind[]) {
    const recorded = record.read(kind)
    if (recorded === undefined) continue
    digests[kind] = recorded.digest
    if (isBehind(recorded, verdict)) links.push(linkTo(recorded))
  }
  return { digests, links }
}

/** Only the training that the verdict names is linked; the data set is reached through it. */
function isBehind(recorded: Recorded, verdict: Recorded): boolean {
  return (
    recorded.statement.predicateType === predicateType('training') &&
    verdict.statement.predicate.inputs.some(({ digest }) => digest === recorded.digest)
  )
}
