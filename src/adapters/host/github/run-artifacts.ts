import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { ExternalError, UserError } from '../../../errors.js'
import type {
  DownloadedFile,
  DownloadLimits,
  RunArtifact,
  RunArtifacts,
} from '../../../ports/forge.js'
import { ifThere, PER_PAGE, readPages } from './answers.js'
import type { GitHubClient, Rest } from './client.js'
import { malformed, overLimit, type Sink, unpack } from './unpack.js'

const NEEDS = 'actions: read'
const PATIENCE = 300_000

/** Artifacts of any run of the repository. What they hold was written by the code of that run: by strangers. */
export function createRunArtifacts(client: GitHubClient): RunArtifacts {
  const { owner, repo } = client
  return {
    async ofRun(runId) {
      const all = await ifThere(() =>
        readPages((page) =>
          client.call(NEEDS, async (rest) => {
            const answer = await rest.request(
              'GET /repos/{owner}/{repo}/actions/runs/{run_id}/artifacts',
              { owner, repo, run_id: runId, per_page: PER_PAGE, page },
            )
            return { data: answer.data.artifacts, headers: answer.headers }
          }),
        ),
      )
      return (all ?? [])
        .map(fromAnswer)
        .toSorted((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt) || b.id - a.id)
    },
    async download(artifact, limits) {
      const files: DownloadedFile[] = []
      await withZip({ client, artifact, limits }, (path) => async (chunks) => {
        const bytes: Buffer[] = []
        for await (const chunk of chunks) bytes.push(chunk)
        files.push({ path, bytes: Buffer.concat(bytes) })
      })
      return files
    },
    async extract(artifact, folder, limits) {
      const there = await readdir(folder)
      if (there.length > 0) throw new TypeError(`${folder} is not empty`)
      const paths: string[] = []
      await withZip({ client, artifact, limits }, (path) => async (chunks) => {
        const target = join(folder, ...path.split('/'))
        await mkdir(dirname(target), { recursive: true })
        await pipeline(chunks, createWriteStream(target, { flags: 'wx' }))
        paths.push(path)
      })
      return paths
    },
  }
}

interface Download {
  readonly client: GitHubClient
  readonly artifact: RunArtifact
  readonly limits: DownloadLimits
}

/** Fetches the zip to a file of its own, checks it, and unpacks it. */
async function withZip(download: Download, sink: Sink): Promise<void> {
  const { artifact, limits } = download
  const shownAs = JSON.stringify(artifact.name.slice(0, 100))
  if (artifact.expired) throw gone(shownAs)
  if (artifact.size > limits.compressed) throw tooLarge(shownAs, limits)
  const folder = await mkdtemp(join(tmpdir(), 'modelway-artifact-'))
  try {
    const zip = join(folder, 'artifact.zip')
    const digest = await fetchZip(download, { zip, shownAs })
    if (artifact.digest !== undefined && artifact.digest !== digest) {
      throw malformed(shownAs, `it is ${digest}, but GitHub lists ${artifact.digest}`)
    }
    await unpack({ zip, shownAs, limits, sink })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** GitHub redirects to a signed address of its storage, which must not see our token. Gives the digest. */
async function fetchZip(
  { client, artifact, limits }: Download,
  { zip, shownAs }: { readonly zip: string; readonly shownAs: string },
): Promise<string> {
  try {
    return await client.call(NEEDS, async (rest) => {
      const address = await askAddress(rest, client, artifact)
      const response = await fetch(address, { signal: AbortSignal.timeout(PATIENCE) }).catch(lost)
      if (!response.ok || response.body === null) throw refused(response)
      const hash = createHash('sha256')
      let size = 0
      const counted = async function* (chunks: AsyncIterable<Uint8Array>) {
        for await (const chunk of chunks) {
          size += chunk.length
          if (size > limits.compressed) throw tooLarge(shownAs, limits)
          hash.update(chunk)
          yield chunk
        }
      }
      await pipeline(response.body, counted, createWriteStream(zip)).catch((error: unknown) => {
        throw error instanceof UserError ? error : lost(error)
      })
      return `sha256:${hash.digest('hex')}`
    })
  } catch (error) {
    const status = error instanceof ExternalError ? error.details.status : undefined
    throw status === 404 || status === 410 ? gone(shownAs) : error
  }
}

async function askAddress(
  rest: Rest,
  { owner, repo }: GitHubClient,
  artifact: RunArtifact,
): Promise<string> {
  const answer = await rest.request(
    'GET /repos/{owner}/{repo}/actions/artifacts/{artifact_id}/{archive_format}',
    {
      ...{ owner, repo, artifact_id: artifact.id, archive_format: 'zip' },
      request: { redirect: 'manual' },
    },
  )
  const { location } = answer.headers
  if (location === undefined || !URL.canParse(location)) {
    throw malformed(JSON.stringify(artifact.name.slice(0, 100)), 'GitHub gave no address for it')
  }
  return location
}

/** In the form of Octokit's errors, which the client knows how to repeat: here a connection that failed. */
function lost(error: unknown): never {
  const reason = error instanceof Error ? error.message : String(error)
  throw Object.assign(new Error(`the artifact's storage does not answer: ${reason}`), {
    status: 500,
  })
}

function refused(response: Response): Error {
  const { status } = response
  return Object.assign(new Error(`the artifact's storage answers ${status}`), {
    ...{ status, response: { headers: {} } },
  })
}

function tooLarge(shownAs: string, { compressed }: DownloadLimits): UserError {
  return overLimit(shownAs, `is larger than ${compressed} bytes`)
}

function gone(shownAs: string): UserError {
  return new UserError({
    code: 'MW-HOST-013',
    where: `artifact ${shownAs}`,
    what: 'it has expired or was deleted.',
    fix: 'Run the workflow that uploads it again.',
  })
}

interface ArtifactAnswer {
  readonly id: number | bigint
  readonly name: string
  readonly size_in_bytes: number
  readonly digest?: string | null | undefined
  readonly expired: boolean
  readonly created_at: string | null
}

function fromAnswer(answer: ArtifactAnswer): RunArtifact {
  return {
    id: Number(answer.id),
    name: answer.name,
    size: answer.size_in_bytes,
    digest: answer.digest ?? undefined,
    expired: answer.expired,
    createdAt: answer.created_at ?? '',
  }
}
