import { setTimeout as sleep } from 'node:timers/promises'

/** Waits until no executor works at anything, as nothing does for so long that a stage which is submitted late would show. */
export async function noTasks(server: { tasks(): Promise<number> }): Promise<void> {
  let quiet = 0
  for (let i = 0; i < 60 && quiet < 5; i++) {
    await sleep(300)
    quiet = (await server.tasks()) === 0 ? quiet + 1 : 0
  }
  if (quiet < 5) throw new Error(`${await server.tasks()} tasks go on`)
}
