import { absent, reading } from '@anju/contract'
import { ByteReader } from '../../src/byte-reader.ts'
import { scanAll } from '../../src/frame-scanner.ts'
import { type Protocol, type Told, tellScanned } from '../../src/telling.ts'
import { tellCommand } from './commands.ts'
import { type Ld2410Frame, ld2410Framing } from './framing.ts'

export const ld2410: Protocol = {
  name: 'ld2410',
  read: ({ bytes }) => tellScanned(scanAll(ld2410Framing, bytes), tell, `no LD2410 frame in ${bytes.length} bytes`),
}

function tell(frame: Ld2410Frame): Told {
  if ('target' in frame) return tellReport(frame.mode, frame.target)
  const words = tellCommand(frame.command, frame.data, frame.result)
  return { is: 'told', frame: { mode: frame.mode, ...words }, readings: [], events: [] }
}

/** 4 to 6 are the LD2410C measuring its background noise: bits as of a target, and no target. */
const CALIBRATING = new Set([4, 5, 6])

/** Presence follows the state byte alone: the energies are not zero when nobody is there. */
function tellReport(mode: 'basic' | 'engineering', target: Uint8Array): Told {
  const input = new ByteReader(target)
  const state = input.u8()
  const known = state <= 3
  const unknown = absent(CALIBRATING.has(state) ? 'warming-up' : 'invalid')
  return {
    is: 'told',
    frame: {
      mode,
      state,
      moving: known && (state & 1) !== 0,
      still: known && (state & 2) !== 0,
      movingCm: input.u16le(),
      movingEnergy: input.u8(),
      stillCm: input.u16le(),
      stillEnergy: input.u8(),
      detectCm: input.u16le(),
      ...gatesOf(input),
    },
    readings: [
      { point: 'presence', quantity: 'presence', reading: known ? reading(state !== 0) : unknown },
      { point: 'motion', quantity: 'motion', reading: known ? reading((state & 1) !== 0) : unknown },
    ],
    events: [],
  }
}

/** Engineering mode: what each gate of distance receives, then what the model adds (light, the level of its OUT pin). */
function gatesOf(input: ByteReader): Record<string, unknown> {
  if (input.left < 2) return {}
  const [maxMovingGate, maxStillGate] = [input.u8(), input.u8()]
  if (input.left < maxMovingGate + maxStillGate + 2) return { maxMovingGate, maxStillGate }
  const movingEnergies = [...input.bytes(maxMovingGate + 1)]
  const stillEnergies = [...input.bytes(maxStillGate + 1)]
  const added = input.left === 2 ? { light: input.u8(), outPin: input.u8() } : {}
  return { maxMovingGate, maxStillGate, movingEnergies, stillEnergies, ...added }
}
