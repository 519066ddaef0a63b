import type { Radar5359Frame } from '../protocols/radar-5359/framing.ts'

/** A frame of the family, as examples are written: control, command and data. */
export const frame = (control: number, command: number, ...data: number[]): Radar5359Frame => ({
  control,
  command,
  data: Uint8Array.from(data),
})
export const heartbeat = frame(0x01, 0x01, 0x0f)
