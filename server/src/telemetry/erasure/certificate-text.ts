import type { ErasedAmount, ErasureCertificate, ErasureRequester, Kept } from '@anju/contract/erasure'
import { localTimes } from '../formats/local-times.ts'

export const LANGUAGES = ['zh-CN', 'en'] as const
export type Language = (typeof LANGUAGES)[number]

interface Words {
  readonly title: string
  readonly home: string
  readonly id: string
  readonly centre: string
  readonly requestedBy: string
  readonly requesters: Readonly<Record<ErasureRequester, string>>
  readonly reason: string
  readonly by: string
  readonly askedAt: string
  readonly erasedAt: string
  readonly certifiedAt: string
  readonly what: (until: string) => string
  readonly amount: (amount: ErasedAmount) => string
  readonly bucket: (name: string, values: number) => string
  readonly stores: (names: string) => string
  readonly cameBack: string
  readonly nothingCameBack: string
  readonly lookedAgain: (times: string) => string
  readonly late: string
  readonly kept: string
  readonly keeps: Readonly<Record<Kept, (count: number | null) => string>>
  readonly storeLeft: (name: string) => string
  readonly proof: (sum: string) => string
}

const WORDS: Readonly<Record<Language, Words>> = {
  'zh-CN': {
    title: '测量数据删除证明',
    home: '家庭编号',
    id: '证明编号',
    centre: '服务中心',
    requestedBy: '提出人',
    requesters: { resident: '居住者本人', representative: '法定代理人', family: '家属', centre: '服务中心依职责' },
    reason: '原因',
    by: '经办人',
    askedAt: '受理时间',
    erasedAt: '删除时间',
    certifiedAt: '证明时间',
    what: (until) => `${until} 之前在该家庭测得的全部数据已从下列测量数据库中删除：`,
    stores: (names) => `测量数据库：${names}`,
    amount: ({ series, samples }) => `测量序列 ${series} 条，测量值 ${samples} 个`,
    bucket: (name, values) => `  ${name}：${values} 条记录`,
    cameBack: '复核时发现并已一并删除的后到数据',
    lookedAgain: (times) => `删除前已开始的汇总任务可能写回数据，故在其结束后复核，复核时间：${times}`,
    nothingCameBack: '复核时没有发现后到的数据。',
    late: '家中网关若以后再送来该时间之前的数据，将被丢弃，不再保存。',
    kept: '依法或因下列原因保留的内容：',
    keeps: {
      alarms: (count) => `报警及处置记录 ${count ?? 0} 件：为查明事故和履行法定留存义务而保留`,
      household: () => '家庭档案和设备清单：继续提供服务所需，可另行申请删除',
      audit: () => '何人查看过数据的审计记录：用于证明数据的使用情况',
      gateway: () => '家中网关内的最近数据：存于用户家中，七天后自行清除',
      backups: () => '此前的备份：按备份保存期限到期销毁，恢复备份后须再次执行本次删除',
    },
    storeLeft: (name) =>
      `${name} 中可能仍有的数据：曾与该数据库相互迁移数据，而本服务器现未接入该数据库，接入后须再次执行本次删除`,
    proof: (sum) => `以下正文的 SHA-256 为 ${sum}，并已记入审计记录：`,
  },
  en: {
    title: 'Certificate of the erasure of measurements',
    home: 'Home',
    id: 'Certificate',
    centre: 'Centre',
    requestedBy: 'Requested by',
    requesters: {
      resident: 'the resident',
      representative: 'their legal representative',
      family: 'a family member',
      centre: 'the centre, by its duty',
    },
    reason: 'Reason',
    by: 'Carried out by',
    askedAt: 'Asked at',
    erasedAt: 'Erased at',
    certifiedAt: 'Certified at',
    what: (until) => `Everything that was measured in this home before ${until} is erased from the stores below:`,
    stores: (names) => `Stores: ${names}`,
    amount: ({ series, samples }) => `${series} series, ${samples} samples`,
    bucket: (name, values) => `  ${name}: ${values} values`,
    cameBack: 'What had come back when it was checked again, and is erased as well',
    lookedAgain: (times) =>
      `What had been begun before may write back what it had read, and was waited for. Checked again at: ${times}`,
    nothingCameBack: 'Nothing had come back when it was checked again.',
    late: 'What the home’s gateway may still send from before that time is dropped and not stored.',
    kept: 'What is kept, and why:',
    keeps: {
      alarms: (count) => `${count ?? 0} alarms and how they were handled: to clear up incidents, and as the law asks`,
      household: () => 'The household and its devices: needed to go on serving it; a request of its own erases them',
      audit: () => 'The audit of who looked at the data: it proves how they were used',
      gateway: () => 'The latest data inside the gateway: it stands in the home, and forgets them after seven days',
      backups: () => 'Backups from before: they end with their own term, and whoever restores one must erase again',
    },
    storeLeft: (name) =>
      `What ${name} may still have: measurements were moved there or from there, and the server is not told of it now; whoever names it to the server again must erase again`,
    proof: (sum) => `The SHA-256 of the text below is ${sum}; it stands in the audit as well:`,
  },
}

/** For a resident or their family: the certificate in their language, in the home's time, with the text that its sum is of. */
export function certificateText(
  certificate: ErasureCertificate,
  { canonical, sha256 }: { readonly canonical: string; readonly sha256: string },
  language: Language,
  timeZone: string,
): string {
  const words = WORDS[language]
  const localOf = localTimes(timeZone)
  const at = (time: string) => readable(localOf(Date.parse(time)))
  const comma = language === 'zh-CN' ? '、' : ', '
  const colon = language === 'zh-CN' ? '：' : ': '
  const line = (name: string, value: string) => `${name}${colon}${plain(value)}`
  const amountOf = (amount: ErasedAmount) => [
    words.amount(amount),
    ...amount.buckets.map(({ name, values }) => words.bucket(name, values)),
  ]
  const { cameBack } = certificate
  const isQuiet = cameBack.buckets.every(({ values }) => values === 0)
  return [
    words.title,
    '',
    line(words.id, certificate.id),
    line(words.centre, certificate.centre),
    line(words.home, certificate.home),
    line(words.requestedBy, words.requesters[certificate.requestedBy]),
    line(words.reason, certificate.reason),
    line(words.by, certificate.by.name),
    line(words.askedAt, at(certificate.askedAt)),
    line(words.erasedAt, at(certificate.erasedAt)),
    line(words.certifiedAt, at(certificate.certifiedAt)),
    '',
    words.what(at(certificate.until)),
    words.stores(certificate.stores.join(comma)),
    ...amountOf(certificate.erased),
    words.lookedAgain(certificate.lookedAgainAt.map(at).join(comma)),
    ...(isQuiet ? [words.nothingCameBack] : [`${words.cameBack}${colon}`, ...amountOf(cameBack)]),
    words.late,
    '',
    words.kept,
    ...certificate.kept.map(({ what, count }) => `- ${words.keeps[what](count)}`),
    ...certificate.storesLeft.map((name) => `- ${words.storeLeft(name)}`),
    '',
    words.proof(sha256),
    canonical,
    '',
  ].join('\n')
}

/** What somebody typed stays on its line. */
const plain = (text: string): string => text.replaceAll(/\p{Cc}+/gu, ' ')

/** `2026-03-01 16:00:00 +08:00`. */
const readable = (local: string): string => `${local.slice(0, 19).replace('T', ' ')} ${local.slice(23)}`
