import type { Reading } from '@anju/contract'
import type { SmlFile } from '../../protocols/sml/framing.ts'
import { readLists } from '../../protocols/sml/lists.ts'
import { integerAt } from '../../protocols/sml/reader.ts'
import { losesZeros, readValue } from '../../protocols/sml/values.ts'
import { electricityMeasures, isMeasured } from '../../src/electricity-measures.ts'
import { ELECTRICITY, NOW, type Register, registerAt } from '../../src/obis.ts'
import type { Decoded } from '../../src/profile.ts'

/** The first value of each code, of those that are measured. */
export function decode({ content }: SmlFile): Decoded<keyof typeof electricityMeasures> {
  const readings: Partial<Record<string, Reading>> = {}
  const read = new Set<number>()
  for (const { server, entries } of readLists(content)) {
    const shortened = losesZeros(server)
    for (const entry of entries) {
      const register = registerIn(content, entry.codeAt)
      if (!register || !isMeasured(electricityMeasures, register)) continue
      const code = codeNumber(content, entry.codeAt)
      if (read.has(code)) continue
      read.add(code)
      readings[register.point] = readValue(register, content, entry, shortened)
    }
  }
  return { readings, events: [] }
}

/** A-B:C.D.E*F, a byte each. */
function registerIn(content: Uint8Array, at: number): Register | undefined {
  if (content[at] !== ELECTRICITY || content[at + 5] !== NOW) return undefined
  return registerAt(content[at + 2] ?? 0, content[at + 3] ?? 0, content[at + 4] ?? 0)
}

/** What tells two registers apart: A and F are the same in all. */
const codeNumber = (content: Uint8Array, at: number): number => integerAt(content, at + 1, 4, false)
