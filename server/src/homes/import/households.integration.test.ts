import { type CentreId, DomainError, type PersonId, type SessionId } from '@anju/contract'
import type { ImportReport } from '@anju/contract/import-report'
import { systemClock } from '@anju/contract/system-clock'
import { systemRandom } from '@anju/contract/system-random'
import { ulid } from 'ulid'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { freshDatabase, type TestDatabase } from '../../../../tests/harness/postgres.ts'
import { openDatabase } from '../../database/database.ts'
import type { Actor, Database } from '../../ports.ts'
import { importHouseholds } from './households.ts'

const quiet = { info: () => undefined, warn: () => undefined }
const SYSTEM: Actor = { kind: 'system', part: 'import' }
const supervisor = (centre: string): Actor => ({
  kind: 'person',
  person: 'boss' as PersonId,
  name: 'boss',
  session: 's' as SessionId,
  role: 'supervisor',
  centre: centre as CentreId,
})

let store: TestDatabase
let database: Database
beforeAll(async () => {
  store = await freshDatabase()
  database = openDatabase({ url: store.url, clock: systemClock, random: systemRandom, log: quiet })
  await store.sql(`insert into centre values ('east', 'East'), ('west', 'West')`)
  await store.sql(
    `insert into area (code, name, level, valid_from, valid_to, became) values
       ('330106001000', '望江街道', 'street', '2000-01-01', null, null),
       ('330106001012', '清江社区', 'community', '2000-01-01', null, null),
       ('330106001013', '旧社区', 'community', '2000-01-01', '2020-01-01', '330106001012')`,
  )
})
afterAll(async () => {
  await database.close()
  await store.drop()
})
beforeEach(() => store.sql(`truncate way, contact, resident, home_area, home cascade`))

async function* bytes(text: string | Uint8Array): AsyncGenerator<Uint8Array> {
  yield typeof text === 'string' ? Buffer.from(text) : text
}
const run = (
  text: string | Uint8Array,
  { centre = 'east', actor = SYSTEM, dryRun = false }: { centre?: string; actor?: Actor; dryRun?: boolean } = {},
): Promise<ImportReport> =>
  importHouseholds(
    { database, clock: systemClock, newId: () => ulid().toLowerCase() },
    { actor, centre, dryRun, file: bytes(text) },
  )
const counts = ({ rows, created, changed, unchanged, bad }: ImportReport) => ({
  rows,
  created,
  changed,
  unchanged,
  bad,
})

const LIST = `编号,地址,区划代码,姓名,出生日期,称呼,风险等级,类别,病史,语言,听力,独居,进门方式,到达说明,纬度,经度,联系人1姓名,联系人1关系,联系人1电话,联系人1持钥匙,联系人1距离(米),联系人2姓名,联系人2关系,联系人2电话,联系人2持钥匙,联系人2距离(米)
A-1,望江路18号3幢2单元501室,330106001012,甄秀梅,1944/3/5,甄老师,高风险,独居;高龄,"慢阻肺，家用制氧机;青霉素过敏",四川话,左耳较弱,是,门禁 2580#,电梯在左侧,30.21,120.17,甄建平,儿子,138 0000 0001,是,1500,刘桂芳,邻居,0571-88880000,否,20
A-2,望江路18号3幢1单元101室,330106001000,单小红,19400229,,,,,,,,,,,,甄建红,女儿,13800000003,,,,,,,
`

test('a list comes in with everything a responder must know', async () => {
  const report = await run(LIST)
  expect(report).toMatchObject({ rows: 2, created: 2, bad: 0, problems: [], encoding: 'utf-8' })
  const [home] = await store.sql(
    `select home.name, address, arrival, latitude, find_name, find_initials, find_pinyin, find_door, resident.name as who, born_on::text,
       call_name, risk, categories, medical, hearing, lives_alone, access, resident.language, code
     from home join resident on resident.home = home.id join home_area on home_area.home = home.id where external_ref = 'A-1'`,
  )
  expect(home).toEqual({
    name: '望江路18号3幢2单元501室',
    address: '望江路18号3幢2单元501室',
    arrival: '电梯在左侧',
    latitude: 30.21,
    find_name: '甄秀梅',
    find_initials: 'zxm',
    find_pinyin: 'zhenxiumei',
    find_door: '3-2-501',
    who: '甄秀梅',
    born_on: '1944-03-05',
    call_name: '甄老师',
    risk: 'high',
    categories: ['独居', '高龄'],
    medical: ['慢阻肺，家用制氧机', '青霉素过敏'],
    hearing: '左耳较弱',
    lives_alone: true,
    access: '门禁 2580#',
    language: '四川话',
    code: '330106001012',
  })
  const contacts = await store.sql(
    `select contact.name, phone, key_holder, distance_m, contact.position, channel, address from contact join way on owner = contact.id
     order by contact.name, way.position`,
  )
  expect(contacts).toMatchObject([
    // A fixed line takes no text messages.
    { name: '刘桂芳', phone: '+8657188880000', distance_m: 20, channel: 'voice', address: '+8657188880000' },
    { name: '甄建平', phone: '13800000001', key_holder: true, distance_m: 1500, channel: 'sms' },
    { name: '甄建平', channel: 'voice', address: '13800000001' },
    { name: '甄建红', channel: 'sms' },
    { name: '甄建红', channel: 'voice' },
  ])
})

test('the same list a second time changes nothing, not even a row', async () => {
  await run(LIST)
  const before = await versions()
  expect(counts(await run(LIST))).toEqual({ rows: 2, created: 0, changed: 0, unchanged: 2, bad: 0 })
  expect(await versions()).toEqual(before)
})
const versions = () =>
  store.sql(`select 'h' || id as row, xmin::text from home union all select 'r' || id, xmin::text from resident
      union all select 'c' || id, xmin::text from contact union all select 'w' || id, xmin::text from way
      union all select 'a' || home, xmin::text from home_area order by 1`)

test('a dry run says what would be and writes nothing', async () => {
  expect(await run(LIST, { dryRun: true })).toMatchObject({ dryRun: true, created: 2 })
  expect(await store.sql('select id from home')).toEqual([])
  await run(LIST)
  const edited = LIST.replace('甄老师', '甄奶奶').replace('138 0000 0001', '13900000009')
  expect(await run(edited, { dryRun: true })).toMatchObject({
    changed: 1,
    unchanged: 1,
    changes: [{ line: 2, externalRef: 'A-1', fields: ['callName', 'contact1'] }],
  })
  expect(await store.sql(`select call_name from resident where name = '甄秀梅'`)).toEqual([{ call_name: '甄老师' }])
})

test('a change reaches its own rows only; a new number is not proven by what the old one was', async () => {
  await run(LIST)
  await store.sql(`update contact set last_proven_on = now(), position = 9 where name in ('甄建平', '刘桂芳')`)
  await run(LIST.replace('甄老师', '甄奶奶').replace('138 0000 0001', '13900000009'))
  expect(
    await store.sql(`select name, phone, position, last_proven_on is null as unproven from contact order by name`),
  ).toMatchObject([
    { name: '刘桂芳', unproven: false, position: 9 },
    { name: '甄建平', phone: '13900000009', unproven: true, position: 9 },
    { name: '甄建红' },
  ])
  expect(
    await store.sql(
      `select address from way join contact on owner = contact.id where contact.name = '甄建平' order by way.position`,
    ),
  ).toEqual([{ address: '13900000009' }, { address: '13900000009' }])
})

test('what a list changed is another version, in the name of who took it in; what it left alone is the one others have read', async () => {
  await run(LIST)
  const again = LIST.replace('甄老师', '甄姨').replace('138 0000 0001', '13800000009').replace('刘桂芳', '刘桂兰')
  await run(again, { actor: supervisor('east') })
  const [home] = await store.sql(
    `select home.version, order_version, order_changed_by, resident.version as of_resident, resident.changed_by
     from home join resident on resident.home = home.id where external_ref = 'A-1'`,
  )
  expect(home).toEqual({
    version: 1,
    order_version: 2,
    order_changed_by: 'boss',
    of_resident: 2,
    changed_by: 'boss',
  })
  const contacts = await store.sql(
    `select name, version, changed_by, removed_at is not null as gone from contact order by name, gone`,
  )
  expect(contacts).toEqual([
    { name: '刘桂兰', version: 1, changed_by: null, gone: false },
    { name: '刘桂芳', version: 2, changed_by: 'boss', gone: true },
    { name: '甄建平', version: 2, changed_by: 'boss', gone: false },
    { name: '甄建红', version: 1, changed_by: null, gone: false },
  ])
})

test('another name in a contact’s columns is another person; empty ones remove; who was added by hand stays', async () => {
  await run(LIST)
  const [home] = await store.sql<{ id: string }>(`select id from home where external_ref = 'A-1'`)
  await store.sql(
    `insert into contact (id, centre, home, name, relation, phone, position) values ('by-hand', 'east', $1, 'Ms Guo', 'friend', '1', 3)`,
    [home?.id],
  )
  const edited = LIST.replace('甄建平,儿子', '甄建军,次子').replace('刘桂芳,邻居,0571-88880000,否,20', ',,,,')
  expect(await run(edited)).toMatchObject({ changed: 1, changes: [{ fields: ['contact1', 'contact2'] }] })
  expect(
    await store.sql('select name, removed_at is null as here from contact where home = $1 order by here, name', [
      home?.id,
    ]),
  ).toEqual([
    { name: '刘桂芳', here: false },
    { name: '甄建平', here: false },
    { name: 'Ms Guo', here: true },
    { name: '甄建军', here: true },
  ])
  expect(counts(await run(edited))).toMatchObject({ unchanged: 2 })
})

test('what the file has no column for stays', async () => {
  await run(LIST)
  expect(await run('external_ref,address,resident name\nA-1,New Street 1,甄秀梅\n')).toMatchObject({
    changes: [{ fields: ['address'] }],
  })
  expect(await store.sql(`select call_name, medical from resident where name = '甄秀梅'`)).toEqual([
    { call_name: '甄老师', medical: ['慢阻肺，家用制氧机', '青霉素过敏'] },
  ])
  expect(await store.sql(`select count(*)::int as count from contact where removed_at is null`)).toEqual([{ count: 3 }])
})

const HEAD =
  'external_ref,address,resident name,birth date,area code,risk,lives alone,latitude,longitude,time zone,medical,contact1_name,contact1_phone,contact1_distance_m'
const row = (cells: Partial<Record<string, string>>) =>
  HEAD.split(',')
    .map((name) => cells[name] ?? { external_ref: 'X', address: 'Street 1', 'resident name': 'Ms Zhen' }[name] ?? '')
    .join(',')

test.for([
  [{ external_ref: '' }, 'external_ref', 'missing', /must not be empty/],
  [{ external_ref: '3.30106E+11' }, 'external_ref', 'shortened', /shortened/],
  [{ address: '' }, 'address', 'missing', /empty/],
  [{ address: '=HYPERLINK("x")'.replaceAll('"', '') }, 'address', 'formula', /begins with "="/],
  [{ address: '@SUM(A1)' }, 'address', 'formula', /begins with "@"/],
  [{ address: 'x'.repeat(201) }, 'address', 'too-long', /200/],
  [{ 'resident name': '\u0007bell' }, 'resident name', 'unprintable', /printed/],
  [{ 'resident name': 'a\u0000b' }, 'resident name', 'unprintable', /printed/],
  [{ 'resident name': 'Ms \uFFFD' }, 'resident name', 'undecodable', /encoding/],
  [{ 'birth date': '1943-02-29' }, 'birth date', 'no-date', /1944-01-31/],
  [{ 'birth date': '2999-01-01' }, 'birth date', 'not-born-yet', /1900/],
  [{ 'area code': '33010600101' }, 'area code', 'no-area-code', /12 digits/],
  [{ 'area code': '330106002000' }, 'area code', 'area-unknown', /import the areas/],
  [{ 'area code': '330106001013' }, 'area code', 'area-ended', /330106001012/],
  [{ risk: 'medium' }, 'risk', 'no-choice', /high/],
  [{ 'lives alone': 'perhaps' }, 'lives alone', 'no-choice', /yes/],
  [{ latitude: '91', longitude: '0' }, 'latitude', 'no-number', /-90/],
  [{ latitude: '30' }, 'longitude', 'half-a-place', /both or none/],
  [{ 'time zone': 'Asia/Nowhere' }, 'time zone', 'no-time-zone', /Asia\/Shanghai/],
  [{ medical: 'a;'.repeat(3) + Array.from({ length: 21 }, (_, i) => `b${i}`).join(';') }, 'medical', 'too-many', /20/],
  [{ contact1_name: 'Son' }, 'contact1_phone', 'contact-incomplete', /telephone/],
  [{ contact1_name: 'Son', contact1_phone: 'unknown' }, 'contact1_phone', 'no-phone', /no telephone number/],
  // Without its area code nobody could dial it.
  [{ contact1_name: 'Son', contact1_phone: '88880000' }, 'contact1_phone', 'no-phone', /no telephone number/],
  [
    { contact1_name: 'Son', contact1_phone: '13800000001', contact1_distance_m: '1.5' },
    'contact1_distance_m',
    'no-number',
    /0/,
  ],
] as const)('%j is named by line, %s and %s, and the rows around it come in', async ([cells, column, code, why]) => {
  const text = [HEAD, row({ external_ref: 'first' }), row(cells), row({ external_ref: 'last' })].join('\n')
  const report = await run(text)
  expect(counts(report)).toEqual({ rows: 3, created: 2, changed: 0, unchanged: 0, bad: 1 })
  expect(report.problems).toEqual([{ line: 3, column, code, reason: expect.stringMatching(why) }])
})

test.for([
  ['"a,b', 'quote'],
  ['a,b', 'cells-missing'],
  [`${row({})},more`, 'cells-extra'],
  [row({ external_ref: 'first' }), 'ref-repeated'],
] as const)('a row such as %s is named, whole', async ([bad, code]) => {
  const report = await run([HEAD, row({ external_ref: 'first' }), bad, row({ external_ref: 'last' })].join('\r\n'))
  expect(report).toMatchObject({ created: 2, bad: 1, problems: [{ line: 3, code }] })
})

test('every fault of a row is said, in the language of the headings', async () => {
  const report = await run('编号,地址,姓名,出生日期\n1,,甄秀梅,昨天\n')
  expect(report).toMatchObject({ bad: 1, problemCount: 2 })
  expect(report.problems).toEqual([
    { line: 2, column: '地址', code: 'missing', reason: '必填' },
    { line: 2, column: '出生日期', code: 'no-date', reason: '不是日期（如 1944-01-31）' },
  ])
})

test('all faults are counted, ten thousand are listed', async () => {
  const lines = Array.from({ length: 10_400 }, () => ',,')
  const report = await run(`external ref,address,resident\n${lines.map(() => ',x,y').join('\n')}\n`)
  expect(report).toMatchObject({ rows: 10_400, bad: 10_400, problemCount: 10_400 })
  expect(report.problems).toHaveLength(10_000)
})

test.for([
  ['编号,地址,姓名,病史,病 史\n', /病 史.*same/],
  ['编号,地址,姓名,血型\n', /血型/],
  ['编号,地址\n', /姓名.*missing/],
  ['external ref,address,resident,contact2 name\n', /contact2_phone.*missing/],
  ['', /empty/],
] as const)('headings %j are refused whole', async ([text, why]) => {
  await expect(run(text)).rejects.toThrow(why)
  await expect(run(text)).rejects.toBeInstanceOf(DomainError)
})

test('GBK comes in as UTF-8 does', async () => {
  // 编号,地址,姓名 / G-1,杭州,王秀
  const gbk = Buffer.concat([
    Buffer.from([0xb1, 0xe0, 0xba, 0xc5, 0x2c, 0xb5, 0xd8, 0xd6, 0xb7, 0x2c, 0xd0, 0xd5, 0xc3, 0xfb, 0x0d, 0x0a]),
    Buffer.from('G-1,'),
    Buffer.from([0xba, 0xbc, 0xd6, 0xdd, 0x2c, 0xcd, 0xf5, 0xd0, 0xe3, 0x0d, 0x0a]),
  ])
  expect(await run(gbk)).toMatchObject({ created: 1, encoding: 'gb18030' })
  expect(await store.sql(`select address, find_initials from home`)).toEqual([{ address: '杭州', find_initials: 'wx' }])
})

test('one number in two centres is two households, and a person’s import reaches their own centre only', async () => {
  const text = 'external ref,address,resident\nA-1,Street 1,Ms Zhen\n'
  await run(text)
  expect(await run(text, { actor: supervisor('west'), centre: 'west' })).toMatchObject({ created: 1 })
  await expect(run(text.replace('A-1', 'A-2'), { actor: supervisor('west'), centre: 'east' })).rejects.toThrow(
    /row-level security/,
  )
  await expect(run(text, { centre: 'nowhere' })).rejects.toThrow(/no centre "nowhere"/)
  expect(await store.sql('select centre, external_ref from home order by centre')).toEqual([
    { centre: 'east', external_ref: 'A-1' },
    { centre: 'west', external_ref: 'A-1' },
  ])
})

test('two imports of one list at the same time make each household once', async () => {
  const lines = Array.from({ length: 3_000 }, (_, index) => `N-${index},Street ${index},Ms Zhen`)
  const text = `external ref,address,resident\n${lines.join('\n')}`
  const [a, b] = await Promise.all([run(text), run(text)])
  expect([a.created + b.created, a.unchanged + b.unchanged]).toEqual([3_000, 3_000])
  expect(await store.sql('select count(*)::int as count from home')).toEqual([{ count: 3_000 }])
})
