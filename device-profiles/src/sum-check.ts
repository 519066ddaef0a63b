import type { Sight } from './frame-scanner.ts'

const hex = (byte: number): string => byte.toString(16).padStart(2, '0').toUpperCase()

/**
 * The end that DL/T 645 and CJ/T 188 frames share: the sum of everything before it, modulo 256, then 16. Undefined when both
 * are right.
 * @param total the whole frame's length in bytes, sum and end byte included; all of them are there.
 */
export function wrongEnd(bytes: Uint8Array, total: number): Extract<Sight<never>, { is: 'refused' }> | undefined {
  let sum = 0
  for (let i = 0; i < total - 2; i++) sum += bytes[i] ?? 0
  const given = bytes[total - 2] ?? 0
  const end = bytes[total - 1] ?? 0
  if ((sum & 0xff) !== given)
    return { is: 'refused', reason: 'checksum', why: `sum is ${hex(sum & 0xff)}, the frame says ${hex(given)}` }
  if (end !== 0x16) return { is: 'refused', reason: 'end-byte', why: `ends in ${hex(end)}, not 16` }
  return undefined
}
