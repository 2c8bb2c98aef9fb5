import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ensureCached } from './cache.js'
import { command, tryCommand } from './command.js'

export const kafkaVersion = '4.1.1'

/** A folder of jars with the Kafka broker (KRaft), from Maven: put `<folder>/*` on the class path of `java`. */
export async function ensureKafka(): Promise<string> {
  for (const program of ['java', 'mvn']) {
    const { code } = await tryCommand(program, [program === 'java' ? '-version' : '--version'])
    if (code !== 0) throw new Error(`${program} is not installed`)
  }
  const fill = async (folder: string): Promise<void> => {
    const project = join(folder, 'project')
    await mkdir(project)
    await writeFile(join(project, 'pom.xml'), pom())
    const copy = 'dependency:copy-dependencies'
    await command('mvn', ['-q', '-B', copy, `-DoutputDirectory=${folder}`], { cwd: project })
    await rm(project, { recursive: true })
  }
  return ensureCached({ name: 'kafka', version: kafkaVersion, fill })
}

function pom(): string {
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>test</groupId>
  <artifactId>kafka</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>org.apache.kafka</groupId>
      <artifactId>kafka_2.13</artifactId>
      <version>${kafkaVersion}</version>
    </dependency>
  </dependencies>
</project>
`
}
