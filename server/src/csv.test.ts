import { DomainError } from '@anju/contract'
import { expect, test } from 'vitest'
import { type CsvItem, headingKey, readCsv } from './csv.ts'

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}
async function read(given: string | Uint8Array, size = 7) {
  const csv = readCsv(inPieces(typeof given === 'string' ? Buffer.from(given) : given, size))
  const items: CsvItem[] = []
  for await (const some of csv.items) items.push(...some)
  return { items, encoding: csv.encoding }
}
const row = (line: number, ...cells: string[]): CsvItem => ({ is: 'row', line, cells })
const broken = (line: number, why: 'quote' | 'too-long' = 'quote'): CsvItem => ({ is: 'broken', line, why })

/** 王秀梅,杭州 in GBK. */
const GBK = Uint8Array.of(0xcd, 0xf5, 0xd0, 0xe3, 0xc3, 0xb7, 0x2c, 0xba, 0xbc, 0xd6, 0xdd, 0x0a)

test.for([1, 2, 3, 1000])('UTF-8 with a mark, in pieces of %i bytes', async (size) => {
  expect(await read('\uFEFF姓名,地址\r\n王秀梅,杭州\r\n', size)).toEqual({
    encoding: 'utf-8',
    items: [row(1, '姓名', '地址'), row(2, '王秀梅', '杭州')],
  })
})
test.for([1, 3, 1000])('GBK, in pieces of %i bytes, also after a long start in ASCII', async (size) => {
  const ascii = Buffer.from('a,b\n'.repeat(3_000))
  const { items, encoding } = await read(Buffer.concat([ascii, GBK]), size)
  expect(encoding).toBe('gb18030')
  expect(items.at(-1)).toEqual(row(3_001, '王秀梅', '杭州'))
})
test('a byte that is wrong in UTF-8 spoils its own cell only', async () => {
  const bytes = Buffer.concat([
    Buffer.from(`${'王秀梅,1\n'.repeat(1_000)}x`),
    Uint8Array.of(0xff),
    Buffer.from(',2\n陈,3'),
  ])
  const { items, encoding } = await read(bytes, 512)
  expect(encoding).toBe('utf-8')
  expect(items.slice(-2)).toEqual([row(1_001, 'x\uFFFD', '2'), row(1_002, '陈', '3')])
})

test.for([
  [
    'quotes, doubled quotes and commas in them',
    'a,"b,c"\n"say ""hi""",d',
    [row(1, 'a', 'b,c'), row(2, 'say "hi"', 'd')],
  ],
  ['line breaks in a cell; the next row keeps its line', 'a,"b\r\nc"\r\nd,e', [row(1, 'a', 'b\nc'), row(3, 'd', 'e')]],
  ['empty lines', '\r\na,b\r\n\r\n  \r\nc,d\r\n\r\n', [row(2, 'a', 'b'), row(5, 'c', 'd')]],
  ['rows of other lengths', 'a,b\nc\nd,e,f', [row(1, 'a', 'b'), row(2, 'c'), row(3, 'd', 'e', 'f')]],
  [
    'a mark in the middle of a cell',
    'a,b\nc,d"e\nf,g\nh,i',
    [row(1, 'a', 'b'), broken(2), row(3, 'f', 'g'), row(4, 'h', 'i')],
  ],
  ['text after a closing mark', 'a,"b"c\nd,e', [broken(1), row(2, 'd', 'e')]],
  [
    'a mark that is never closed',
    'a,"b\nc,d\ne,"f"\ng,h',
    [broken(1), row(2, 'c', 'd'), row(3, 'e', 'f'), row(4, 'g', 'h')],
  ],
  [
    'two stray marks with sound rows between',
    'a,b"\nc,d\n"e,f\ng,h',
    [broken(1), row(2, 'c', 'd'), broken(3), row(4, 'g', 'h')],
  ],
] as const)('%s', async ([, text, items]) => {
  expect((await read(text)).items).toEqual(items)
  expect((await read(text, 1_000)).items).toEqual(items)
})

test('a mark that is never closed costs its own row, in a file of thousands', async () => {
  const lines = Array.from({ length: 2_000 }, (_, index) => (index === 700 ? 'x,"y' : `${index},"b"`))
  const { items } = await read(lines.join('\n'), 4_096)
  expect(items.filter(({ is }) => is === 'broken')).toEqual([broken(701)])
  expect(items).toHaveLength(2_000)
})

test('a line without end is broken, and is not kept', async () => {
  expect((await read(`a,b\n${'x'.repeat(200_000)}\nc,d`, 5_000)).items).toEqual([
    row(1, 'a', 'b'),
    broken(2, 'too-long'),
    row(3, 'c', 'd'),
  ])
})

test.for([
  [Uint8Array.of(0xff, 0xfe, 0x61, 0x00), /UTF-16/],
  [Uint8Array.of(0x50, 0x4b, 0x03, 0x04, 0x14), /xlsx/],
] as const)('what is no list of text is refused: %j', async ([bytes, why]) => {
  const reading = read(bytes)
  await expect(reading).rejects.toThrow(DomainError)
  await expect(reading).rejects.toThrow(why)
})

test('headings as people write them', () => {
  expect(['External_Ref', ' external ref ', 'EXTERNAL-REF', '联系人１ 距离（米）'].map(headingKey)).toEqual([
    'externalref',
    'externalref',
    'externalref',
    '联系人1距离米',
  ])
})
