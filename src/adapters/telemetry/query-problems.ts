import { ExternalError, UserError } from '../../errors.js'

/** What a service calls an error of the query is the user's to mend. */
export function notEvaluated(service: string, where: string, said: string): UserError {
  return new UserError({
    code: 'MW-DEPLOY-286',
    where,
    what: `${service} cannot evaluate the query: ${said.slice(0, 500)}`,
    fix: 'Mend the query; the service itself shows what it gives.',
  })
}

export function notOneNumber(where: string): UserError {
  return new UserError({
    code: 'MW-DEPLOY-287',
    where,
    what: 'the query gives more than one number.',
    fix: 'Let it give one: the sum, or the count, of all that it is about.',
  })
}

export function notUnderstood(service: string, status: number, said: string): ExternalError {
  return new ExternalError({
    code: 'MW-DEPLOY-288',
    service,
    status,
    what: `gives an answer that is not understood: ${said}`,
    retryable: false,
  })
}

/** A service that answers by other intervals than were asked for has put requests of another time into them. */
export function otherIntervals(where: string, given: string, step: number): UserError {
  return new UserError({
    code: 'MW-DEPLOY-289',
    where,
    what: `the answer is by ${given}, and step is ${step} ms.`,
    fix: 'Set step of these signals to the length of the intervals that the service keeps, or let the query ask for it.',
  })
}

export function noCredential(service: string, variables: string): UserError {
  return new UserError({
    code: 'MW-DEPLOY-290',
    where: service,
    what: 'nothing signs in.',
    fix: `Set ${variables} in the environment of the step.`,
  })
}
