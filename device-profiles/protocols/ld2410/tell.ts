import { absent, reading } from '@anju/contract'
import { ByteReader } from '../../src/byte-reader.ts'
import { scanAll } from '../../src/frame-scanner.ts'
import { type Protocol, type Told, tellScanned } from '../../src/telling.ts'
import { type Ld2410Frame, ld2410Framing } from './framing.ts'

export const ld2410: Protocol = {
  name: 'ld2410',
  read: ({ bytes }) => tellScanned(scanAll(ld2410Framing, bytes), tell, `no LD2410 frame in ${bytes.length} bytes`),
}

/** Presence follows the state byte alone: the energies are not zero when nobody is there. */
function tell({ mode, target }: Ld2410Frame): Told {
  const input = new ByteReader(target)
  const state = input.u8()
  const known = state <= 3
  return {
    is: 'told',
    frame: {
      mode,
      state,
      moving: (state & 1) !== 0,
      still: (state & 2) !== 0,
      movingCm: input.u16le(),
      movingEnergy: input.u8(),
      stillCm: input.u16le(),
      stillEnergy: input.u8(),
      detectCm: input.u16le(),
    },
    readings: [
      { point: 'presence', quantity: 'presence', reading: known ? reading(state !== 0) : absent('invalid') },
      { point: 'motion', quantity: 'motion', reading: known ? reading((state & 1) !== 0) : absent('invalid') },
    ],
    events: [],
  }
}
