import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { ensureCached } from './cache.js'
import { command, tryCommand } from './command.js'

export const sparkVersion = '4.3.0'

/** The folder of Apache Spark (SPARK_HOME) with its Connect server, out of the Python package, which holds all of Spark. */
export async function ensureSpark(): Promise<string> {
  if ((await tryCommand('java', ['-version'])).code !== 0) throw new Error('java is not installed')
  const fill = async (folder: string): Promise<void> => {
    const archive = await downloadPackage(folder)
    const unpack = ['-xzf', archive, '-C', folder, '--strip-components=2']
    const wanted = ['bin', 'jars', 'sbin'].map((name) => `pyspark-${sparkVersion}/deps/${name}`)
    await command('tar', [...unpack, ...wanted])
    await rm(archive)
  }
  return ensureCached({ name: 'spark', version: sparkVersion, fill })
}

async function downloadPackage(folder: string): Promise<string> {
  const flags = ['--quiet', '--disable-pip-version-check', '--no-deps', '--no-binary', 'pyspark']
  const target = [...flags, '-d', folder, `pyspark==${sparkVersion}`]
  await command('python3', ['-m', 'pip', 'download', ...target])
  const archive = (await readdir(folder)).find((name) => name.endsWith('.tar.gz'))
  if (archive === undefined) throw new Error('The package pyspark has no archive.')
  return join(folder, archive)
}
