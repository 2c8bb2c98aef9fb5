import { randomUUID } from 'node:crypto'
import { Refused } from './refused.js'

interface Routes {
  readonly FunctionVersion: string
  readonly RoutingConfig?: { readonly AdditionalVersionWeights?: Readonly<Record<string, number>> }
  readonly RevisionId?: string
}

/** A function with published versions, and an alias of it. */
export class FakeLambda {
  readonly name = 'fraud'
  readonly alias = 'live'
  readonly versions = new Map([
    ['1', 'Active'],
    ['2', 'Active'],
    ['3', 'Active'],
  ])
  version = '1'
  weights: Readonly<Record<string, number>> = {}
  revision: string = randomUUID()
  description = 'users call this'
  /** How many updates are refused, since Lambda itself is busy with the function. */
  busy = 0

  read(): object {
    return {
      AliasArn: `arn:aws:lambda:eu-central-1:123456789012:function:${this.name}:${this.alias}`,
      Name: this.alias,
      FunctionVersion: this.version,
      Description: this.description,
      RevisionId: this.revision,
      ...(Object.keys(this.weights).length === 0
        ? {}
        : { RoutingConfig: { AdditionalVersionWeights: this.weights } }),
    }
  }

  update({ FunctionVersion: version, RoutingConfig, RevisionId }: Routes): object {
    if (this.busy > 0) {
      this.busy -= 1
      throw new Refused(
        409,
        'ResourceConflictException',
        'The operation cannot be performed at this time. An update is in progress for resource.',
      )
    }
    if (RevisionId !== undefined && RevisionId !== this.revision) {
      throw new Refused(
        412,
        'PreconditionFailedException',
        'The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id',
      )
    }
    const weights = RoutingConfig?.AdditionalVersionWeights ?? this.weights
    for (const one of [version, ...Object.keys(weights)]) this.requireVersion(one)
    if (Object.keys(weights).length > 1) {
      throw bad('Number of items in AdditionalVersionWeights cannot be greater than 1')
    }
    if (Object.hasOwn(weights, version)) {
      throw bad(`Alias can not be updated: version ${version} has the weight of the alias itself`)
    }
    if (version === '$LATEST' && Object.keys(weights).length > 0) {
      throw bad('$LATEST is not supported for an alias pointing to more than 1 version')
    }
    this.version = version
    this.weights = weights
    this.revision = randomUUID()
    return this.read()
  }

  configuration(qualifier: string): object {
    this.requireVersion(qualifier)
    const State = this.versions.get(qualifier) ?? 'Active'
    return {
      FunctionName: this.name,
      Version: qualifier,
      State,
      ...(State === 'Failed' ? { StateReason: 'The image of the version was deleted.' } : {}),
    }
  }

  /** Which version a request meets. */
  serve(point: number): string {
    let from = 0
    for (const [version, weight] of Object.entries(this.weights)) {
      from += weight
      if (point < from) return version
    }
    return this.version
  }

  private requireVersion(version: string): void {
    if (version === '$LATEST' || this.versions.has(version)) return
    throw new Refused(
      404,
      'ResourceNotFoundException',
      `Function not found: ${this.name}:${version}`,
    )
  }
}

const bad = (message: string) => new Refused(400, 'InvalidParameterValueException', message)
