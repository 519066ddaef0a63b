import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { ImportReport } from '@anju/contract/import-report'
import { percentile } from '../bench/figures.ts'
import { repositoryRoot } from '../harness/root.ts'
import { aServer, type RunningServer, temporaryFolder } from '../harness/server.ts'
import { aHandGateway } from '../harness/uplink.ts'
import { Expectations, type Observation, rounded, type Scale } from './observation.ts'

const rowCount = { short: 3_000, full: 100_000 } as const satisfies Record<Scale, number>
const secondsMax = 60
/** Beside an import a press is still received at once. */
const pressP99MsMax = 1_000
const badEvery = 100

export const householdImport: Observation = {
  id: 'import-households',
  what: 'a list of 100,000 households, one in a hundred wrong: every bad row named, the rest in within a minute, presses answered meanwhile, the same list again changes nothing',
  async run(scale, say) {
    const expect = new Expectations()
    const count = rowCount[scale]
    const folder = temporaryFolder('anju-import')
    const file = join(folder, 'households.csv')
    const server = await aServer()
    try {
      await server.cluster.query(
        `insert into area (code, name, level, valid_from)
         select '330106' || lpad(n::text, 3, '0') || '000', 'Street ' || n, 'street', '2000-01-01' from generate_series(1, 40) as n`,
      )
      const bad = await writeList(file, count)
      say(`${count} rows, ${bad.length} of them bad`)
      const dry = await imported(server, file, ['--dry-run'])
      const wrongLines = dry.report.problems.map(({ line }) => line)
      expect.that(same(wrongLines, bad), `the dry run named ${wrongLines.length} bad rows of ${bad.length}, or others`)
      expect.that((await homes(server)) === 0, 'the dry run wrote homes')
      say(`dry run ${dry.tookS.toFixed(1)} s`)

      const pressing = presses(server)
      const first = await imported(server, file)
      const pressMs = await pressing.stop()
      say(`import ${first.tookS.toFixed(1)} s, ${pressMs.length} presses meanwhile`)
      const good = count - bad.length
      const { created, changed, bad: leftOut } = first.report
      expect.that(created === good && changed === 0, `created ${created}, changed ${changed}`)
      expect.that(leftOut === bad.length, `left out ${leftOut}`)
      expect.that((await homes(server)) === good, `${await homes(server)} homes of ${good}`)
      expect.that(first.tookS <= secondsMax, `the import took ${first.tookS.toFixed(1)} s`)
      const p99 = percentile(pressMs, 0.99)
      expect.that(p99 <= pressP99MsMax, `a press waited ${p99.toFixed(0)} ms until it was committed`)

      const again = await imported(server, file)
      say(`again ${again.tookS.toFixed(1)} s`)
      expect.that(
        again.report.created + again.report.changed === 0 && again.report.unchanged === good,
        `the second run created ${again.report.created} and changed ${again.report.changed}`,
      )
      return {
        figures: {
          rows: count,
          'bad rows, all named': bad.length,
          'dry run s': rounded(dry.tookS),
          'import s': rounded(first.tookS),
          'rows a second': Math.round(count / first.tookS),
          'the same list again s': rounded(again.tookS),
          'changes of the second run': again.report.created + again.report.changed,
          'presses meanwhile': pressMs.length,
          'press to PUBACK, after its commit, p50 ms': rounded(percentile(pressMs, 0.5)),
          'press to PUBACK, after its commit, p99 ms': rounded(p99),
        },
        wrong: expect.wrong,
      }
    } finally {
      await server.end()
      await rm(folder, { recursive: true, force: true })
    }
  },
}

const same = (a: readonly number[], b: readonly number[]) =>
  a.length === b.length && a.every((one, index) => one === b[index])

async function homes(server: RunningServer): Promise<number> {
  const rows = await server.cluster.query<{ count: number }>(
    'select count(*)::int as count from home where external_ref is not null',
  )
  return rows[0]?.count ?? -1
}

/** The command as an administrator runs it, against the database of a running server. */
async function imported(
  server: RunningServer,
  file: string,
  more: readonly string[] = [],
): Promise<{ report: ImportReport; tookS: number }> {
  const from = performance.now()
  const args = ['server/dist/main.js', 'import', 'households', file, '--centre', 'demo-centre', '--json', ...more]
  const child = spawn(process.execPath, args, {
    cwd: repositoryRoot,
    env: { ...process.env, DATABASE_URL: server.cluster.appUrl, ANJU_DATA_DIR: server.dataDir, ANJU_DEMO: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const pieces: Buffer[] = []
  child.stdout.on('data', (piece: Buffer) => pieces.push(piece))
  await once(child, 'close')
  const text = Buffer.concat(pieces).toString()
  if (child.exitCode !== 0 && child.exitCode !== 1) throw new Error(`the import ended with ${child.exitCode}: ${text}`)
  return { report: JSON.parse(text) as ImportReport, tookS: (performance.now() - from) / 1_000 }
}

/** Presses one after the other until it is stopped, and how long each waited until it was committed. */
function presses(server: RunningServer): { stop(): Promise<number[]> } {
  const stopped = new AbortController()
  const took: number[] = []
  const pressing = (async () => {
    const gateway = await aHandGateway(await (await server.logIn('installer')).registerGateway('TEST-IMPORT', 'home-1'))
    try {
      for (let n = 0; !stopped.signal.aborted; n++) {
        const from = performance.now()
        await gateway.event({ placement: `place-${n % 50}` })
        took.push(performance.now() - from)
      }
    } finally {
      await gateway.close()
    }
  })()
  return {
    async stop() {
      stopped.abort()
      await pressing
      return took
    },
  }
}

const HEADINGS =
  '编号,地址,区划代码,姓名,出生日期,称呼,风险等级,类别,病史,语言,听力,独居,进门方式,到达说明,纬度,经度,' +
  [1, 2, 3].map((n) => `联系人${n}姓名,联系人${n}关系,联系人${n}电话,联系人${n}持钥匙,联系人${n}距离(米)`).join(',')
const FAMILY = '赵钱孙李周吴郑冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜'
const GIVEN = '秀英桂兰玉珍淑芳凤琴素梅建国志强德明福生永康春华秋月'
const pick = (from: string, n: number) => from[n % from.length] ?? ''
const person = (n: number) => pick(FAMILY, n * 7) + pick(GIVEN, n * 11) + pick(GIVEN, Math.floor(n / 24) + 5)
const phone = (n: number) => `13${String(100_000_000 + n).padStart(9, '0')}`
const area = (n: number) => `330106${String(1 + (n % 40)).padStart(3, '0')}000`

/** Every hundredth row is wrong, each in another way than the one before. */
const SPOILED: readonly ((cells: string[]) => string)[] = [
  (cells) => cells.with(1, '').join(','),
  (cells) => cells.with(2, '33010600101').join(','),
  (cells) => cells.with(2, '330106999000').join(','),
  (cells) => cells.with(4, '1943-02-30').join(','),
  (cells) => cells.with(6, '中').join(','),
  (cells) => cells.with(8, '=1+1').join(','),
  (cells) => cells.with(14, '').join(','),
  (cells) => cells.with(18, '不详').join(','),
  (cells) => cells.slice(0, -1).join(','),
  (cells) => cells.with(7, '独"居').join(','),
]

/** @returns the lines that are bad. */
async function writeList(file: string, count: number): Promise<number[]> {
  const out = createWriteStream(file)
  const bad: number[] = []
  out.write(`\uFEFF${HEADINGS}\r\n`)
  for (let n = 0; n < count; n++) {
    const cells = [
      `H-${n}`,
      `望江路 ${n % 900} 号 ${n % 30} 幢 ${1 + (n % 4)} 单元 ${101 + (n % 20) * 100} 室`,
      area(n),
      person(n),
      `19${30 + (n % 25)}-0${1 + (n % 9)}-1${n % 9}`,
      `${pick(FAMILY, n * 7)}老师`,
      ['高风险', '一般', '特殊困难'][n % 3] ?? '',
      '独居;高龄',
      '"慢阻肺，家用制氧机;服用抗凝药"',
      '四川话',
      n % 5 === 0 ? '左耳较弱' : '',
      '是',
      `门禁 ${1000 + (n % 9000)}#`,
      '西门进，左侧电梯',
      (30 + (n % 1000) / 10_000).toFixed(4),
      (120 + (n % 1000) / 10_000).toFixed(4),
      ...[0, 1, 2].flatMap((slot) => [
        person(n + slot + 1),
        ['儿子', '邻居', '女儿'][slot] ?? '',
        phone(n * 3 + slot),
        slot === 1 ? '是' : '否',
        String(50 + slot * 700),
      ]),
    ]
    const isBad = n % badEvery === badEvery - 1
    if (isBad) bad.push(n + 2)
    const line = isBad ? SPOILED[Math.floor(n / badEvery) % SPOILED.length]?.(cells) : cells.join(',')
    if (!out.write(`${line}\r\n`)) await once(out, 'drain')
  }
  out.end()
  await once(out, 'finish')
  return bad
}
