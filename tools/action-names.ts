import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The actions that there are: the folders of src/actions. */
export function actionNames(): readonly string[] {
  const folder = join(dirname(fileURLToPath(import.meta.url)), '..', 'src', 'actions')
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
}
