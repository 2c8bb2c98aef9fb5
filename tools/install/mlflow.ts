import { join } from 'node:path'
import { ensureCached } from './cache.js'
import { command } from './command.js'
import { pipInstall } from './packages.js'

export const mlflowVersion = '3.17.2'

/** A folder of Python packages with the MLflow server: put it on PYTHONPATH, and run `python3 -m mlflow`. */
export function ensureMlflow(): Promise<string> {
  const fill = async (folder: string): Promise<void> => {
    await pipInstall(folder, `mlflow==${mlflowVersion}`, { dependencies: true })
    // Without compiled files each start of the server takes half a minute.
    await command('python3', ['-m', 'compileall', '-q', '-j', '2', join(folder)])
  }
  return ensureCached({ name: 'mlflow', version: mlflowVersion, fill })
}
