import { ExternalError } from '../../../errors.js'
import type { Registers } from '../../../ports/forge.js'
import { ifThere } from './answers.js'
import type { GitHubClient } from './client.js'
import { createRepositoryFiles } from './repository-files.js'

const FILE = 'content'
const NEEDS = 'contents: write'

/**
 * Registers are references of git outside of branches and tags (`refs/modelway/<name>`): no clone fetches them, no
 * workflow runs for them, and no page shows them. Each points to a commit of one file; a write makes a commit on top of
 * the one that was read, and GitHub moves the reference only forward, so that of two writers one is refused
 * (docs/decisions/0010-record-of-triggers.md).
 */
export function createRegisters(client: GitHubClient): Registers {
  const { owner, repo } = client
  const files = createRepositoryFiles(client)
  return {
    async read(name) {
      const found = await ifThere(() =>
        client.call('contents: read', (rest) =>
          rest.request('GET /repos/{owner}/{repo}/git/ref/{ref}', {
            ...{ owner, repo, ref: `modelway/${name}` },
          }),
        ),
      )
      if (found === undefined) return undefined
      const version = found.data.object.sha
      const bytes = await files.fileAt(version, FILE)
      return { content: new TextDecoder().decode(bytes ?? new Uint8Array()), version }
    },
    async write(name, content, version) {
      const sha = await commit(client, content, version)
      return unlessRefused(
        () =>
          version === undefined
            ? client.call(NEEDS, (rest) =>
                rest.request('POST /repos/{owner}/{repo}/git/refs', {
                  ...{ owner, repo, ref: `refs/modelway/${name}`, sha },
                }),
              )
            : client.call(NEEDS, (rest) =>
                rest.request('PATCH /repos/{owner}/{repo}/git/refs/{ref}', {
                  ...{ owner, repo, ref: `modelway/${name}`, sha, force: false },
                }),
              ),
        async () => {
          const there = await this.read(name)
          // Refused, and nobody else was faster: it would be refused for ever.
          return there === undefined ? undefined : there.version === sha
        },
      )
    },
  }
}

async function commit(
  client: GitHubClient,
  content: string,
  parent: string | undefined,
): Promise<string> {
  const { owner, repo } = client
  const tree = await client.call(NEEDS, (rest) =>
    rest.request('POST /repos/{owner}/{repo}/git/trees', {
      ...{ owner, repo, tree: [{ path: FILE, mode: '100644', type: 'blob', content }] },
    }),
  )
  const made = await client.call(NEEDS, (rest) =>
    rest.request('POST /repos/{owner}/{repo}/git/commits', {
      ...{ owner, repo, message: 'modelway: record', tree: tree.data.sha },
      parents: parent === undefined ? [] : [parent],
    }),
  )
  return made.data.sha
}

/** A write that was repeated because its answer was lost is refused the second time, though it was done. */
async function unlessRefused(
  write: () => Promise<unknown>,
  isDone: () => Promise<boolean | undefined>,
): Promise<boolean> {
  try {
    await write()
    return true
  } catch (error) {
    if (!(error instanceof ExternalError) || ![409, 422].includes(error.details.status ?? 0)) {
      throw error
    }
    const done = await isDone()
    if (done !== undefined) return done
    const { status, what } = error.details
    throw new ExternalError(
      {
        ...{ code: 'MW-HOST-031', service: 'GitHub', status, retryable: false },
        what: `the reference for the record is refused: ${what} Allow refs/modelway/, or name a file in drift.guard.record.`,
      },
      { cause: error },
    )
  }
}
