import decodeQR from 'qr/decode.js'
import { expect, test } from 'vitest'
import { qrPath } from './qr-path.ts'

const scale = 4
const quiet = 4

/** What a camera would see of it: dark squares on white, with the margin that the page leaves. */
function seen({ path, size }: ReturnType<typeof qrPath>) {
  const edge = (size + 2 * quiet) * scale
  const data = new Uint8ClampedArray(edge * edge * 4).fill(255)
  for (const [, x, y] of path.matchAll(/M(\d+) (\d+)h1v1h-1z/g))
    for (let row = 0; row < scale; row++)
      for (let column = 0; column < scale; column++) {
        const at = (((Number(y) + quiet) * scale + row) * edge + (Number(x) + quiet) * scale + column) * 4
        data.fill(0, at, at + 3)
      }
  return { width: edge, height: edge, data }
}

test.for([
  'otpauth://totp/Anju:li.na?issuer=Anju&secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&algorithm=SHA1&digits=6&period=30',
  `otpauth://totp/Anju:${'a'.repeat(64)}?issuer=Anju&secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&algorithm=SHA1&digits=6&period=30`,
])('another program reads %s from the code', (uri) => {
  expect(decodeQR(seen(qrPath(uri)))).toBe(uri)
})
