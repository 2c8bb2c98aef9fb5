import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { actionNames } from '../../../tools/action-names.js'
import { command } from '../../../tools/install/command.js'
import { type GitHubFake, startGitHub } from '../../fakes/github/start-github.js'
import { type Results, startResults } from '../../fakes/results/start-results.js'
import { toolkit } from '../toolkit.js'
import { bundleStandIns, cloneClean, makeRepository } from './repositories.js'
import { type ActResult, runAct } from './run-act.js'

const REPOSITORY = 'acme/census'
const TOKEN = 'ghs_pipeline'

/** The user's repository with its workflow, this repository at its tags, and everything that a run talks to. */
export interface CensusPipeline {
  readonly github: GitHubFake
  readonly results: Results
  /** The commit of the user's repository. */
  readonly sha: string
  pullRequest(number: number, repository?: string): Promise<ActResult>
  push(): Promise<ActResult>
  /** A copy of the repository in which a text of modelway.yml is another. */
  variant(name: string, change: readonly [from: string, to: string]): Promise<string>
  /** The repository's files with those of artifacts: `{ train: '.', drift: '.modelway' }`. */
  collect(run: ActResult, artifacts: Readonly<Record<string, string>>): Promise<string>
  close(): Promise<void>
}

export async function startCensusPipeline(azuriteDir: string): Promise<CensusPipeline> {
  const folder = await mkdtemp(join(tmpdir(), 'modelway-pipeline-'))
  const clone = await cloneClean(join(folder, 'modelway'))
  const example = join(clone, 'examples', 'census')
  const repository = await makeRepository(example, join(folder, 'census'))
  const sha = (await command('git', ['rev-parse', 'HEAD'], { cwd: repository })).trim()
  const github = await startGitHub({ repository: REPOSITORY })
  // What the jobs of the workflow ask for, all together: act has one token for all of them.
  github.addWorkflowToken(TOKEN, {
    permissions: { contents: 'read', 'pull-requests': 'write', deployments: 'write' },
  })
  github.addRef('main', sha)
  const results = await startResults({ azuriteDir })
  const localRepositories = {
    ...(await bundleStandIns(join(folder, 'stand-ins'))),
    ...Object.fromEntries(actionNames().map((name) => [`modelway-ml/modelway@${name}/v1`, clone])),
  }

  async function run(event: string, payload: object, cwd: string): Promise<ActResult> {
    const eventFile = join(folder, `${event}.json`)
    await writeFile(eventFile, JSON.stringify(payload))
    return runAct({
      ...{ cwd, event, eventFile, localRepositories },
      repo: REPOSITORY,
      workflow: '.github/workflows/pipeline.yml',
      secrets: { GITHUB_TOKEN: TOKEN },
      resultsUrl: results.url,
      githubUrl: github.url,
    })
  }

  return {
    github,
    results,
    sha,
    pullRequest: (number, cwd = repository) =>
      run('pull_request', pullRequestEvent(number, sha), cwd),
    push: () => run('push', { ref: 'refs/heads/main', after: sha }, repository),
    variant: async (name, [from, to]) => {
      const source = join(folder, `${name}-source`)
      await cp(example, source, { recursive: true })
      const file = join(source, 'modelway.yml')
      const text = await readFile(file, 'utf8')
      if (!text.includes(from)) throw new Error(`modelway.yml does not hold ${from}`)
      await writeFile(file, text.replace(from, to))
      return makeRepository(source, join(folder, name))
    },
    collect: async (result, artifacts) => {
      const target = join(folder, `run-${result.runId}`)
      await cp(example, target, { recursive: true })
      for (const [name, place] of Object.entries(artifacts)) {
        const path = join(target, place)
        await mkdir(path, { recursive: true })
        const where = { resultsUrl: results.url, runId: result.runId, folder }
        await toolkit(where, 'download', { name, path })
      }
      return target
    },
    close: async () => {
      await github.close()
      await results.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function pullRequestEvent(number: number, sha: string): object {
  const repo = { full_name: REPOSITORY }
  const pull_request = {
    number,
    head: { sha, ref: `topic-${number}`, repo },
    base: { ref: 'main', repo },
  }
  return { action: 'synchronize', number, pull_request }
}
