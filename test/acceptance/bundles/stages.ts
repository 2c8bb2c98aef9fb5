import { type ActionName, Project, pipeline, runStep } from './bundle.js'

/** The project as it is before and after each action up to register-model, made once: tests take copies. */
export class Stages {
  readonly #stages: ReadonlyMap<string, Project>

  private constructor(stages: ReadonlyMap<string, Project>) {
    this.#stages = stages
  }

  static async make(): Promise<Stages> {
    const stages = new Map<string, Project>()
    const project = new Project()
    for (const action of pipeline.slice(0, pipeline.indexOf('deploy-canary'))) {
      stages.set(`before ${action}`, project.copy())
      const { code, stdout } = await runStep(action, { project })
      if (code !== 0) throw new Error(`${action} ended with ${code}: ${stdout}`)
      stages.set(`after ${action}`, project.copy())
    }
    project.remove()
    return new Stages(stages)
  }

  before(action: ActionName): Project {
    return this.#copy(action === 'deploy-canary' ? 'after register-model' : `before ${action}`)
  }

  after(action: ActionName): Project {
    return this.#copy(`after ${action}`)
  }

  #copy(name: string): Project {
    const stage = this.#stages.get(name)
    if (stage === undefined) throw new Error(`there is no stage ${name}`)
    return stage.copy()
  }
}
