import { instant, seconds } from '@anju/contract'
import { VirtualClock } from '@anju/contract/virtual-clock'
import { expect, test } from 'vitest'
import { readInTime } from './read-in-time.ts'

const clock = () => new VirtualClock(instant(0))

/** Pieces without end, and whether whoever makes them was told that nobody wants more. */
function endless() {
  const source = {
    ended: false,
    async *pieces(): AsyncGenerator<string> {
      try {
        for (let n = 0; ; n++) yield `${n}\n`
      } finally {
        source.ended = true
      }
    },
  }
  return source
}

test('who reads on, however slowly, is read for', async () => {
  const time = clock()
  const body = readInTime(endless().pieces(), seconds(60), time)
  const read: string[] = []
  const reader = body[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  for (let n = 0; n < 10; n++) {
    read.push(String((await reader.next()).value))
    await time.pass(seconds(59))
  }
  expect(read.join('')).toBe('0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n')
  expect(body.destroyed).toBe(false)
  body.destroy()
})

test('who stops reading is ended, and so is what was written for them', async () => {
  const time = clock()
  const source = endless()
  const body = readInTime(source.pieces(), seconds(60), time)
  const failed = new Promise<Error>((resolve) => body.once('error', resolve))
  const reader = body[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  await reader.next()
  await time.pass(seconds(60))
  expect(await failed).toMatchObject({ code: 'overloaded', message: 'nobody read on for 60 s' })
  expect(source.ended).toBe(true)
})

test('a source that takes its time is waited for', async () => {
  const time = clock()
  const gate = Promise.withResolvers<void>()
  async function* pieces() {
    yield 'first'
    await gate.promise
    yield 'second'
  }
  const body = readInTime(pieces(), seconds(60), time)
  const all = Array.fromAsync(body, String)
  await time.pass(seconds(300))
  gate.resolve()
  expect((await all).join(' ')).toBe('first second')
})
