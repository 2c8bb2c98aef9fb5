import { UserError } from '../../../errors.js'

export function noVersionNumber(version: string, name: string | undefined): UserError {
  return new UserError({
    code: 'MW-DEPLOY-227',
    where: `version ${JSON.stringify(version)}`,
    what:
      name === '$LATEST'
        ? '$LATEST changes with every upload, and an alias with weights takes published versions alone.'
        : `${JSON.stringify(name ?? version)} is no number of a published version.`,
    fix: 'Publish it (aws lambda publish-version), and give its number with deploy.backends.<role>.name.',
  })
}

export function otherVersion(where: string, version: string): UserError {
  return new UserError({
    code: 'MW-DEPLOY-228',
    where,
    what: `it points to version ${JSON.stringify(version)}, which is neither stable nor canary.`,
    fix: 'Name the version that users meet now with deploy.backends.stable.name.',
  })
}

export function thirdVersion(where: string, version: string): UserError {
  return new UserError({
    code: 'MW-DEPLOY-229',
    where,
    what: `it sends a part of the users to version ${JSON.stringify(version)}, which is neither stable nor canary.`,
    fix: 'End what has set these weights, such as a deployment of CodeDeploy, and give all users to stable.',
  })
}

export function brokenVersion(where: string, reason: string): UserError {
  return new UserError({
    code: 'MW-DEPLOY-230',
    where,
    what: `this version cannot be invoked: ${reason}`,
    fix: 'Mend the function, and publish a new version.',
  })
}
