import type { BlobStore } from './blob-store.js'
import { known, type Message, optionalText, type Service, TwirpError, text } from './twirp.js'

export interface StoredArtifact {
  readonly id: number
  readonly runId: string
  readonly jobId: string
  readonly name: string
  readonly blob: string
  readonly mimeType: string | undefined
  readonly createdAt: string
  readonly size: number
  readonly digest: string | undefined
  /** An artifact that was created and not finalised is seen by nobody. */
  readonly finalized: boolean
}

const run = 'workflow_run_backend_id'
const job = 'workflow_job_run_backend_id'

/** Protocol version 4 and later of artifacts (the service that actions/upload-artifact@v4 speaks to). */
export class Artifacts {
  readonly stored: StoredArtifact[] = []
  private readonly blobs: BlobStore
  private ids = 0

  constructor(blobs: BlobStore) {
    this.blobs = blobs
  }

  service(): Service {
    return {
      CreateArtifact: (request) => this.create(request),
      FinalizeArtifact: (request) => this.finalize(request),
      ListArtifacts: (request) => this.list(request),
      GetSignedArtifactURL: (request) => this.sign(request),
      DeleteArtifact: (request) => this.remove(request),
    }
  }

  private create(request: Message): Message {
    known(request, [run, job, 'name', 'expires_at', 'version', 'mime_type'])
    const [runId, name] = [text(request, run), text(request, 'name')]
    if (this.find(runId, name) !== undefined) {
      const message = 'an artifact with this name already exists on the workflow run'
      throw new TwirpError('already_exists', message)
    }
    this.ids += 1
    const artifact: StoredArtifact = {
      id: this.ids,
      runId,
      jobId: text(request, job),
      name,
      blob: `artifacts/${this.ids}`,
      mimeType: optionalText(request, 'mime_type'),
      createdAt: new Date().toISOString(),
      size: 0,
      digest: undefined,
      finalized: false,
    }
    this.stored.push(artifact)
    return { ok: true, signed_upload_url: this.blobs.signedUrl(artifact.blob, 'cw') }
  }

  private async finalize(request: Message): Promise<Message> {
    known(request, [run, job, 'name', 'size', 'hash'])
    const artifact = this.require(request, false)
    const measured = await this.blobs.measure(artifact.blob)
    if (measured === undefined) throw new TwirpError('invalid_argument', 'nothing was uploaded')
    const size = Number(text(request, 'size'))
    const digest = optionalText(request, 'hash')
    if (measured.size !== size || (digest ?? measured.digest) !== measured.digest) {
      const message = `uploaded: ${measured.size} ${measured.digest}; said: ${size} ${digest}`
      throw new TwirpError('invalid_argument', message)
    }
    this.stored[this.stored.indexOf(artifact)] = { ...artifact, size, digest, finalized: true }
    return { ok: true, artifact_id: String(artifact.id) }
  }

  private list(request: Message): Message {
    known(request, [run, job, 'name_filter', 'id_filter'])
    const runId = text(request, run)
    const name = optionalText(request, 'name_filter')
    const id = optionalText(request, 'id_filter')
    const found = this.stored.filter(
      (artifact) =>
        artifact.finalized &&
        artifact.runId === runId &&
        (name === undefined || artifact.name === name) &&
        (id === undefined || String(artifact.id) === id),
    )
    return { artifacts: found.map(listed) }
  }

  private sign(request: Message): Message {
    known(request, [run, job, 'name'])
    return { signed_url: this.blobs.signedUrl(this.require(request, true).blob, 'r') }
  }

  private async remove(request: Message): Promise<Message> {
    known(request, [run, job, 'name'])
    const artifact = this.require(request, true)
    this.stored.splice(this.stored.indexOf(artifact), 1)
    await this.blobs.remove(artifact.blob)
    return { ok: true, artifact_id: String(artifact.id) }
  }

  private find(runId: string, name: string): StoredArtifact | undefined {
    return this.stored.find((artifact) => artifact.runId === runId && artifact.name === name)
  }

  private require(request: Message, finalized: boolean): StoredArtifact {
    const artifact = this.find(text(request, run), text(request, 'name'))
    if (artifact?.finalized === finalized) return artifact
    throw new TwirpError('not_found', `artifact ${text(request, 'name')} not found`)
  }
}

function listed(artifact: StoredArtifact): Message {
  return {
    [run]: artifact.runId,
    [job]: artifact.jobId,
    database_id: String(artifact.id),
    name: artifact.name,
    size: String(artifact.size),
    created_at: artifact.createdAt,
    ...(artifact.digest === undefined ? {} : { digest: artifact.digest }),
  }
}
