import { join } from 'node:path'
import { writeFileAtomically } from '../files/atomic.js'
import { readStatement } from '../statements/record.js'
import { statementKinds } from '../statements/statement.js'
import { page, type Section } from './page.js'
import { renderSection } from './sections/index.js'

/** Writes `report.html` into the record's folder, from all statements that are there; gives its path. */
export async function writeReport(directory: string): Promise<string> {
  const sections: Section[] = []
  for (const kind of statementKinds) {
    const recorded = readStatement(directory, kind)
    if (recorded !== undefined)
      sections.push(await renderSection(kind, recorded.statement.predicate))
  }
  const path = join(directory, 'report.html')
  writeFileAtomically(path, page('Modelway report', sections))
  return path
}
