import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { linkTo, openRecord, type Recorded } from '../../../src/statements/record.js'
import {
  createStatement,
  type InputLink,
  type StatementKind,
  type Subject,
} from '../../../src/statements/statement.js'
import type { TemporaryFolder } from '../temporary-folder.js'

export function subjectOf(folder: TemporaryFolder, name: string): Subject {
  const content = readFileSync(join(folder.path, name))
  return { name, digest: { sha256: createHash('sha256').update(content).digest('hex') } }
}

export interface StatementRequest {
  readonly kind: StatementKind
  readonly subject: readonly Subject[]
  readonly predicate?: object
  readonly inputs?: readonly InputLink[]
}

/** Writes a statement into `.modelway` of the folder. */
export function writeStatement(
  folder: TemporaryFolder,
  { kind, subject, predicate = {}, inputs = [] }: StatementRequest,
): Recorded {
  const record = openRecord(join(folder.path, '.modelway'))
  return record.write(kind, createStatement({ kind, subject, predicate, inputs }))
}

/** A record of data, training, verdict and drift over small files, every link in place. */
export function writeSmallRecord(folder: TemporaryFolder): Readonly<Record<string, Recorded>> {
  folder.write('data.csv', 'a\n1\n')
  folder.write('old.csv', 'a\n0\n')
  folder.write('model.json', '{}')
  folder.write('predictions.csv', 'id\n1\n')
  const model = [subjectOf(folder, 'model.json')]
  const of = (name: string) => ({
    path: name,
    sha256: subjectOf(folder, name).digest.sha256,
  })
  const dataset = writeStatement(folder, {
    kind: 'dataset',
    subject: [subjectOf(folder, 'data.csv')],
  })
  const training = writeStatement(folder, {
    kind: 'training',
    subject: model,
    inputs: [linkTo(dataset)],
  })
  const verdict = writeStatement(folder, {
    kind: 'verdict',
    subject: model,
    predicate: { decision: 'pass', predictions: of('predictions.csv') },
    inputs: [linkTo(training)],
  })
  const drift = writeStatement(folder, {
    kind: 'drift',
    subject: [subjectOf(folder, 'data.csv')],
    predicate: { reference: { files: [of('old.csv')] } },
    inputs: [linkTo(dataset)],
  })
  return { dataset, training, verdict, drift }
}
