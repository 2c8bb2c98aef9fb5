import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ensureCached } from './cache.js'
import { command, tryCommand } from './command.js'

/** The last that runs on Java 17. */
export const trinoVersion = '435'

/** Changes with the launcher. */
const LAUNCHER = 'a'

/** A folder of jars and classes with Trino and `Launch`, which starts three nodes: put `<folder>/lib/*:<folder>` on the class path. */
export async function ensureTrino(): Promise<string> {
  for (const [program, flag] of [
    ['java', '-version'],
    ['javac', '-version'],
    ['mvn', '--version'],
  ] as const) {
    const { code } = await tryCommand(program, [flag])
    if (code !== 0) throw new Error(`${program} is not installed`)
  }
  const fill = async (folder: string): Promise<void> => {
    const project = join(folder, 'project')
    const lib = join(folder, 'lib')
    await mkdir(project)
    await writeFile(join(project, 'pom.xml'), pom())
    const copy = 'dependency:copy-dependencies'
    await command('mvn', ['-q', '-B', copy, `-DoutputDirectory=${lib}`], { cwd: project })
    const source = join(project, 'Launch.java')
    await writeFile(source, launcher)
    await command('javac', ['-cp', join(lib, '*'), '-d', folder, source])
    await rm(project, { recursive: true })
  }
  return ensureCached({ name: 'trino', version: `${trinoVersion}-${LAUNCHER}`, fill })
}

function pom(): string {
  const dependencies = ['trino-main', 'trino-testing', 'trino-tpch', 'trino-memory'].map(
    (name) => `    <dependency>
      <groupId>io.trino</groupId>
      <artifactId>${name}</artifactId>
      <version>${trinoVersion}</version>
    </dependency>`,
  )
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>test</groupId>
  <artifactId>trino</artifactId>
  <version>1</version>
  <dependencies>
${dependencies.join('\n')}
  </dependencies>
</project>
`
}

/** One coordinator and two workers in one process, which exchange by HTTP; ends when its standard input does. */
const launcher = `import io.trino.plugin.memory.MemoryPlugin;
import io.trino.plugin.tpch.TpchPlugin;
import io.trino.testing.DistributedQueryRunner;
import io.trino.testing.TestingSession;
import java.util.Map;

public class Launch {
  public static void main(String[] args) throws Exception {
    DistributedQueryRunner runner =
        DistributedQueryRunner.builder(TestingSession.testSessionBuilder().build()).setNodeCount(3).build();
    runner.installPlugin(new TpchPlugin());
    runner.createCatalog("tpch", "tpch", Map.of());
    runner.installPlugin(new MemoryPlugin());
    runner.createCatalog("memory", "memory", Map.of("memory.max-data-per-node", "512MB"));
    System.out.println("READY " + runner.getCoordinator().getBaseUrl());
    System.out.flush();
    while (System.in.read() >= 0) {}
    System.exit(0);
  }
}
`
