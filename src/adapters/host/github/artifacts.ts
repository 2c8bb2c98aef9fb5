import { ExternalError } from '../../../errors.js'
import type { Artifacts, RunFacts } from '../../../ports/host.js'
import type { Environment } from '../environment.js'
import { isEnterpriseServer } from './server.js'

/** Artifacts by @actions/artifact, or undefined where there is no service for them (GHES, no token). */
export function createArtifacts(env: Environment, run: RunFacts): Artifacts | undefined {
  const served = Boolean(env['ACTIONS_RUNTIME_TOKEN']) && Boolean(env['ACTIONS_RESULTS_URL'])
  if (!served || isEnterpriseServer(env)) return undefined
  return {
    async upload(name, files, root) {
      const { DefaultArtifactClient } = await import('@actions/artifact')
      try {
        const client = new DefaultArtifactClient()
        const { id } = await client.uploadArtifact(artifactName(name), [...files], root)
        return { url: artifactUrl(run, id) }
      } catch (error) {
        throw uploadFailed(name, error)
      }
    },
  }
}

/** Artifacts' names may not hold what some file system refuses. */
export function artifactName(name: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused.
  return name.replace(/[\u0000-\u001f":<>|*?\\/]+/g, '-') || 'modelway'
}

function artifactUrl(run: RunFacts, id: number | undefined): string | undefined {
  const { serverUrl, repository, runId } = run
  if (id === undefined || serverUrl === undefined) return undefined
  if (repository === undefined || runId === undefined) return undefined
  return `${serverUrl}/${repository}/actions/runs/${runId}/artifacts/${id}`
}

function uploadFailed(name: string, cause: unknown): ExternalError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  const taken = /conflict|already exists/i.test(reason)
  const what = taken
    ? `the run has an artifact "${name}" already; give each job of a matrix its own name. ${reason}`
    : `the artifact "${name}" could not be uploaded: ${reason}`
  return new ExternalError(
    { code: 'MW-HOST-007', service: 'GitHub artifacts', what, retryable: !taken },
    { cause },
  )
}
