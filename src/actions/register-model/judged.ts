import type { RegistrySection } from '../../config/registry.js'
import { blocks } from '../../domain/decision.js'
import { UserError } from '../../errors.js'
import { byBytes } from '../../files/workspace.js'
import type { JobContext } from '../../runtime/job.js'
import type { Recorded } from '../../statements/record.js'
import { VerdictPredicate } from '../../statements/schemas/verdict.js'
import type { Subject } from '../../statements/statement.js'
import { hashFile } from '../../tabular/hash-file.js'

/** A model and the verdict that let it through. */
export interface JudgedModel {
  readonly model: readonly Subject[]
  readonly verdict: Recorded
  readonly predicate: VerdictPredicate
}

/** The model files as they are now, which must be those of a verdict that does not block. */
export async function requireJudged(context: JobContext<RegistrySection>): Promise<JudgedModel> {
  const verdict = context.record.read('verdict')
  if (verdict === undefined) {
    throw new UserError({
      code: 'MW-REGISTRY-010',
      where: 'verdict.json',
      what: 'there is no verdict on a model.',
      fix: 'Run evaluate-gate first, and hand its statements to this job.',
    })
  }
  const predicate = parseVerdict(verdict)
  // Whom the policy allows to override the gate decided for this very commit, and the statement says who and why.
  const overridden = (predicate.overrides ?? []).length > 0
  if (blocks(predicate.decision, predicate.failOn) && !overridden) {
    throw new UserError({
      code: 'MW-REGISTRY-011',
      where: 'verdict.json',
      what: `the gate's decision is ${predicate.decision}, and the policy lets that block.`,
      fix: 'Register a model that passes the gate.',
    })
  }
  const model = await hashModel(context, verdict)
  requireSame(model, verdict.statement.subject)
  return { model, verdict, predicate }
}

function parseVerdict(verdict: Recorded): VerdictPredicate {
  const parsed = VerdictPredicate.safeParse(verdict.statement.predicate)
  if (parsed.success) return parsed.data
  throw new UserError(
    {
      code: 'MW-REGISTRY-017',
      where: 'verdict.json',
      what: 'the statement does not hold what a verdict holds.',
      fix: 'Run evaluate-gate of the same release as register-model.',
    },
    { cause: parsed.error },
  )
}

async function hashModel(
  { settings, workspace }: JobContext<RegistrySection>,
  verdict: Recorded,
): Promise<readonly Subject[]> {
  const paths = settings.model ?? verdict.statement.subject.map(({ name }) => name)
  const model = new Map<string, Subject>()
  for (const path of paths) {
    for (const file of await workspace.files(path, 'registry.model')) {
      const name = workspace.relative(file)
      model.set(name, { name, digest: { sha256: (await hashFile(file)).sha256 } })
    }
  }
  return [...model.values()].sort((a, b) => byBytes(a.name, b.name))
}

function requireSame(model: readonly Subject[], judged: readonly Subject[]): void {
  const expected = new Map(judged.map(({ name, digest }) => [name, digest.sha256]))
  for (const { name, digest } of model) {
    const sha256 = expected.get(name)
    if (sha256 === digest.sha256) expected.delete(name)
    else throw notJudged(name, digest.sha256, sha256)
  }
  const [missing] = expected.keys()
  if (missing !== undefined) throw notJudged(missing, 'absent', expected.get(missing))
}

function notJudged(name: string, found: string, judged: string | undefined): UserError {
  const expected =
    judged === undefined
      ? 'was not among the files that the gate judged'
      : `was ${judged} when the gate judged it`
  return new UserError({
    code: 'MW-REGISTRY-012',
    where: name,
    what: `this model file is ${found}, but ${expected}.`,
    fix: 'Register the files that were judged, or run evaluate-gate on these.',
  })
}
