import type { Framing } from './frame-scanner.ts'

export interface Place {
  readonly offset: number
  readonly length: number
}

/** Where the frames of a buffer stand, in the order in which `scanAll` finds them: for a person with a capture in hand. */
export function framePlaces(framing: Framing<unknown>, bytes: Uint8Array): readonly Place[] {
  const places: Place[] = []
  for (let offset = 0; offset < bytes.byteLength; offset++) {
    const sight = framing.look(bytes.subarray(offset))
    if (sight.is !== 'frame') continue
    places.push({ offset, length: sight.length })
    offset += sight.length - 1
  }
  return places
}
