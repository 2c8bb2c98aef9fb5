import { PERMISSIONS } from '../../../domain/permission.js'
import { ExternalError } from '../../../errors.js'
import type { People } from '../../../ports/forge.js'
import { ifThere } from './answers.js'
import type { GitHubClient } from './client.js'

/** What people may do here. */
export function createPeople(client: GitHubClient): People {
  const { owner, repo } = client
  return {
    async permissionOf(login) {
      const answer = await ifThere(() =>
        client.call('metadata: read', (rest) =>
          rest.request('GET /repos/{owner}/{repo}/collaborators/{username}/permission', {
            ...{ owner, repo, username: login },
          }),
        ),
      )
      if (answer === undefined) return 'none'
      const { permission, role_name: role } = answer.data
      // A custom role has a name of its own; `permission` is then what it is based on.
      const known = (name: string | undefined) => PERMISSIONS.find((one) => one === name)
      return known(role) ?? known(permission) ?? 'none'
    },
    async isMember(team, login) {
      const [org = '', slug = '', ...rest] = team.split('/')
      if (org === '' || slug === '' || rest.length > 0) return false
      try {
        const answer = await client.call('members: read (of the organisation)', (octokit) =>
          octokit.request('GET /orgs/{org}/teams/{team_slug}/memberships/{username}', {
            ...{ org, team_slug: slug, username: login },
          }),
        )
        return answer.data.state === 'active'
      } catch (error) {
        // A workflow's own token may not look into an organisation, and gets 403 or 404 for members too.
        if (error instanceof ExternalError && [403, 404].includes(error.details.status ?? 0)) {
          return undefined
        }
        throw error
      }
    },
  }
}
