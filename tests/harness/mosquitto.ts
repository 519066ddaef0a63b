import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findMosquitto } from '../prepare-machine.ts'
import { type Part, ready, startProgram } from './child.ts'
import { freePort } from './ports.ts'

export interface Mosquitto {
  readonly port: number
  readonly part: Part
  end(): Promise<void>
}

/** The system's Mosquitto on a free port, without persistence: the reference is a broker at its fastest. */
export async function aMosquitto(): Promise<Mosquitto> {
  const program = findMosquitto()
  if (!program)
    throw new Error('mosquitto is not installed: this benchmark has no reference (see tests/prepare-machine.ts)')
  const folder = mkdtempSync(join(tmpdir(), 'anju-mosquitto-'))
  const port = await freePort()
  const config = join(folder, 'mosquitto.conf')
  writeFileSync(
    config,
    [
      `listener ${port} 127.0.0.1`,
      'allow_anonymous true',
      'persistence false',
      'log_type error',
      'max_inflight_messages 0',
      'max_queued_messages 0',
      'set_tcp_nodelay true',
      '',
    ].join('\n'),
  )
  const part = startProgram('mosquitto', program, ['-c', config])
  await ready(part, 'listening', () => answers(port), 10_000)
  return {
    port,
    part,
    async end() {
      await part.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
