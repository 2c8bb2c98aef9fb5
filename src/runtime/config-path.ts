import { statSync } from 'node:fs'
import { dirname, isAbsolute, join, relative, sep } from 'node:path'

/**
 * Path of a file in its repository, with `/`; undefined for one outside of `cwd`, where the run began. The repository may be
 * checked out in a folder of `cwd`: where git's own folder is, its top is. The `.git` file of a submodule marks none, since a
 * change itself can say what is a submodule.
 */
export function inRepository(cwd: string, path: string): string | undefined {
  for (let top = dirname(path); below(cwd, top) !== undefined; top = dirname(top)) {
    if (statSync(join(top, '.git'), { throwIfNoEntry: false })?.isDirectory() === true)
      return below(top, path)
  }
  return below(cwd, path)
}

function below(folder: string, path: string): string | undefined {
  const found = relative(folder, path)
  const outside = found === '' || isAbsolute(found) || found.split(sep)[0] === '..'
  return outside ? undefined : found.split(sep).join('/')
}
