import {
  type Clock,
  errorMessage,
  type GatewayId,
  parseCommand,
  parseInstant,
  parseRefill,
  type ResultMessage,
} from '@anju/contract'
import type { Outbox } from '../outbox/outbox.ts'

/** A refill of more than a week's presses is a mistake. */
const refillEntriesMax = 100_000

export interface CommandContext {
  readonly gateway: GatewayId
  readonly outbox: Outbox
  readonly clock: Clock
  /** A clock that lies cannot say that something has expired. */
  readonly clockSynced: () => boolean
}

/** Does what the server asks and says how it went; undefined for what is not even a command. Never throws. */
export async function obey(payload: Uint8Array, context: CommandContext): Promise<ResultMessage | undefined> {
  const parsed = parseCommand(payload)
  if (!parsed.ok) return undefined
  const { id: command, kind, expiresAt } = parsed.value
  try {
    if (context.clockSynced() && parseInstant(expiresAt) < context.clock.now())
      return fail(command, `expired at ${expiresAt}`)
    if (kind === 'refill') return await refill(command, payload, context.outbox)
    return fail(command, `unknown kind ${kind}`)
  } catch (error) {
    return fail(command, errorMessage(error))
  }
}

/** Settled events go back into their lane and are sent as any other; telemetry is not kept once the server has it. */
async function refill(command: string, payload: Uint8Array, outbox: Outbox): Promise<ResultMessage> {
  const parsed = parseRefill(payload)
  if (!parsed.ok) return fail(command, parsed.why)
  const { boot, lane, from, to } = parsed.value
  if (to < from) return fail(command, `to: ${to} is before from: ${from}`)
  const wanted = to - from + 1
  if (wanted > refillEntriesMax) return fail(command, `to: ${wanted} entries, at most ${refillEntriesMax}`)
  if (lane !== 'telemetry') await outbox.refill(lane, boot, from, to)
  const here = outbox.pendingIn(lane, boot, from, to)
  if (here === wanted) return { command, ok: true }
  const gap = outbox.notebook
    .gaps()
    .find((gap) => gap.lane === lane && gap.boot === boot && gap.from <= to && gap.to >= from)
  const why = gap ? `${gap.why}: ${gap.from}–${gap.to} were dropped` : 'no longer kept'
  return fail(command, `${wanted - here} of ${wanted} cannot be sent again: ${why}`)
}

const fail = (command: string, error: string): ResultMessage => ({ command, ok: false, error: error.slice(0, 500) })
