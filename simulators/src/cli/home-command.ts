import { parseArgs } from 'node:util'
import { DomainError } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import { loadDemoConfig } from '../demo/config.ts'
import { askControl, controlSocket } from '../home/control.ts'

export const homeCommands = [
  { name: 'press-sos', does: 'presses the button in the bathroom' },
  { name: 'fall', does: 'the resident falls in the living room; the radar sees it' },
  { name: 'rise', does: 'the resident gets up again' },
  { name: 'stop-meter', does: 'the meter answers no more' },
  { name: 'start-meter', does: 'the meter answers again' },
  { name: 'leave', does: 'the resident goes out for --minutes N (60)' },
  { name: 'return', does: 'the resident comes back' },
  { name: 'status', does: 'what goes on in the home' },
] as const

/** Says what happened; 0 when it did. @throws Error when no demo runs here. */
export async function homeCommand(command: string, args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { minutes: { type: 'string' } } })
  if (values.minutes !== undefined && command !== 'leave')
    throw new DomainError('config-malformed', `--minutes belongs to leave, not to ${command}`)
  if (values.minutes !== undefined && !/^\d+(\.\d+)?$/.test(values.minutes))
    throw new DomainError('config-malformed', `--minutes: "${values.minutes}" is not a number`)
  const { dataDir } = loadDemoConfig()
  const request = { do: command, ...(values.minutes !== undefined && { minutes: Number(values.minutes) }) }
  const answer = await askControl(controlSocket(dataDir, 'home'), request, systemClock).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT' && error.code !== 'ECONNREFUSED') throw error
      throw new Error(
        `no simulated home runs on ${dataDir}: start it with npm start, or set ANJU_DATA_DIR to its folder`,
      )
    },
  )
  if (answer.ok) process.stdout.write(`${answer.said}\n`)
  else process.stderr.write(`${answer.error}\n`)
  return answer.ok ? 0 : 1
}
