import { fork } from 'node:child_process'
import { join } from 'node:path'
import { nodePath } from '../harness/child.ts'
import type { RawCredentials } from '../harness/raw-mqtt.ts'
import { repositoryRoot } from '../harness/root.ts'
import type { RunningServer } from '../harness/server.ts'
import type { Done, Order } from './load-worker.ts'

/** The handle of a load process: one order at a time. */
export interface Load {
  readonly pid: number
  order(order: Order): Promise<Done>
  end(): void
}

export function aLoad(): Load {
  const child = fork(join(repositoryRoot, 'tests/bench/load-worker.ts'), [], { execPath: nodePath, stdio: 'inherit' })
  process.once('exit', () => child.kill('SIGKILL'))
  return {
    pid: child.pid ?? 0,
    order(order) {
      return new Promise((resolve, reject) => {
        const ended = () => reject(new Error('the load process ended'))
        child.once('exit', ended)
        child.once('message', (answer: { done?: Done; error?: string }) => {
          child.off('exit', ended)
          if (answer.done) resolve(answer.done)
          else reject(new Error(`load: ${answer.error}`))
        })
        child.send(order)
      })
    },
    end: () => child.kill(),
  }
}

const registeringAtOnce = 8

/** Registers gateways the way an installer does; their credentials are what the server answered. */
export async function manyGateways(server: RunningServer, count: number): Promise<RawCredentials[]> {
  const installer = await server.logIn('installer')
  const serials = Array.from({ length: count }, (_, index) => `BENCH-${String(index).padStart(5, '0')}`)
  const made: RawCredentials[] = []
  const register = async () => {
    for (let serial = serials.pop(); serial; serial = serials.pop()) {
      const { id, mqtt } = await installer.registerGateway(serial)
      made.push({ clientId: id, username: mqtt.username, password: mqtt.password })
    }
  }
  await Promise.all(Array.from({ length: registeringAtOnce }, register))
  return made
}
