import { UserError } from '../../../errors.js'
import type { DownloadedFile, DownloadLimits, RunArtifacts } from '../../../ports/forge.js'
import { UntrustedVerdict } from '../../../statements/schemas/verdict.js'
import { parseEnvelope, predicateType } from '../../../statements/statement.js'

/** The artifact's name in the workflow for forks. */
export const VERDICT_ARTIFACT = 'modelway-verdict'

const PATHS: readonly string[] = ['verdict.json', '.modelway/verdict.json']

/** A verdict of 2,000 checks with all its diagnostics has under 2 MB. */
export const VERDICT_LIMITS: DownloadLimits = {
  compressed: 2_000_000,
  unpacked: 4_000_000,
  files: 20,
  take: (path) => PATHS.includes(path),
}

/** A verdict as somebody says it is, or why there is none that could be shown. */
export type FoundVerdict =
  | { readonly verdict: UntrustedVerdict; readonly why?: undefined }
  | { readonly verdict?: undefined; readonly why: string }

/**
 * Reads the verdict statement that a run uploaded, written by code that nobody may have looked at: only by its name, within
 * limits, by a schema that bounds every text and list, and only when it is for the run's own commit. Nothing else is read.
 */
export async function readVerdict(
  runId: number,
  commit: string,
  artifacts: Pick<RunArtifacts, 'ofRun' | 'download'>,
): Promise<FoundVerdict> {
  const named = (await artifacts.ofRun(runId)).filter(({ name }) => name === VERDICT_ARTIFACT)
  const artifact = named.find(({ expired }) => !expired) ?? named[0]
  if (artifact === undefined) return { why: `it uploaded no artifact named ${VERDICT_ARTIFACT}` }
  try {
    const [file, ...others] = await artifacts.download(artifact, VERDICT_LIMITS)
    if (file === undefined) return { why: 'its artifact holds no verdict.json' }
    if (others.length > 0) return { why: 'its artifact holds two verdicts' }
    return parseVerdict(file, commit)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { why: `its artifact was refused: ${refusalText(error)}` }
  }
}

function parseVerdict(file: DownloadedFile, commit: string): FoundVerdict {
  let predicate: unknown
  let type: string
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(file.bytes)
    const statement = parseEnvelope(JSON.parse(text))
    predicate = statement.predicate
    type = statement.predicateType
  } catch {
    return { why: 'its verdict.json is not a statement' }
  }
  if (type !== predicateType('verdict')) return { why: 'its verdict.json is no verdict' }
  const parsed = UntrustedVerdict.safeParse(predicate)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const where =
      issue === undefined
        ? ''
        : ` (${issue.path.join('.').slice(0, 100)}: ${issue.message.slice(0, 100)})`
    return { why: `its verdict does not have the form of one${where}` }
  }
  if (parsed.data.change?.commit !== commit) return { why: 'its verdict is for another commit' }
  return { verdict: parsed.data }
}

function refusalText({ problems }: UserError): string {
  return problems.map(({ code, what }) => `${code}, ${what.replace(/\.$/, '')}`).join('; ')
}
