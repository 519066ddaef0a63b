import { createHash } from 'node:crypto'
import type { ErasureCertificate } from '@anju/contract/erasure'
import { expect, test } from 'vitest'
import { andThen, canonicalOf, sha256Of, sumOf } from './certificate.ts'
import { certificateText } from './certificate-text.ts'

const certificate: ErasureCertificate = {
  version: 1,
  id: 'e-1',
  centre: 'centre-a',
  home: 'home-1',
  requestedBy: 'resident',
  reason: 'moves\naway',
  by: { person: 'p-1', name: '周主任' },
  askedAt: '2026-03-01T08:00:00.000Z',
  erasedAt: '2026-03-01T08:00:05.000Z',
  lookedAgainAt: ['2026-03-01T08:10:05.000Z', '2026-03-02T08:10:05.000Z'],
  certifiedAt: '2026-03-02T08:10:05.000Z',
  until: '2026-03-01T08:00:00.000Z',
  erased: {
    series: 2,
    samples: 30,
    buckets: [
      { name: 'anju', values: 31 },
      { name: 'anju-5m', values: 12 },
    ],
  },
  stores: ['influxdb a:8086/ anju/anju', 'postgresql'],
  storesLeft: [],
  cameBack: { series: 0, samples: 0, buckets: [{ name: 'anju', values: 0 }] },
  kept: [
    { what: 'alarms', count: 3 },
    { what: 'backups', count: null },
  ],
}
const canonical =
  '{"askedAt":"2026-03-01T08:00:00.000Z","by":{"name":"周主任","person":"p-1"},"cameBack":{"buckets":[{"name":"anju","values":0}],"samples":0,"series":0},"centre":"centre-a","certifiedAt":"2026-03-02T08:10:05.000Z","erased":{"buckets":[{"name":"anju","values":31},{"name":"anju-5m","values":12}],"samples":30,"series":2},"erasedAt":"2026-03-01T08:00:05.000Z","home":"home-1","id":"e-1","kept":[{"count":3,"what":"alarms"},{"count":null,"what":"backups"}],"lookedAgainAt":["2026-03-01T08:10:05.000Z","2026-03-02T08:10:05.000Z"],"reason":"moves\\naway","requestedBy":"resident","stores":["influxdb a:8086/ anju/anju","postgresql"],"storesLeft":[],"until":"2026-03-01T08:00:00.000Z","version":1}'

test('a certificate has one text, in whatever order its parts come, and any change of it another sum', () => {
  expect(canonicalOf(certificate)).toBe(canonical)
  const reversed = Object.fromEntries(Object.entries(certificate).reverse()) as ErasureCertificate
  expect(canonicalOf(reversed)).toBe(canonical)
  expect(sha256Of(canonical)).toBe(createHash('sha256').update(Buffer.from(canonical)).digest('hex'))
  expect(sha256Of(canonicalOf({ ...certificate, home: 'home-2' }))).not.toBe(sha256Of(canonical))
})

test('what several stores had is told together, each with its buckets', () => {
  const other = { series: 1, samples: 5, buckets: [{ name: 'postgresql', values: 5 }] }
  expect(sumOf([certificate.erased, other])).toEqual({
    series: 3,
    samples: 35,
    buckets: [...certificate.erased.buckets, ...other.buckets],
  })
})

test('what came back at two looks is told together, bucket by bucket', () => {
  const again = {
    series: 1,
    samples: 2,
    buckets: [
      { name: 'anju-5m', values: 3 },
      { name: 'anju-1d', values: 1 },
    ],
  }
  expect(andThen(certificate.erased, again)).toEqual({
    series: 3,
    samples: 32,
    buckets: [
      { name: 'anju', values: 31 },
      { name: 'anju-5m', values: 15 },
      { name: 'anju-1d', values: 1 },
    ],
  })
})

const written = { canonical, sha256: 'abc' }

test('in English, in the home’s time, what was typed on one line, and the text that the sum is of', () => {
  expect(certificateText(certificate, written, 'en', 'Asia/Shanghai')).toBe(`Certificate of the erasure of measurements

Certificate: e-1
Centre: centre-a
Home: home-1
Requested by: the resident
Reason: moves away
Carried out by: 周主任
Asked at: 2026-03-01 16:00:00 +08:00
Erased at: 2026-03-01 16:00:05 +08:00
Certified at: 2026-03-02 16:10:05 +08:00

Everything that was measured in this home before 2026-03-01 16:00:00 +08:00 is erased from the stores below:
Stores: influxdb a:8086/ anju/anju, postgresql
2 series, 30 samples
  anju: 31 values
  anju-5m: 12 values
What had been begun before may write back what it had read, and was waited for. Checked again at: 2026-03-01 16:10:05 +08:00, 2026-03-02 16:10:05 +08:00
Nothing had come back when it was checked again.
What the home’s gateway may still send from before that time is dropped and not stored.

What is kept, and why:
- 3 alarms and how they were handled: to clear up incidents, and as the law asks
- Backups from before: they end with their own term, and whoever restores one must erase again

The SHA-256 of the text below is abc; it stands in the audit as well:
${canonical}
`)
})

test('in Chinese, and what had come back', () => {
  const cameBack = { series: 1, samples: 2, buckets: [{ name: 'anju', values: 2 }] }
  expect(certificateText({ ...certificate, cameBack }, written, 'zh-CN', 'Asia/Shanghai')).toBe(`测量数据删除证明

证明编号：e-1
服务中心：centre-a
家庭编号：home-1
提出人：居住者本人
原因：moves away
经办人：周主任
受理时间：2026-03-01 16:00:00 +08:00
删除时间：2026-03-01 16:00:05 +08:00
证明时间：2026-03-02 16:10:05 +08:00

2026-03-01 16:00:00 +08:00 之前在该家庭测得的全部数据已从下列测量数据库中删除：
测量数据库：influxdb a:8086/ anju/anju、postgresql
测量序列 2 条，测量值 30 个
  anju：31 条记录
  anju-5m：12 条记录
删除前已开始的汇总任务可能写回数据，故在其结束后复核，复核时间：2026-03-01 16:10:05 +08:00、2026-03-02 16:10:05 +08:00
复核时发现并已一并删除的后到数据：
测量序列 1 条，测量值 2 个
  anju：2 条记录
家中网关若以后再送来该时间之前的数据，将被丢弃，不再保存。

依法或因下列原因保留的内容：
- 报警及处置记录 3 件：为查明事故和履行法定留存义务而保留
- 此前的备份：按备份保存期限到期销毁，恢复备份后须再次执行本次删除

以下正文的 SHA-256 为 abc，并已记入审计记录：
${canonical}
`)
})
