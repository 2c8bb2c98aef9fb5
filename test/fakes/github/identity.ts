/** Who calls, and what the call's token may do. */

export type Access = 'read' | 'write'

/** The permissions of a workflow's token that the stand-in knows, as they are written in a workflow. */
export type Permissions = Readonly<
  Partial<
    Record<
      'actions' | 'checks' | 'contents' | 'deployments' | 'issues' | 'pull-requests' | 'statuses',
      Access
    >
  >
>
export type Permission = keyof Permissions

export interface User {
  readonly login: string
  readonly id: number
  readonly type: 'User' | 'Bot'
}

/** What a workflow's GITHUB_TOKEN writes as. */
export const actionsBot: User = { login: 'github-actions[bot]', id: 41898282, type: 'Bot' }

export interface Token {
  readonly user: User
  readonly permissions: Permissions
  /** An installation's token (GITHUB_TOKEN) or a person's. */
  readonly kind: 'installation' | 'personal'
}

export const allPermissions: Permissions = {
  actions: 'write',
  checks: 'write',
  contents: 'write',
  deployments: 'write',
  issues: 'write',
  'pull-requests': 'write',
  statuses: 'write',
}

/** What a pull request from a fork gets, whatever the workflow asks for. */
export function readOnly(permissions: Permissions): Permissions {
  return Object.fromEntries(Object.keys(permissions).map((name) => [name, 'read']))
}

/** Whether a token may do one of several things; each is enough, as with comments on a pull request. */
export function allows(token: Token, needs: readonly Permission[], access: Access): boolean {
  return needs.some((need) => {
    const granted = token.permissions[need]
    return granted === 'write' || (granted === 'read' && access === 'read')
  })
}
