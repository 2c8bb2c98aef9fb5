import type { Forge } from '../../../ports/forge.js'
import type { GitHubClient } from './client.js'
import { createComments } from './comments.js'
import { createCommitStatuses } from './commit-statuses.js'
import { createConversation } from './conversation.js'
import { createDispatches } from './dispatches.js'
import { createEnvironments } from './environments.js'
import { createIssues } from './issues.js'
import { createPeople } from './people.js'
import { createPullRequests } from './pull-requests.js'
import { createRegisters } from './registers.js'
import { createRepositoryFiles } from './repository-files.js'
import { createRepositoryWriter } from './repository-writer.js'
import type { Pauses } from './retry.js'
import { createRunArtifacts } from './run-artifacts.js'
import { createWorkflowRuns } from './workflow-runs.js'

export interface ForgeOptions {
  readonly client: GitHubClient
  /** Takes secrets out of everything that is written. */
  readonly hide: (text: string) => string
  readonly pauses: Pauses
}

/** GitHub as a forge, for one repository. */
export function createForge({ client, hide, pauses }: ForgeOptions): Forge {
  return {
    pulls: createPullRequests(client),
    runs: createWorkflowRuns(client),
    runArtifacts: createRunArtifacts(client),
    files: createRepositoryFiles(client),
    people: createPeople(client),
    conversation: createConversation(client, hide),
    environments: createEnvironments(client),
    statuses: createCommitStatuses(client, hide),
    issues: createIssues({ client, hide, pauses }),
    dispatches: createDispatches(client, pauses),
    registers: createRegisters(client),
    openRepository: (other = {}) => createRepositoryWriter(client.elsewhere(other)),
    commentsOn: (pullRequest) => createComments({ client, pullRequest, hide, pauses }),
  }
}
