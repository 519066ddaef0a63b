import { createHash } from 'node:crypto'
import type { SamplePage } from '../archive.ts'

/** How many samples a series has, and one number for all of them in order of time. */
export interface Digest {
  readonly count: number
  /** SHA-256, hexadecimal. */
  readonly hash: string
}

const rowBytes = 8 + 1 + 8

/**
 * Of each row its instant, its reason and all bits of its value, so that a last digit that differs is seen. Minus nothing is
 * nothing: a line of text, which is how both stores are told, has no other. Where pages end changes nothing.
 */
export async function digestOf(pages: AsyncIterable<SamplePage>): Promise<Digest> {
  const hash = createHash('sha256')
  let count = 0
  for await (const { at, value, absent } of pages) {
    const bytes = new DataView(new ArrayBuffer(at.length * rowBytes))
    for (let row = 0; row < at.length; row++) {
      const why = absent[row] as number
      bytes.setFloat64(row * rowBytes, at[row] as number)
      bytes.setUint8(row * rowBytes + 8, why)
      // Adding nothing turns −0 into 0; beside a reason there is no value, whatever the column says.
      bytes.setFloat64(row * rowBytes + 9, why === 0 ? (value[row] as number) + 0 : 0)
    }
    hash.update(bytes)
    count += at.length
  }
  return { count, hash: hash.digest('hex') }
}

export const isSame = (a: Digest, b: Digest): boolean => a.count === b.count && a.hash === b.hash
