import { type Clock, classOf, type DeviceId, type EventPhase, errorMessage, type PlacementId } from '@anju/contract'
import type { Outbox } from '../outbox/outbox.ts'
import type { Device, LinkState, Log } from '../ports.ts'
import type { Line } from '../serial-line/line.ts'
import type { Pipeline } from './pipeline.ts'

/**
 * Turns the state of a line into what the centre must know: absent points and one technical event at each loss, and its
 * return. The centre folds the losses of a loose plug into one alarm, which closes itself when the line is back.
 */
export function watchLine(
  line: Line,
  devices: readonly Device[],
  { pipeline, outbox, clock, log }: { pipeline: Pipeline; outbox: Outbox; clock: Clock; log: Log },
): void {
  const key = `line:${line.id}`
  let raised = outbox.state(key) === 'raised'
  let down = false

  const failed = (error: unknown) =>
    log.error({ line: line.id, why: errorMessage(error) }, 'the line could not be reported')
  function say(phase: EventPhase, why: string | undefined): void {
    raised = phase === 'raised'
    const event = {
      type: 'line-down' as const,
      class: classOf('line-down'),
      phase,
      // A line is nobody's placement: it stands for itself.
      placement: line.id as PlacementId,
      device: line.id as DeviceId,
      heard: { at: clock.now(), mono: clock.monotonic() },
      ...(why !== undefined && { snapshot: { why } }),
    }
    outbox.append({ events: [event], states: { [key]: raised ? 'raised' : 'well' } }).catch((error: unknown) => {
      raised = !raised
      failed(error)
    })
  }

  line.onState((state: LinkState) => {
    if (state.state === 'down') {
      if (!down) pipeline.suspend(devices).catch(failed)
      down = true
      // Told of each try to open it: what a full disk did not take is said again.
      if (!raised) say('raised', state.why)
    }
    // Open, and nothing on it makes sense: a cut wire or a wrong speed is one fault, told before each device is silent of its own.
    if (state.state === 'degraded' && !raised) say('raised', state.why)
    if (state.state !== 'up') return
    if (down) pipeline.resume(devices)
    down = false
    if (raised) say('returned', undefined)
  })
}
